/// # handover - the next hop's answer before ours
///
/// `postern_handover = through`: nothing is taken that has not been taken behind us.
/// [postern.handover.PassThrough] is the outlet of `cleanup` that asks the next hop at RCPT, streams the
/// text to it, and answers the end of data with its answer. One message is a `Passage`; its part for one
/// next hop a `Leg`; the connections to a next hop, bounded and shared by all messages, are a `Hop` with
/// its `Line`s. [postern.handover.Way] is where a recipient goes; the role class finds it out. `Answers`
/// turns what a next hop says into what our client may hear.
///
/// A slow client never holds a next hop: while it is waited for, the line of its message may be taken by
/// another (its recipients are asked again when it goes on), and of the text 64 KB lie in memory before a
/// line is needed.
///
/// Mail for next hops of ours goes to one of them at a time. Other mail may go to many (`Legs`, each step side
/// by side). At the end each recipient's `Copy` has an answer of its own: over LMTP, with PRDR or XHANDOVER those
/// of one leg may differ too. A client with PRDR hears one for each RCPT (`Copies`), others one (`Settlement`):
/// where some took it and others may later, who has it is forced to [postern.queue.Ledger] before the client
/// hears 451. When it comes again, known by its `Imprint` (reverse path and bytes as the client sent them), who
/// has it is left out: the text is at its end before that can be known, so their copy is cut before its final
/// dot. Recipients who have different messages of that sender's have legs of their own, so that a leg is never
/// left out in part. Who refused for good what others took comes in a notice ([postern.handover.Notices]) that
/// is handed over before the client hears 250; of a stranger's mail only the log tells.
///
/// A next hop of ours that takes ids (XHANDOVER, docs/xhandover.md) gets one with each transaction. When its reply to
/// the end of data is lost, the ledger has who was in doubt, and under which id, before the client hears 451; the
/// repeat (`Repeat`) asks what became of it before its text ends.
///
/// State: a passage belongs to its session's thread; a hop's lines are guarded by the hop.
/// Threads: none of its own, but one for each leg of a message to several next hops while a step lasts.
///
/// RFCs: 5321 §4.5.3.2 (time limits), §4.2.5 (who is responsible), 2033 §4.2 (an answer for each), 3030 (BDAT), 1047
/// (lost answers), 3464
/// (notices).
@NullMarked
package postern.handover;

import org.jspecify.annotations.NullMarked;
