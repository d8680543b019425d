/// # cleanup - between session and queue
///
/// What Postfix's cleanup(8) does with a message on its way in: the Received field in front, missing fields
/// for our own clients, `header_checks` and its kin down to attached messages ([postern.cleanup.Inspection]),
/// loop detection, canonical addresses in envelope and header, virtual aliases, blind copies; then into the
/// queue. It stands behind the seam `Intake`, so the session does not know it.
///
/// State: one [postern.cleanup.CleanupState] per message, confined to its session's thread.
///
/// RFCs: 5321 §4.4 and §6.3 (trace, loops), 5322 §3.6, 2046. Sources: cleanup(8), header_checks(5).
@NullMarked
package postern.cleanup;

import org.jspecify.annotations.NullMarked;
