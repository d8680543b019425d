package postern.mailbox;

/// Where the text of a message lies: only the store that gave it can read it. The same text in several
/// mailboxes is kept once.
///
/// @param id of the text, never given to another: EMAILID of RFC 8474 comes from it
/// @param size bytes of the text, as delivered
public record TextRef(long id, long size) {}
