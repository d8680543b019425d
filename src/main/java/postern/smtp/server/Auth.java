package postern.smtp.server;

import java.io.IOException;
import java.net.InetAddress;
import java.nio.charset.StandardCharsets;
import java.util.Base64;
import java.util.List;
import java.util.Locale;
import org.jspecify.annotations.Nullable;
import postern.config.Parameter;
import postern.policy.Anvil;
import postern.sasl.Authenticator;
import postern.sasl.Authenticator.Step;
import postern.sasl.Login;
import postern.smtp.Reply;
import postern.smtp.SmtpParser;
import postern.wire.LineReader;

/// AUTH (RFC 4954).
///
/// @param mechanism in upper case
/// @param initial the initial response in base64, `=` for an empty one, or null
record Auth(String mechanism, @Nullable String initial) implements Command {
    static final Parameter<Boolean> SMTPD_SASL_AUTH_ENABLE =
            Parameter.bool("smtpd_sasl_auth_enable", "no").doc("Whether clients may log in.");
    static final Parameter<Boolean> SMTPD_TLS_AUTH_ONLY =
            Parameter.bool("smtpd_tls_auth_only", "yes").doc("Whether they may do so under TLS only.");
    static final Parameter<Boolean> POSTERN_LOOPBACK_AUTH = Parameter.bool("postern_loopback_auth", "no")
            .doc("Whether clients on this machine may log in without TLS, whatever smtpd_tls_auth_only says.");
    static final Parameter<Integer> SMTPD_SASL_RESPONSE_LIMIT =
            Parameter.integer("smtpd_sasl_response_limit", "12288").doc("Bytes of a line in a login.");

    static final Parameter<Boolean> BROKEN_SASL_AUTH_CLIENTS = Parameter.bool("broken_sasl_auth_clients", "no")
            .doc("Whether AUTH is offered a second time, as AUTH=, for clients older than RFC 4954.");

    static final List<Parameter<?>> PARAMETERS = List.of(
            SMTPD_SASL_AUTH_ENABLE,
            SMTPD_TLS_AUTH_ONLY,
            POSTERN_LOOPBACK_AUTH,
            SMTPD_SASL_RESPONSE_LIMIT,
            BROKEN_SASL_AUTH_CLIENTS);

    private static final String SYNTAX = "501 5.5.4 Syntax: AUTH mechanism";
    private static final Reply SUCCESS = Reply.of("235 2.7.0 Authentication successful");

    static Command parse(SmtpParser parser) {
        String mechanism = parser.word().toUpperCase(Locale.ROOT);
        if (mechanism.isEmpty()) {
            throw new Reply.Refused(SYNTAX);
        }
        String initial = parser.word();
        parser.end(SYNTAX);
        return new Auth(mechanism, initial.isEmpty() ? null : initial);
    }

    /// What is offered now; empty when nothing is.
    static List<String> mechanisms(SmtpSession session) {
        Authenticator logins = session.server().logins();
        return logins == null || !session.conf(SMTPD_SASL_AUTH_ENABLE) || needsTls(session)
                ? List.of()
                : logins.mechanisms(client(session)).stream()
                        .filter(mechanism -> session.server().offers(mechanism, session.tls() != null))
                        .toList();
    }

    private static Authenticator.Peer client(SmtpSession session) {
        return new Authenticator.Peer(session.identity().client().address(), session.tls());
    }

    /// How long a command may be. Where a client may log in, AUTH has its first response on its line (RFC 4954
    /// §4), and tokens are long.
    static int lineLimit(SmtpSession session) {
        int limit = session.conf(SessionParameters.LINE_LENGTH_LIMIT);
        return session.conf(SMTPD_SASL_AUTH_ENABLE)
                        && session.identity().login().isEmpty()
                ? Math.max(limit, session.conf(SMTPD_SASL_RESPONSE_LIMIT))
                : limit;
    }

    private static boolean needsTls(SmtpSession session) {
        return session.tls() == null
                && session.conf(SMTPD_TLS_AUTH_ONLY)
                && !(session.conf(POSTERN_LOOPBACK_AUTH)
                        && isHere(session.identity().client().address()));
    }

    private static boolean isHere(@Nullable InetAddress address) {
        return address != null && address.isLoopbackAddress();
    }

    @Override
    public Reply run(SmtpSession session) throws IOException {
        Authenticator logins = session.server().logins();
        session.requireHello();
        if (logins == null || !session.conf(SMTPD_SASL_AUTH_ENABLE) || session.discards("AUTH")) {
            throw new Reply.Refused("503 5.5.1 Error: authentication not enabled");
        }
        session.requireNoTransaction("503 5.5.1 Error: MAIL transaction in progress");
        if (needsTls(session)) {
            throw new Reply.Refused("538 5.7.11 Encryption required for requested authentication mechanism");
        }
        if (session.identity().isLoggedIn()) {
            throw new Reply.Refused("503 5.5.1 Error: already authenticated");
        }
        Reply tooMany = session.rate(Anvil::auth);
        if (tooMany != null) {
            return tooMany;
        }
        Authenticator.Exchange exchange = session.server().offers(mechanism, session.tls() != null)
                ? logins.begin(mechanism, client(session))
                : null;
        if (exchange == null) {
            throw new Reply.Refused("504 5.5.4 Error: authentication mechanism not supported");
        }
        return converse(session, exchange);
    }

    private Reply converse(SmtpSession session, Authenticator.Exchange exchange) throws IOException {
        byte[] response = initial == null ? null : initial.equals("=") ? new byte[0] : decode(session, initial);
        while (true) {
            switch (exchange.next(response)) {
                case Step.Challenge(byte[] challenge) -> response = ask(session, challenge);
                case Step.Success(Login login, byte @Nullable [] last) -> {
                    if (last != null) {
                        ask(session, last);
                    }
                    session.identity(session.server().loggedIn(session.identity(), login, mechanism));
                    if (!login.by().isEmpty()) {
                        session.log().info(session.label() + ": logged in as " + login.name() + login.note());
                    }
                    return SUCCESS;
                }
                case Step.Failure failure -> {
                    return failed(session, failure);
                }
            }
        }
    }

    private byte[] ask(SmtpSession session, byte[] challenge) throws IOException {
        session.prompt(new Reply(334, null, List.of(Base64.getEncoder().encodeToString(challenge))));
        String line;
        try {
            line = session.line(session.conf(SMTPD_SASL_RESPONSE_LIMIT));
        } catch (LineReader.TooLong e) {
            throw new Reply.Refused("500 5.5.6 SASL response limit exceeded");
        }
        if (line.equals("*")) {
            session.log().warning(session.label() + ": SASL " + mechanism + " authentication aborted");
            throw new Reply.Refused("501 5.7.0 Authentication aborted");
        }
        return decode(session, line);
    }

    private byte[] decode(SmtpSession session, String line) {
        try {
            return Base64.getDecoder().decode(line.getBytes(StandardCharsets.ISO_8859_1));
        } catch (IllegalArgumentException e) {
            log(session, "malformed base64");
            throw new Reply.Refused("501 5.5.2 Error: cannot decode response");
        }
    }

    private Reply failed(SmtpSession session, Step.Failure failure) {
        log(session, failure.reason());
        session.server().pause(failure.delay());
        if (failure.temporary()) {
            return Reply.of("454 4.7.0 Temporary authentication failure");
        }
        return failure.malformed()
                ? Reply.of("501 5.5.2 Error: cannot decode response")
                : Reply.of("535 5.7.8 Error: authentication failed: (reason unavailable)");
    }

    private void log(SmtpSession session, String reason) {
        session.log().warning(session.label() + ": SASL " + mechanism + " authentication failed: " + reason);
    }
}
