package postern.handover;

import java.nio.ByteBuffer;
import java.util.List;
import postern.queue.Mail;
import postern.queue.Report;
import postern.smtp.Peer;

/// Tells senders of recipients whose next hops refused what others had taken.
public interface Notices {
    /// Whether a client is one of ours, so that the sender address it gives may be believed.
    boolean knows(Peer client);

    /// @param header of the message, at the start of the bytes
    /// @return whether nothing more is owed: the sender's own server has the notice, or nobody wants one
    boolean refused(Mail mail, List<Report> reports, ByteBuffer header);

    /// Tells of recipients whose mail went on to a next hop that sends no notices itself, or to those whom they
    /// stand for. Best effort: they have it.
    ///
    /// @param header of the message, at the start of the bytes; empty when it is no longer at hand
    default void relayed(Mail mail, List<Report> reports, ByteBuffer header) {}
}
