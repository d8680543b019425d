/// # mailbox.backup - copies of all mailboxes, and their return
///
/// [postern.mailbox.backup.Backup] copies a store that is in use into a directory: the rows of one moment, then the
/// segments they name ([postern.mailbox.sql.Snapshot]), and files that go along, such as the configuration. A
/// segment that is full is copied once and for all; one that is still written to is copied anew each time.
/// [postern.mailbox.backup.Inventory] lists the files with their checksums; it is replaced whole when
/// all of them are forced, and nothing that it names is ever written over. So a backup that is cut leaves the one
/// before as it was. [postern.mailbox.backup.Restore] proves the checksums before it touches anything.
///
/// The directory: `INVENTORY`, `store.N.db`, `texts/`, `files.N/`, and `lock`; `UNFINISHED` while one is being made.
///
/// State: the directory, one process at a time. Threads: that of the caller, which is a platform thread: the
/// database holds it while it is copied.
///
/// RFCs: 9051 §2.3.1.1 (UIDs stay unique after a restore: [postern.mailbox.sql.Returned]).
@NullMarked
package postern.mailbox.backup;

import org.jspecify.annotations.NullMarked;
