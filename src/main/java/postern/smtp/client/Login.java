package postern.smtp.client;

import java.util.Base64;
import org.jspecify.annotations.Nullable;
import postern.net.TlsFacts;
import postern.sasl.ClientMechanism;
import postern.sasl.ClientMechanisms;
import postern.sasl.Credentials;
import postern.sasl.LoginFailed;
import postern.smtp.EnhancedStatus;
import postern.smtp.Reply;

/// AUTH (RFC 4954) from the client's side.
final class Login {
    private static final int CHALLENGES_AT_MOST = 8;
    private static final int LONGEST_INITIAL = 4096;
    private static final EnhancedStatus NOT_NOW = new EnhancedStatus(4, 7, 0);

    private final ClientSecurity security;
    private final boolean softBounce;

    /// @param softBounce `smtp_sasl_auth_soft_bounce`
    Login(ClientSecurity security, boolean softBounce) {
        this.security = security;
        this.softBounce = softBounce;
    }

    /// Logs in, when there is a login for this server and the server offers it.
    void perform(Chat chat, Features features, Call call) throws SmtpFailure {
        if (!security.passwords().isEnabled() || !features.offers("AUTH")) {
            return;
        }
        Credentials credentials = credentials(call);
        if (credentials == null) {
            return;
        }
        try {
            exchange(chat, security.mechanisms().begin(features.mechanisms(), channel(chat.tls()), credentials));
        } catch (LoginFailed e) {
            throw SmtpFailure.about(
                    call.host(),
                    NOT_NOW,
                    "SASL authentication failed; cannot authenticate to server "
                            + call.host().label() + ": " + e.reason());
        }
    }

    /// Whether a login would be used at this server.
    boolean hasLogin(Call call) throws SmtpFailure {
        return security.passwords().isEnabled() && credentials(call) != null;
    }

    private @Nullable Credentials credentials(Call call) throws SmtpFailure {
        try {
            return security.passwords()
                    .find(call.sender(), call.host().name(), call.hop().text());
        } catch (LoginFailed e) {
            throw SmtpFailure.localData(call.host());
        }
    }

    private static ClientMechanisms.Channel channel(@Nullable TlsFacts tls) {
        return tls == null
                ? ClientMechanisms.Channel.CLEAR
                : tls.verified() ? ClientMechanisms.Channel.VERIFIED : ClientMechanisms.Channel.TLS;
    }

    private void exchange(Chat chat, ClientMechanism mechanism) throws SmtpFailure, LoginFailed {
        byte[] initial = mechanism.initial();
        boolean inline = initial != null && initial.length <= LONGEST_INITIAL;
        Reply reply = chat.ask("AUTH " + mechanism.name() + (inline ? " " + encoded(initial) : ""), Phase.AUTH);
        if (initial != null && !inline && reply.code() == 334) {
            reply = chat.ask(encoded(initial), Phase.AUTH);
        }
        for (int i = 0; reply.code() == 334 && i < CHALLENGES_AT_MOST; i++) {
            try {
                reply = chat.ask(encoded(mechanism.respond(decoded(reply.text()))), Phase.AUTH);
            } catch (LoginFailed e) {
                chat.ask("*", Phase.AUTH);
                throw e;
            }
        }
        if (reply.code() / 100 != 2) {
            throw refused(chat, reply);
        }
        if (!mechanism.isComplete()) {
            throw new LoginFailed("the server has not proved that it knows the password");
        }
    }

    private SmtpFailure refused(Chat chat, Reply reply) {
        SmtpFailure failure = SmtpFailure.reply(
                chat.host(),
                reply,
                "SASL authentication failed; server " + chat.host().label() + " said: " + SmtpFailure.wire(reply),
                Phase.AUTH);
        return softBounce ? failure.softened() : failure;
    }

    /// No mechanism here begins with an empty response, which would have to be `=` (RFC 4954 §4).
    private static String encoded(byte @Nullable [] response) {
        return response == null ? "" : Base64.getEncoder().encodeToString(response);
    }

    private static byte[] decoded(String challenge) throws LoginFailed {
        try {
            return Base64.getDecoder().decode(challenge.strip());
        } catch (IllegalArgumentException e) {
            throw new LoginFailed("the server's challenge is not base64");
        }
    }
}
