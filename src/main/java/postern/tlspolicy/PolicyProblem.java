package postern.tlspolicy;

/// There is a policy for a next hop, but it cannot be used: mail waits until it is mended. The message is fit
/// for a log line.
public final class PolicyProblem extends Exception {
    private static final long serialVersionUID = 1;

    PolicyProblem(String message) {
        super(message, null, false, false);
    }

    /// The message.
    public String reason() {
        String message = getMessage();
        return message == null ? "" : message;
    }
}
