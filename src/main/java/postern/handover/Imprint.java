package postern.handover;

import java.nio.ByteBuffer;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.function.BooleanSupplier;
import org.jspecify.annotations.Nullable;
import postern.address.Path;
import postern.queue.Ledger;
import postern.smtp.Recipient;

/// What a message will be known by when its client comes again: its reverse path, and the bytes as the client
/// sent them. Confined to the session's thread.
final class Imprint {
    private final Ledger ledger;
    private final Path sender;
    private @Nullable MessageDigest digest;
    private long message;
    private @Nullable Boolean whole;
    private boolean ended;

    Imprint(Ledger ledger, Path sender) {
        this.ledger = ledger;
        this.sender = sender;
    }

    /// The next bytes.
    ///
    /// @param wanted asked at the first: whether the message may have to be known
    void update(ByteBuffer received, BooleanSupplier wanted) {
        if (whole == null) {
            whole = wanted.getAsBoolean();
        }
        if (whole) {
            digest().update(received);
        }
    }

    /// Whether all bytes have been seen.
    boolean isWhole() {
        return whole == null || whole;
    }

    private MessageDigest digest() {
        MessageDigest present = digest;
        if (present == null) {
            try {
                present = MessageDigest.getInstance("SHA-256");
            } catch (NoSuchAlgorithmException e) {
                throw new IllegalStateException(e);
            }
            digest = present;
        }
        return present;
    }

    /// What recipients have in common who have the same of this sender's messages that came only through in
    /// part: they go together, so that a whole leg has the message already or nobody of it. 0 for those who
    /// have none.
    long group(Recipient recipient) {
        return ledger.isEmpty() ? 0 : ledger.group(ledger.who(sender, recipient.address()));
    }

    /// No more bytes come.
    void end() {
        if (!ended) {
            message = ledger.what(sender, digest().digest());
            ended = true;
        }
    }

    /// What a copy is in the ledger. All bytes have been seen.
    Ledger.Copy of(Copy copy) {
        end();
        return new Ledger.Copy(ledger.who(sender, copy.recipient().address()), message);
    }
}
