/// # mailbox.sql - the mailbox store that keeps its rows in a database
///
/// [postern.mailbox.sql.SqliteStore] keeps mailboxes, messages, flags and the places of texts in SQLite (WAL,
/// synchronous = FULL), and texts in segments ([postern.mailbox.body]). One directory: `store.db` and its log
/// `store.db-wal`, `texts/`, `id` (for backups: [postern.mailbox.sql.Snapshot]), `lock`, which keeps a second process
/// out, and `state`, which says whether the log counts ([postern.mailbox.sql.StoreState]).
///
/// A text of up to 16 KB is committed with its rows, in the table `fresh_texts`, and brought into a segment later
/// ([postern.mailbox.sql.Settler]): one force. A longer one, and what is imported, passes two platform threads in
/// a row: the first forces the texts of all deliveries that wait; the second ([postern.mailbox.sql.Committer])
/// commits the rows of all that the first has done, and all other changes that wait, in one transaction. Whoever
/// waits, on a virtual thread, is told after the commit. Readers are platform threads with a connection of their
/// own ([postern.mailbox.sql.Readers]), since a call into SQLite holds its thread. Whoever watches a mailbox is
/// told on a thread of its own.
///
/// All SQL is plain: [postern.mailbox.sql.SqliteDatabase] is the only class that knows SQLite. The schema is
/// `1.sql` and what comes after it ([postern.mailbox.sql.Schema]).
///
/// After an error of the disk, or in a damaged database, nothing is changed any more until the store is opened
/// again; what can be read is.
///
/// A fourth kind of thread ([postern.mailbox.sql.Sweeper]) empties segments that are mostly waste.
///
/// State: the database and the segments on disk; in memory, who watches which mailbox. Nothing there grows with
/// the mail that is stored. At start nothing is repaired: a transaction is there or not, a text that no row
/// names is waste. A store whose log is gone does not open; one of which nothing says how it was closed goes on with
/// UIDs far behind ([postern.mailbox.sql.Returned]).
///
/// RFCs: 9051 §2.3 (UIDs, UIDVALIDITY, flags), §6.3.6 (RENAME), 7162 §3.1 (MODSEQ).
@NullMarked
package postern.mailbox.sql;

import org.jspecify.annotations.NullMarked;
