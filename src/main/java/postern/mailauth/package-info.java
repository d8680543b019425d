/// # mailauth - who a message is from, said so that others can check it
///
/// DKIM so far. [postern.mailauth.DkimSigner] makes the fields for one message out of its
/// text, [postern.mailauth.SigningTables] knows which keys sign for whom: it reads what opendkim and rspamd
/// read. [postern.mailauth.Canonicalization] and [postern.mailauth.BodyHash] are what signing and verifying
/// have in common. [postern.mailauth.DkimKeys] makes keys and the records that publish them.
/// [postern.mailauth.DkimVerifier] checks the signatures of a message that is held whole.
///
/// State: the tables as last read. Threads: none of its own; everything is a value or confined to one message,
/// but for [postern.mailauth.SigningTables], which many may ask.
///
/// RFCs: 6376 (DKIM), 8301 (SHA-256 only, RSA keys of 1024 bits and more), 8463 (Ed25519).
@NullMarked
package postern.mailauth;

import org.jspecify.annotations.NullMarked;
