/// # rewrite - where an address leads
///
/// `Routes` answers Postfix's trivial-rewrite question: of what class is this recipient, by which transport
/// and next hop does it go ([postern.rewrite.Resolved]), and is it known there. `Canonical` and
/// `VirtualAlias` rewrite and expand addresses, `StandardForm` completes them. The tests hold all of it against
/// what a real Postfix answered (`src/test/resources/postern/rewrite/*.golden`).
///
/// State: none; the tables behind it have theirs. Threads: may be asked from any, and may block on tables.
///
/// Sources: ADDRESS_CLASS_README, ADDRESS_REWRITING_README, transport(5), canonical(5), virtual(5).
@NullMarked
package postern.rewrite;

import org.jspecify.annotations.NullMarked;
