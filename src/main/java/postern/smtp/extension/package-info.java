/// # smtp.extension - one file per SMTP extension
///
/// Keyword, EHLO line, parameters of MAIL and RCPT with their codecs. `Extensions` is the list of what
/// exists.
///
/// State: none.
///
/// RFCs: 1870, 2034, 2920, 3030, 3207, 3461, 4954, 6152, 6531, 9422. Draft: hall-prdr-00 (PRDR). Private: XHANDOVER
/// (docs/xhandover.md).
@NullMarked
package postern.smtp.extension;

import org.jspecify.annotations.NullMarked;
