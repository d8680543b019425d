package postern.pop3.server;

import org.jspecify.annotations.Nullable;
import postern.mailbox.AccountName;
import postern.net.Connection;
import postern.sasl.Login;

/// What the log tells of a session, in Dovecot's words: fail2ban, pflogsumm's kin and people read that.
final class SessionLog {
    private static final String LOGIN = "pop3-login";
    private static final int LONGEST_NAME = 255;

    private final Pop3Server server;
    private final Connection connection;
    private final long begun;
    private @Nullable AccountName account;
    private String user = "";
    private String by = "";
    private String method = "";
    private int attempts;

    SessionLog(Pop3Server server, Connection connection) {
        this.server = server;
        this.connection = connection;
        this.begun = server.clock().millis();
    }

    /// Somebody tries to log in as this.
    void user(String name) {
        user = shown(name);
    }

    /// A name as it may stand between `<` and `>`: who reads `rip=` behind them shall not read a client's words.
    private static String shown(String name) {
        String text = name.length() > LONGEST_NAME ? name.substring(0, LONGEST_NAME) : name;
        return text.replaceAll("[<>\\p{Cntrl}\u0080-\u009f]", "?");
    }

    void loggedIn(AccountName as, Login login, String mechanism) {
        account = as;
        user = login.name();
        by = login.by();
        method = mechanism;
        info(LOGIN, "Login: " + client());
    }

    /// @param reason for the log only
    void loginFailed(String mechanism, String reason) {
        attempts++;
        method = mechanism;
        warning("auth failed: " + reason + ": " + client());
    }

    /// The session has ended before a login.
    void disconnected(String why) {
        long seconds = (server.clock().millis() - begun) / 1000;
        String tried = attempts == 0 ? "no auth attempts" : "auth failed, " + attempts + " attempts";
        info(LOGIN, "Disconnected: " + why + " (" + tried + " in " + seconds + " secs): " + client());
    }

    /// The session has ended behind a login.
    void disconnected(String why, Maildrop drop, Served served) {
        info(service(), "Disconnected: " + why + " " + served.of(drop));
    }

    void warning(String text) {
        server.log().warning(service(), text);
    }

    /// A fault of ours.
    void fault(RuntimeException fault) {
        StackTraceElement[] stack = fault.getStackTrace();
        warning(fault + (stack.length == 0 ? "" : " at " + stack[0]) + ": " + client());
    }

    private void info(String service, String text) {
        server.log().info(service, text);
    }

    private String service() {
        return account == null ? LOGIN : "pop3(" + account + ")";
    }

    /// `user=<you@example.com>, method=PLAIN, rip=192.0.2.1, lip=192.0.2.2, TLS`
    private String client() {
        return "user=<" + user + ">" + (by.isEmpty() ? "" : ", " + by) + (method.isEmpty() ? "" : ", method=" + method)
                + ", rip=" + connection.peer().text() + ", lip="
                + connection.local().text()
                + (connection.tls() == null ? "" : ", TLS");
    }
}
