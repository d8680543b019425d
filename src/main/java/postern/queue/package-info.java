/// # queue - mail that waits
///
/// Below, [postern.queue.Queue] keeps messages ([postern.queue.Mail]) durably: `LogQueue` is one log with
/// group commit. Above, [postern.queue.Scheduler] decides what is delivered when, over
/// [postern.queue.DeliveryAgent]s that it owns the interface of and never knows by name;
/// [postern.queue.Bounce] writes notices.
///
/// The words are Postfix's (qmgr(8), SCHEDULER_README): a [postern.queue.Transport] is an agent with limits, a
/// `Destination` a next hop with its window, a `Job` a message as far as it goes by one transport, an `Entry`
/// the recipients of one delivery.
///
/// State: the log's index belongs to `LogQueue`; active messages, jobs, entries and windows to `ActiveQueue`,
/// under its lock, which nobody holds while waiting for anything.
/// Threads: one flusher platform thread per log; one virtual thread that takes waiting mail when it is due;
/// one virtual thread per delivery. The thread of a message's last delivery writes its notices.
///
/// RFCs: 5321 §4.5.4 (retry), 3464 (DSN), 6533 (in UTF-8), 6522 (multipart/report), 3461 §5 and §6 (when to
/// notify), 3463.
@NullMarked
package postern.queue;

import org.jspecify.annotations.NullMarked;
