/// # bench - how fast, beside real peers
///
/// `./dev bench relay` drives mail through Postfix and through our public server, in turns, from one load
/// generator into one sink, and prints what each relayed, what it cost, and that every message arrived once
/// and unaltered. Generator and sink live in this one process, each on one thread with a selector: what they
/// take from the machine is measured and printed too.
///
/// | who | what |
/// |---|---|
/// | [postern.bench.RelayBench] | the command: which servers, sizes, connections, how often |
/// | [postern.bench.LoadGenerator], `SendingConnection`, `Replies`, `Letter` | send |
/// | [postern.bench.CountingSink], `SinkConnection`, `Dots`, `Arrival` | receive and check |
/// | [postern.bench.Ledger] | when each message was sent, accepted, and arrived |
/// | `SelfCheck` | turns a bit and sends twice, to see that it is noticed |
/// | `Round`, `Figures` | one run of one server; the row of the table |
/// | `Peer`, `PostfixPeer`, `PosternPeer` | the servers, started in a directory of their own |
/// | [postern.bench.ThroughBench] | the same for mail that is handed over before it is accepted |
/// | `ThroughOptions`, `HandoverFigures`, `Aims` | its command line, its table, what it is held against |
/// | `HarakaPeer`, `Behind`, `LargeMessages` | Haraka from npm; the next hop; 100 MB messages and the memory they take
/// |
/// | [postern.bench.DeliverBench], `DeliverRound`, `DeliverFigures`, `DeliverOptions` | mail into mailboxes, each
/// message read back |
/// | [postern.bench.MailboxesBench], `MailboxesFill` | memory with 100,000 messages |
/// | [postern.bench.Pop3Bench], `Pop3Reader` | a mailbox downloaded |
/// | `MailHost`, `PrivatePeer`, `DovecotPeer`, `PostfixDovecotPeer`, `MailHosts` | servers with mailboxes |
/// | [postern.bench.QueueBench] | the queue alone: commits a second, start with a million deferred |
/// | `Processes`, `Disk`, `Allocations` | what the machine says, and the server's JVM |
@NullMarked
package postern.bench;

import org.jspecify.annotations.NullMarked;
