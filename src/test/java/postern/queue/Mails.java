package postern.queue;

import java.time.Instant;
import java.util.List;
import java.util.Random;
import java.util.Set;
import org.jspecify.annotations.Nullable;
import postern.address.Address;
import postern.address.Path;
import postern.smtp.HandoverId;
import postern.smtp.Params;
import postern.smtp.Peer;
import postern.smtp.Recipient;
import postern.smtp.extension.Dsn;
import postern.smtp.extension.Size;
import postern.smtp.extension.XHandover;

/// Messages for the queue's tests.
final class Mails {
    private static final Peer PEER = new Peer(
            "192.0.2.7", 40123, "mx.example.net", "mx.example.net", "mx.example.net", "ESMTPS", "TLSv1.3", "", "");

    private Mails() {}

    /// A message for three recipients.
    static Mail mail(QueueId id, Instant arrival, long size) {
        return mail(id, null, arrival, size);
    }

    /// The same, under a hand-over id.
    static Mail mail(QueueId id, @Nullable HandoverId handover, Instant arrival, long size) {
        Params params = Params.NONE.with(Size.SIZE, size).with(Dsn.ENVID, "e+1");
        Recipient second = new Recipient(
                new Address("bob", "example.org"),
                new Address("robert", "example.org"),
                Params.NONE.with(Dsn.NOTIFY, Set.of(Dsn.Notify.FAILURE)));
        return new Mail(
                id,
                Path.of(new Address("alice", "example.net")),
                handover == null ? params : params.with(XHandover.ID, handover),
                PEER,
                arrival,
                List.of(
                        new Recipient(new Address("ann", "example.org"), Params.NONE),
                        second,
                        new Recipient(new Address("carl", "example.com"), Params.NONE)),
                size,
                "<" + id + "@example.net>",
                false,
                false,
                "",
                false);
    }

    /// Bytes that are always the same for the same seed.
    static byte[] text(long seed, int size) {
        byte[] text = new byte[size];
        new Random(seed).nextBytes(text);
        return text;
    }
}
