package postern.smtp.client;

import java.time.Instant;

/// How long a dialog has lasted, and how much it has carried.
final class Usage {
    private final Instant opened;
    private int messages;
    private boolean rested;

    Usage(Instant opened) {
        this.opened = opened;
    }

    Instant opened() {
        return opened;
    }

    int messages() {
        return messages;
    }

    void begin() {
        messages++;
    }

    /// Whether it has waited so long since its last message that the server may have gone.
    boolean hasRested() {
        return rested;
    }

    void rested(boolean value) {
        rested = value;
    }
}
