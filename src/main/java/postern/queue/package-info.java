/// # queue - mail that waits
///
/// Below, [postern.queue.Queue] keeps messages ([postern.queue.Mail]) durably: `LogQueue` is one log with
/// group commit. Above, [postern.queue.Scheduler] decides what is delivered when, over
/// [postern.queue.DeliveryAgent]s that it owns the interface of and never knows by name;
/// [postern.queue.Bounce] writes notices.
///
/// The words are Postfix's (qmgr(8), SCHEDULER_README): a [postern.queue.Transport] is an agent with limits,
/// a `Destination` a next hop with its window, a `Job` a message as far as it goes by one transport, an
/// `Entry` the recipients of one delivery.
///
/// State: the log's index belongs to `LogQueue`; active messages, jobs, entries and windows to `ActiveQueue`,
/// under its lock, which nobody holds while waiting for anything.
/// Threads: one flusher platform thread per log, and the given pool for emptying segments; one virtual thread
/// that takes waiting mail when it is due; one virtual thread per delivery. The thread of a message's last
/// delivery writes its notices.
///
/// RFCs: 5321 §4.5.4 (retry), 3464 (DSN), 6533 (in UTF-8), 6522 (multipart/report), 3461 §5 and §6 (when to
/// notify), 3463.
///
/// ## The log
///
/// A directory of segments (`Segment`): a header with the format's version, records (`LogRecord`), and in a
/// closed one a footer with a `Row` for each record that is not a body. Records are BODY (a piece of a text,
/// appended as it arrives), MAIL (the message exists from here), LATER and HOLD (all that became of it since;
/// the last one counts), DONE (it is gone). Beside the segments lie `reserve` (4 MB for when the disk is
/// full), `lock` (one process at a time), and for a while up to four files of emptied segments that the next
/// ones are written over (`Spares`).
///
/// - Appending: `Arrival` and `LogQueue` put records into the batch that fills (`LogTail`, `Batch`);
///   `Flusher` writes it, forces once and answers. Who commits waits for that; LATER, HOLD and DONE ride
///   along and are forced after a second at the latest.
/// - Knowing: `Catalog` has the active messages as objects and the rest in `WaitingIndex`, less than
///   32 bytes each. Everything else is read from the log when wanted (`LogReader`, `LogBody`).
/// - Emptying: `CompactionPlan` chooses segments, `Forward` copies what lives in them, `Compaction` unlinks.
/// - Starting: `Recovery` reads footers and scans what was not closed.
///
/// One lock guards tail, catalog and segments; it is never held over I/O. The flusher alone writes to the
/// open segment, the emptying thread alone to a segment of survivors.
///
/// ### The order of segments
///
/// A segment's name is its place in the log's order: new records go to `(n, 0)`, survivors that are copied
/// forward while `(n, 0)` is open to `(n - 1, 1)`, `(n - 1, 2)` …. So a record that moves comes behind all
/// that was closed and before all that is new, and at start "the last record counts" needs no other clock.
/// Three rules follow:
///
/// - A DONE record is needed as long as a segment exists that holds the message's MAIL record; it names it.
///   When an older copy stays behind in another segment, that one gets a DONE record of its own.
/// - Segments are unlinked in the log's order, each lasting before the next. One that holds older copies of
///   messages (after a crash, or a failed unlink) goes before anything else does.
/// - A message moves as a whole: a MAIL record never lies before its pieces.
///
/// ### When a segment is emptied
///
/// The house rule is "when less than half of it lives, or ten minutes after it closed". A million messages
/// that wait for days must not be copied every ten minutes, so the second half holds once for each message:
/// ten minutes after a segment of new records closed, what is left of it moves to a segment of survivors if
/// anything in it is dead; a segment of survivors is emptied only when less than half lives. What was
/// delivered on the first tries is off the disk twenty minutes after it came; what waited longer, at the
/// latest when half of its neighbours are gone too, so at the latest after `maximal_queue_lifetime`.
///
/// ### When the disk fails
///
/// A failed write or force is final for its segment. Whoever waits is refused (451 4.3.0, or 452 4.3.1 when
/// the disk is full), what rode along is appended to a new segment, and after a failed force what had been
/// answered before is read back and copied forward. A full disk takes the reserve for that; new messages are
/// refused until it is back. The disk is tried again after a second, and more and more rarely while it goes on
/// failing, at least every half minute (`Failures`); meanwhile new mail is refused at once. What cannot be
/// written to a new segment at all leaves no file behind (`Salvage`). Who brings mail never waits for a disk
/// that fails; who has delivered mail does, once the buffers are full of what has become of it: nothing more
/// should be delivered then.
///
/// ### Versions
///
/// A later minor version may add kinds of records, tags in records, or use the header's free bytes: this one
/// keeps records it does not know as long as their message lives, passes over tags it does not know, and
/// copies envelopes as bytes. What it writes itself, an earlier one reads in the same way. A segment of a
/// later major version is refused at start, untouched.
///
/// ## Hand-over ids
///
/// A message that came under an id (docs/xhandover.md) has it among the MAIL parameters of its MAIL record: both
/// last with the same force, or neither. `Handovers` knows in memory what is under way and what is taken; the
/// flusher tells it, in the round that made the record last. From there ids go to the files `taken-N`
/// (`TakenIds`, `TakenFile`), many at once: before a segment is emptied, when 8192 wait, and at a stop. Each
/// time they say which segments they cover. At start the rest is read from MAIL records that a row marks as
/// holding an id; a DONE record that says "refused" takes one back. A file holds an eighth of
/// `postern_handover_lifetime`, or of 1,000,000 ids, and goes as a whole.
///
/// ## The ledger
///
/// [postern.queue.Ledger] lies in the directory `handover` below that of the log. `copies`, who has what, has a
/// header and records of 28 bytes (who, what, when, CRC-32C); `doubts`, who may have what, records of 52 bytes
/// (who, what, when, hand-over id, where, CRC-32C), of which the last about a copy counts, and one with id 0 ends
/// the doubt; `key` is the key of the hashes that who, what and where are, its owner's alone. Each file is a
/// `Book`. Records are only appended; whoever finds nobody writing writes and forces all that wait. At
/// start, when half of it has expired, or when it has grown, a new file is written and takes the name of the
/// old one. Where a record is not sound the file ends. After a failed write or force nothing more is appended:
/// the next entry writes a new file from memory.
@NullMarked
package postern.queue;

import org.jspecify.annotations.NullMarked;
