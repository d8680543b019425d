/// # lookup - Postfix's tables
///
/// A [postern.lookup.Table] answers a key with a [postern.lookup.Lookup]: found, not found, or a temporary
/// failure, which is never the same as not found. `TableTypes` is the list of types; each type is one file.
/// `hash:` and its kin are read from the text source: there is no `postmap`.
///
/// State: each table owns its compiled contents, replaced whole when its file changes. Threads: tables may be
/// asked from any.
///
/// Sources: DATABASE_README, access(5), canonical(5), transport(5), cidr_table(5), regexp_table(5),
/// pcre_table(5), socketmap_table(5).
@NullMarked
package postern.lookup;

import org.jspecify.annotations.NullMarked;
