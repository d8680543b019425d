package postern.mailbox;

/// A mailbox as it was at one moment.
///
/// @param id never given to another mailbox; survives a new name
/// @param next the UID that the next message will have at least
/// @param highest the ModSeq of the last change
/// @param messages how many there are
/// @param bytes how much text they have
/// @param specialUse `\Junk` and its kin (RFC 6154), or empty
public record Mailbox(
        long id,
        AccountName owner,
        MailboxName name,
        UidValidity validity,
        Uid next,
        ModSeq highest,
        long messages,
        long bytes,
        String specialUse,
        boolean subscribed) {}
