package postern.mailbox.transfer;

import java.io.IOException;
import java.io.InputStream;
import java.util.List;
import org.jspecify.annotations.Nullable;
import postern.mailbox.MailboxName;
import postern.mailbox.UidValidity;

/// A mailbox elsewhere.
public interface ForeignMailbox {
    /// What is in a mailbox.
    ///
    /// @param validity null when it has none
    /// @param next above all UIDs that have been given there, those of messages long gone included; 1 when there
    ///     are none
    /// @param messages each key once; those with a UID first, by UID, each UID once
    record Index(@Nullable UidValidity validity, long next, List<ForeignMessage> messages) {}

    /// Takes texts, one after the other.
    interface Reader {
        /// @param text as a client sees it, with CR LF at the ends of lines; read to its end on return, unless it
        ///     could not be
        /// @throws IOException when it cannot be kept: the import ends
        void text(ForeignMessage message, InputStream text) throws IOException;

        /// It is there and cannot be read.
        void unreadable(ForeignMessage message, String why);

        /// It is not there any more.
        void gone(ForeignMessage message);
    }

    MailboxName name();

    /// `\Junk` and its kin, or empty.
    String specialUse();

    /// What is in it now. What cannot be taken as it stands is reported.
    ///
    /// @throws IOException when nothing can be said of it
    Index index(Report report) throws IOException;

    /// Reads the texts of some messages, in their order.
    ///
    /// @throws IOException when no more can be read here, or the reader threw it
    void read(List<ForeignMessage> messages, Reader reader) throws IOException;
}
