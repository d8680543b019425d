package postern.dms.setup;

/// A command that is not carried out: the message says why, the exit code is 1. Nothing has changed.
final class Refusal extends RuntimeException {
    private static final long serialVersionUID = 1;
    private final boolean showsUsage;

    private Refusal(String message, boolean showsUsage) {
        super(message);
        this.showsUsage = showsUsage;
    }

    static Refusal of(String message) {
        return new Refusal(message, false);
    }

    /// What was given does not fit the command: its usage is shown first.
    static Refusal withUsage(String message) {
        return new Refusal(message, true);
    }

    boolean showsUsage() {
        return showsUsage;
    }
}
