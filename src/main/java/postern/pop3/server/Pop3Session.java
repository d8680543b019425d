package postern.pop3.server;

import java.io.EOFException;
import java.io.IOException;
import java.net.InetAddress;
import java.time.Duration;
import java.util.List;
import org.jspecify.annotations.Nullable;
import postern.mailbox.AccountName;
import postern.net.Connection;
import postern.net.TlsSettings;
import postern.sasl.Authenticator;
import postern.sasl.Login;
import postern.wire.LineReader;

/// One session: reads a line, parses it into a [Command], runs it, writes the one response it returned. Only
/// the loop in [#converse()] writes final responses, counts bad commands and ends the session. Confined to its
/// thread.
final class Pop3Session {
    /// Bytes of a command line once logged in (RFC 2449 §4 asks for 255).
    private static final int LONGEST_LINE = 1024;

    /// A change of protocol behind a response. Returns whether the session goes on.
    @FunctionalInterface
    interface Upgrade {
        boolean run() throws IOException;
    }

    private final Pop3Server server;
    private final Connection connection;
    private final Chat chat;
    private final SessionLog log;
    private final Served served = new Served();
    private final long loginBy;
    private String user = "";
    private int bad;
    private @Nullable Maildrop maildrop;
    private @Nullable Upgrade upgrade;

    Pop3Session(Pop3Server server, Connection connection) {
        this.server = server;
        this.connection = connection;
        this.chat = new Chat(connection, server.conf(Pop3Server.TIMEOUT));
        this.log = new SessionLog(server, connection);
        this.loginBy =
                server.clock().millis() + server.conf(Pop3Server.LOGIN_TIMEOUT).toMillis();
    }

    void run() {
        String why = "Internal error";
        try {
            why = converse();
        } catch (MessageText.Unreadable e) {
            log.warning("a message cannot be read to its end: " + e.getMessage());
            why = "Message can't be read";
        } catch (IOException e) {
            why = lost();
        } catch (RuntimeException e) {
            log.fault(e);
            farewell("-ERR [SYS/TEMP] Internal error.");
        } finally {
            leave(why);
        }
    }

    /// Instead of a session, where its network has too many.
    void turnAway() {
        if (!server.conf(Pop3Server.TLS_WRAPPERMODE)) {
            farewell("-ERR [SYS/TEMP] Too many sessions from your network.");
        }
        leave("Too many sessions");
    }

    private void leave(String why) {
        chat.release();
        Maildrop drop = maildrop;
        if (drop == null) {
            log.disconnected(why);
            return;
        }
        giveBackMaildrop();
        log.disconnected(why, drop, served);
    }

    /// Another session may have it from now on.
    void giveBackMaildrop() {
        Maildrop drop = maildrop;
        if (drop == null || !drop.end()) {
            return;
        }
        try {
            drop.close();
        } catch (RuntimeException e) {
            log.fault(e);
        } finally {
            server.locks().release(drop.owner());
        }
    }

    /// @return why it has ended
    private String converse() throws IOException {
        if (server.conf(Pop3Server.TLS_WRAPPERMODE) && !startTls()) {
            return "TLS handshake failed";
        }
        chat.say("+OK " + server.conf(Pop3Server.GREETING));
        while (true) {
            Response response = answer();
            send(response);
            if (response.closes()) {
                chat.flush();
                return response.isPositive() ? "Logged out" : response.reason();
            }
            Upgrade next = upgrade;
            upgrade = null;
            if (next != null) {
                chat.flush();
                if (!next.run()) {
                    return "TLS handshake failed";
                }
            }
        }
    }

    private void send(Response response) throws IOException {
        Response.Body body = response.body();
        if (body == null) {
            chat.say(response.line());
            return;
        }
        try (body) {
            chat.say(response.line());
            chat.say(body);
        }
    }

    /// The answer to the next command. Before a login whatever fails is bad; behind one, what cannot be
    /// understood.
    private Response answer() throws IOException {
        Command command = null;
        Response response;
        try {
            command = read();
            response = command.run(this);
        } catch (Response.Refused e) {
            response = e.response();
        }
        if (response.isPositive()) {
            bad = maildrop == null ? bad : 0;
        } else if (command == null || maildrop == null) {
            bad++;
        }
        return bad >= server.conf(Pop3Server.BAD_COMMAND_LIMIT)
                ? Response.last("-ERR Too many bad commands.")
                : response;
    }

    /// Reads a command.
    ///
    /// @throws Response.Refused when what was read is none
    private Command read() throws IOException {
        String line;
        try {
            line = line(maildrop == null ? Auth.LONGEST_LINE : LONGEST_LINE);
        } catch (LineReader.TooLong e) {
            throw new Response.Refused("-ERR Line too long.");
        }
        if (!Chat.isPrintable(line)) {
            throw new Response.Refused("-ERR Control characters in the line.");
        }
        Verb verb = Verb.of(line);
        if (verb == null) {
            throw new Response.Refused("-ERR Unknown command.");
        }
        if (!verb.isFor(maildrop == null ? Verb.State.AUTHORIZATION : Verb.State.TRANSACTION)) {
            throw new Response.Refused(maildrop == null ? "-ERR Not logged in." : "-ERR Already logged in.");
        }
        return verb.parse(line);
    }

    /// The next line; where the input ends, so does the session.
    ///
    /// @throws LineReader.TooLong when it is longer than `limit`
    String line(int limit) throws IOException {
        String line = chat.line(limit, patience());
        if (line == null) {
            throw new EOFException("end of input");
        }
        return line;
    }

    private Duration patience() {
        return maildrop == null
                ? Duration.ofMillis(Math.max(0, loginBy - server.clock().millis()))
                : server.conf(Pop3Server.TIMEOUT);
    }

    /// What ended the input.
    private String lost() {
        if (chat.expired()) {
            farewell("-ERR Disconnected for inactivity.");
            return "Inactivity";
        }
        if (server.isStopping()) {
            farewell("-ERR [SYS/TEMP] Server shutting down.");
            return "Server shutting down";
        }
        return "Connection closed";
    }

    private void farewell(String line) {
        try {
            chat.say(line);
            chat.flush();
        } catch (IOException e) {
            // The client does not hear it.
        }
    }

    /// Asks for more within a command.
    void prompt(String line) throws IOException {
        chat.say(line);
    }

    void afterResponse(Upgrade next) {
        upgrade = next;
    }

    /// Shakes hands. What the client said in clear is forgotten (RFC 2595 §4).
    boolean startTls() {
        TlsSettings tls = server.tls();
        if (tls == null) {
            return false;
        }
        user = "";
        connection.deadline().in(patience());
        try {
            connection.startTls(tls);
            return true;
        } catch (IOException e) {
            log.warning("TLS handshake failed: " + e.getMessage());
            return false;
        }
    }

    boolean canStartTls() {
        return server.tls() != null && !isTls();
    }

    boolean isTls() {
        return connection.tls() != null;
    }

    /// Whether nobody can read along, or it does not matter.
    boolean mayUsePlaintext() {
        InetAddress peer = connection.peer().address();
        return isTls() || peer == null || peer.isLoopbackAddress() || !server.conf(Pop3Server.DISABLE_PLAINTEXT_AUTH);
    }

    /// What the client may log in with here and now.
    List<String> mechanisms() {
        return server.logins().mechanisms(wantsIn()).stream()
                .filter(mechanism -> mayUsePlaintext() || mechanism.startsWith("SCRAM-"))
                .toList();
    }

    private Authenticator.Peer wantsIn() {
        return new Authenticator.Peer(connection.peer().address(), connection.tls());
    }

    /// Whether it could be used, were the connection not in clear.
    boolean knows(String mechanism) {
        return server.logins().mechanisms(wantsIn()).contains(mechanism);
    }

    /// Begins a login; null when the mechanism is not offered.
    Authenticator.@Nullable Exchange begin(String mechanism) {
        return mechanisms().contains(mechanism) ? server.logins().begin(mechanism, wantsIn()) : null;
    }

    void loginFailed(String mechanism, String reason) {
        log.loginFailed(mechanism, reason);
    }

    /// Who has logged in wants the maildrop.
    Response enter(Login login, String mechanism) {
        AccountName account;
        try {
            account = new AccountName(login.account());
        } catch (IllegalArgumentException e) {
            log.loginFailed(mechanism, "\"" + login.account() + "\" is no account");
            return Response.of("-ERR [SYS/PERM] This login has no mailbox.");
        }
        if (!server.locks().take(account)) {
            log.warning("the maildrop of " + account + " has a session already");
            return Response.of("-ERR [IN-USE] Mailbox is locked by another POP3 session.");
        }
        try {
            maildrop = Maildrop.open(server.store(), account, log);
        } catch (IOException e) {
            log.warning("INBOX of " + account + " cannot be opened: " + e.getMessage());
            return Response.of("-ERR [SYS/TEMP] Couldn't open INBOX.");
        } finally {
            if (maildrop == null) {
                server.locks().release(account);
            }
        }
        log.loggedIn(account, login, mechanism);
        return Response.of("+OK Logged in.");
    }

    /// @throws Response.Refused before a login
    Maildrop requireMaildrop() {
        Maildrop drop = maildrop;
        if (drop == null) {
            throw new Response.Refused("-ERR Not logged in.");
        }
        return drop;
    }

    @Nullable
    Maildrop maildrop() {
        return maildrop;
    }

    /// Whom USER has named; empty for nobody.
    String user() {
        return user;
    }

    void user(String name) {
        user = name;
        if (!name.isEmpty()) {
            log.user(name);
        }
    }

    Served served() {
        return served;
    }

    Chat chat() {
        return chat;
    }

    SessionLog log() {
        return log;
    }

    Pop3Server server() {
        return server;
    }
}
