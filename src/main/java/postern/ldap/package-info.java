/// # ldap - what a directory knows: addresses, accounts, passwords
///
/// [postern.ldap.LdapTable] is Postfix's table type `ldap:` (ldap_table(5)): a file says where the directory is
/// and what to ask it. [postern.ldap.LdapLogins] finds who logs in and checks passwords, as Dovecot does with
/// `dovecot-ldap.conf.ext`. Both ask a [postern.ldap.Directory], the one class with sockets: those of the
/// UnboundID SDK, which only the private server has.
///
/// A directory that cannot be asked is a temporary failure: never "no such user", never "wrong password". After
/// a failure nobody waits for it again for a second.
///
/// What a user sent is put into filters and names as data: `*`, `(`, `)`, `\`, NUL and the signs of a
/// distinguished name are escaped.
///
/// State: each directory owns its connections, at most [postern.ldap.Directory#MOST_CONNECTIONS], and what it
/// answered in the last seconds. Threads: none of its own; a question is asked on the thread that has it, with
/// a deadline for connecting and for each answer.
///
/// RFCs: 4511 (LDAP), 4513 (binds, StartTLS), 4514 (names), 4515 (filters), 4516 (URLs), 4526 (`(&)`, `(|)`).
@NullMarked
package postern.ldap;

import org.jspecify.annotations.NullMarked;
