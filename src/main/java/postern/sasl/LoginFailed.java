package postern.sasl;

/// A client cannot log in. The message is fit for a log line and holds no secret.
public final class LoginFailed extends Exception {
    private static final long serialVersionUID = 1;

    public LoginFailed(String message) {
        super(message, null, false, false);
    }

    /// The message.
    public String reason() {
        String message = getMessage();
        return message == null ? "" : message;
    }
}
