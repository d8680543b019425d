package postern.smtp.client;

import java.util.HashSet;
import java.util.List;
import java.util.Locale;
import java.util.Set;
import postern.config.MainCf;
import postern.config.Parameter;
import postern.net.TlsFacts;
import postern.smtp.EnhancedStatus;
import postern.smtp.Reply;
import postern.tlspolicy.ClientContexts;
import postern.tlspolicy.TlsLevel;

/// From a fresh connection to a dialog that is ready for mail: the greeting, EHLO, TLS as far as the policy
/// wants it, the login.
final class Handshake {
    static final Parameter<String> SMTP_HELO_NAME =
            Parameter.text("smtp_helo_name", "$myhostname").doc("Our name in EHLO and HELO.");
    static final Parameter<Boolean> SMTP_ALWAYS_SEND_EHLO = Parameter.bool("smtp_always_send_ehlo", "yes")
            .doc("Whether EHLO is sent to servers whose greeting does not say ESMTP.");
    static final Parameter<Boolean> SMTP_NEVER_SEND_EHLO =
            Parameter.bool("smtp_never_send_ehlo", "no").doc("Whether HELO is sent instead of EHLO, always.");
    static final Parameter<Boolean> SMTP_SKIP_5XX_GREETING = Parameter.bool("smtp_skip_5xx_greeting", "yes")
            .doc("Whether a server that greets with 5xx is passed over, instead of sending the mail back.");
    static final Parameter<List<String>> SMTP_DISCARD_EHLO_KEYWORDS = Parameter.list("smtp_discard_ehlo_keywords", "")
            .doc("Extensions that are not used although servers offer them: pipelining, chunking, starttls …");
    static final Parameter<Boolean> SMTP_TLS_WRAPPERMODE = Parameter.bool("smtp_tls_wrappermode", "no")
            .doc("Whether TLS is there from the start (port 465), without STARTTLS.");
    static final Parameter<Boolean> SMTP_TLS_NOTE_STARTTLS_OFFER = Parameter.bool("smtp_tls_note_starttls_offer", "no")
            .doc("Whether servers that offer STARTTLS, which is not used, are logged.");
    static final Parameter<Boolean> SMTP_SASL_AUTH_SOFT_BOUNCE = Parameter.bool("smtp_sasl_auth_soft_bounce", "yes")
            .doc("Whether mail waits, instead of going back, when a login is refused for good.");

    static final List<Parameter<?>> PARAMETERS = List.of(
            SMTP_HELO_NAME,
            SMTP_ALWAYS_SEND_EHLO,
            SMTP_NEVER_SEND_EHLO,
            SMTP_SKIP_5XX_GREETING,
            SMTP_DISCARD_EHLO_KEYWORDS,
            SMTP_TLS_WRAPPERMODE,
            SMTP_TLS_NOTE_STARTTLS_OFFER,
            SMTP_SASL_AUTH_SOFT_BOUNCE);

    private static final int SMTP_PORT = 25;
    private static final String CERTIFICATE = "Server certificate ";

    private final MainCf main;
    private final Protocol protocol;
    private final ClientSecurity security;
    private final Login login;
    private final Surroundings outside;
    private final String myHostname;
    private final Set<String> discarded = new HashSet<>();

    Handshake(MainCf main, Protocol protocol, ClientSecurity security, Surroundings outside) {
        this.main = main;
        this.protocol = protocol;
        this.security = security;
        this.outside = outside;
        login = new Login(security, main.get(SMTP_SASL_AUTH_SOFT_BOUNCE));
        myHostname = main.get(MainCf.MYHOSTNAME);
        main.get(SMTP_DISCARD_EHLO_KEYWORDS).forEach(word -> discarded.add(word.toUpperCase(Locale.ROOT)));
    }

    boolean wrapped() {
        return main.get(SMTP_TLS_WRAPPERMODE);
    }

    /// Whether a login would be used: then nothing is tried again in clear.
    boolean hasLogin(Call call) throws SmtpFailure {
        return login.hasLogin(call);
    }

    /// A server that is ready for MAIL.
    ///
    /// @param forOneClient whether it takes us for the client that the mail comes from
    record Ready(Features features, boolean forOneClient) {}

    /// Returns what the server offers, once everything is ready for MAIL.
    Ready perform(Chat chat, Call call) throws SmtpFailure {
        Introduction introduction = new Introduction(chat, call, outside);
        introduction.proxy();
        if (wrapped()) {
            startTls(chat, call);
        }
        Hello hello = new Hello(
                introduction.isMade() ? introduction.helo() : main.get(SMTP_HELO_NAME), introduction.isMade());
        boolean esmtp = greeting(chat, call, hello);
        Features features = hello(chat, call, esmtp, hello);
        if (chat.tls() == null) {
            features = upgraded(chat, call, features, hello);
        }
        login.perform(chat, features, call);
        if (introduction.xclient(features)) {
            features = hello(chat, call, true, new Hello(introduction.helo(), true));
        }
        return new Ready(features, introduction.isForOneClient());
    }

    /// In whose name a server is greeted.
    ///
    /// @param ofClient whether it is the client's: a refusal is then for the client
    private record Hello(String name, boolean ofClient) {
        Phase phase(Phase usual) {
            return ofClient ? Phase.CLIENT : usual;
        }
    }

    /// Returns whether EHLO is worth a try.
    private boolean greeting(Chat chat, Call call, Hello hello) throws SmtpFailure {
        Reply reply = chat.reply(Phase.GREETING);
        if (reply.code() / 100 != 2) {
            if (hello.ofClient()) {
                throw SmtpFailure.refusedToTalk(call.host(), reply, Phase.CLIENT);
            }
            SmtpFailure refused = SmtpFailure.refusedToTalk(call.host(), reply, Phase.GREETING);
            throw reply.isPermanent() && main.get(SMTP_SKIP_5XX_GREETING) ? refused.softened() : refused;
        }
        List<String> words = List.of(reply.text().split("\\s+", -1));
        if (words.getFirst().equalsIgnoreCase(myHostname) && detectsLoops(call)) {
            outside.warning("host " + call.host().labelWithPort() + " greeted me with my own hostname " + myHostname);
        }
        boolean says = words.stream().anyMatch(word -> word.equalsIgnoreCase("ESMTP"));
        return protocol == Protocol.LMTP
                || (!main.get(SMTP_NEVER_SEND_EHLO) && (says || main.get(SMTP_ALWAYS_SEND_EHLO)));
    }

    private Features hello(Chat chat, Call call, boolean esmtp, Hello hello) throws SmtpFailure {
        Phase phase = protocol.hello();
        if (esmtp) {
            Reply reply = chat.ask(phase.name() + " " + hello.name(), phase);
            if (reply.code() / 100 == 2) {
                Features features = Features.of(reply, discarded);
                refuseSelf(features.name(), call);
                return features;
            }
            if (protocol == Protocol.LMTP || !chat.isUsable()) {
                throw SmtpFailure.refusedToTalk(call.host(), reply, hello.phase(phase));
            }
        }
        Reply reply = chat.ask("HELO " + hello.name(), Phase.HELO);
        if (reply.code() / 100 != 2) {
            throw SmtpFailure.refusedToTalk(call.host(), reply, hello.phase(Phase.HELO));
        }
        return Features.NONE;
    }

    private boolean detectsLoops(Call call) {
        return protocol == Protocol.SMTP && call.hop().port() == SMTP_PORT;
    }

    private void refuseSelf(String name, Call call) throws SmtpFailure {
        if (name.equalsIgnoreCase(myHostname) && detectsLoops(call)) {
            outside.warning(
                    "host " + call.host().labelWithPort() + " replied to HELO/EHLO with my own hostname " + myHostname);
            throw SmtpFailure.about(
                    call.host(),
                    new EnhancedStatus(call.best() ? 5 : 4, 4, 6),
                    "mail for " + call.hop().text() + " loops back to myself");
        }
    }

    /// STARTTLS (RFC 3207), where the policy wants it; returns what is offered afterwards.
    private Features upgraded(Chat chat, Call call, Features inClear, Hello hello) throws SmtpFailure {
        TlsLevel level = call.policy().level();
        boolean offered = inClear.offers("STARTTLS");
        if (level == TlsLevel.NONE) {
            if (offered && main.get(SMTP_TLS_NOTE_STARTTLS_OFFER)) {
                outside.info("Host offered STARTTLS: [" + call.host().name() + "]");
            }
            return inClear;
        }
        if (!offered) {
            if (level.isMandatory()) {
                throw SmtpFailure.about(
                        call.host(),
                        new EnhancedStatus(4, 7, 4),
                        "TLS is required, but was not offered by host "
                                + call.host().label());
            }
            return inClear;
        }
        Reply reply = chat.ask("STARTTLS", Phase.STARTTLS);
        if (reply.code() / 100 != 2) {
            if (level.isMandatory() || !chat.isUsable()) {
                throw SmtpFailure.reply(
                        call.host(),
                        reply,
                        "TLS is required, but host " + call.host().label() + " refused to start TLS: "
                                + SmtpFailure.wire(reply),
                        Phase.STARTTLS);
            }
            return inClear;
        }
        if (chat.unasked() > 0) {
            // CVE-2021-38371: what came in clear must not be taken for what comes under TLS.
            outside.warning("host " + call.host().labelWithPort() + " sent more behind its reply to STARTTLS");
            throw SmtpFailure.about(
                    call.host(),
                    new EnhancedStatus(4, 7, 5),
                    "Cannot start TLS: plaintext behind the reply to STARTTLS");
        }
        startTls(chat, call);
        return hello(chat, call, true, hello);
    }

    private void startTls(Chat chat, Call call) throws SmtpFailure {
        boolean tells = main.get(ClientContexts.SMTP_TLS_LOGLEVEL) > 0;
        try {
            chat.startTls(security.tls()
                    .settings(call.policy(), call.hop().host(), call.host().name()));
        } catch (SmtpFailure e) {
            if (tells && e.text().startsWith(CERTIFICATE)) {
                outside.info("certificate verification failed for "
                        + call.host().labelWithPort() + ": "
                        + e.text().substring(CERTIFICATE.length()));
            }
            throw e;
        }
        TlsFacts facts = chat.tls();
        if (facts == null || (call.policy().level().verifies() && !facts.verified())) {
            throw SmtpFailure.tls(call.host(), "Server certificate not verified");
        }
        if (tells) {
            outside.info(facts.trust().text() + " TLS connection established to "
                    + call.host().labelWithPort() + ": " + facts.protocol() + " with cipher " + facts.cipher() + " ("
                    + facts.bits() + "/" + facts.bits() + " bits)");
        }
    }
}
