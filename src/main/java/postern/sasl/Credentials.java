package postern.sasl;

/// A login elsewhere: `user:password` in `smtp_sasl_password_maps`.
public record Credentials(String login, String password) {
    /// Without a colon the password is empty, as Postfix has it.
    static Credentials parse(String entry) {
        int colon = entry.indexOf(':');
        return colon < 0
                ? new Credentials(entry, "")
                : new Credentials(entry.substring(0, colon), entry.substring(colon + 1));
    }

    /// Never the password: it must not get into a log.
    @Override
    public String toString() {
        return login;
    }
}
