/// # address - who mail is from and for
///
/// Values only: [postern.address.Domain], [postern.address.Address], [postern.address.Path]. They are parsed
/// once, at the edge (`smtp.SmtpParser`, table files, configuration), and never again taken apart as text.
///
/// State: none. Threads: all values are immutable.
///
/// RFCs: 5321 §4.1.2 (grammar), 5321 §2.4 (case), 6531 §3.3 (UTF-8).
@NullMarked
package postern.address;

import org.jspecify.annotations.NullMarked;
