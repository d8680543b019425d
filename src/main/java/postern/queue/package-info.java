/// # queue - mail that waits
///
/// Below, [postern.queue.Queue] keeps messages ([postern.queue.Mail]) durably: `LogQueue` is one log with
/// group commit. Above, `Scheduler` decides what is delivered when, over [postern.queue.DeliveryAgent]s that
/// it owns the interface of and never knows by name; `Bounce` writes notices.
///
/// State: the log's index belongs to `LogQueue`, active messages (jobs, entries, windows) to `Scheduler`.
/// Threads: one flusher platform thread per log; one virtual thread per delivery.
///
/// RFCs: 5321 §4.5.4 (retry), 3464 (DSN), 3461 §5 and §6 (when to notify), 3463.
@NullMarked
package postern.queue;

import org.jspecify.annotations.NullMarked;
