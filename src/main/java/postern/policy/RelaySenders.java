package postern.policy;

import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import postern.address.Address;
import postern.address.Domain;
import postern.address.Path;
import postern.config.Parameter;
import postern.lookup.Lookup;
import postern.rewrite.AddressClasses;
import postern.rewrite.Resolved.AddressClass;

/// Who may send as whom. A login sends as an address of its own domain (SRS addresses of forwarded mail lie
/// there too) or of those that `smtpd_sender_login_maps` gives it, or as `<>`, unless `postern_login_senders =
/// any`; a client in `mynetworks` as anyone, unless `postern_relay_senders = own`: then as an address of the
/// domains that this server takes mail for.
final class RelaySenders {
    /// What clients may send as.
    enum Mode {
        ANY,
        OWN
    }

    static final Parameter<Mode> POSTERN_RELAY_SENDERS = Parameter.choice(
                    "postern_relay_senders", "any", Map.of("any", Mode.ANY, "own", Mode.OWN))
            .doc("as whom clients in mynetworks may send: any address, or only addresses of our own domains");

    static final Parameter<Mode> POSTERN_LOGIN_SENDERS = Parameter.choice(
                    "postern_login_senders", "own", Map.of("any", Mode.ANY, "own", Mode.OWN))
            .doc("as whom logins may send: any address, or only addresses of their own domain and those that"
                    + " smtpd_sender_login_maps gives them");

    static final List<Parameter<?>> PARAMETERS = List.of(POSTERN_RELAY_SENDERS, POSTERN_LOGIN_SENDERS);

    private final PolicyContext context;
    private final HostList mynetworks;
    private final SenderLogin logins;
    private final Mode mode;
    private final Mode loginMode;

    RelaySenders(PolicyContext context, SenderLogin logins) {
        this.context = context;
        this.mynetworks = new HostList(ClientChecks.MYNETWORKS, context.tables());
        this.logins = logins;
        this.mode = context.conf(POSTERN_RELAY_SENDERS);
        this.loginMode = context.conf(POSTERN_LOGIN_SENDERS);
    }

    /// Refuses (553 5.7.1) a sender that is not the client's to use.
    Outcome ask(Check check) {
        PolicyRequest request = check.request();
        Path path = request.sender();
        Address sender = path == null ? null : path.address();
        if (sender == null || (mode == Mode.ANY && request.login().isEmpty())) {
            return Outcome.DUNNO;
        }
        boolean trusted = mynetworks.has(request.clientName(), request.clientAddress());
        if (trusted && mode == Mode.ANY) {
            return Outcome.DUNNO;
        }
        if (!request.login().isEmpty()) {
            return loginMode == Mode.ANY ? Outcome.DUNNO : ofLogin(check, sender);
        }
        return trusted ? ofNetwork(check, sender) : Outcome.DUNNO;
    }

    private Outcome ofLogin(Check check, Address sender) {
        String login = check.request().login();
        if (isInDomain(sender, domain(login))) {
            return Outcome.DUNNO;
        }
        return switch (logins.owners(sender)) {
            case Lookup.Found(String owners) ->
                SenderLogin.namesClient(owners, check.request()) ? Outcome.DUNNO : SenderLogin.notOwned(check, null);
            case Lookup.NotFound() -> SenderLogin.notOwned(check, null);
            case Lookup.TempFail(String reason) -> logins.failed(check, sender, reason);
        };
    }

    private static boolean isInDomain(Address sender, @Nullable Domain domain) {
        return domain != null && domain.equals(sender.domain());
    }

    private static @Nullable Domain domain(String login) {
        return Address.ofInternal(login).domain();
    }

    private Outcome ofNetwork(Check check, Address sender) {
        Domain domain = sender.domain();
        if (domain == null) {
            return Outcome.DUNNO;
        }
        return switch (context.routes().classOf(domain)) {
            case AddressClasses.Answer.In(AddressClass addressClass) ->
                addressClass == AddressClass.DEFAULT
                        ? SenderLogin.notOwned(check, "client " + Subject.address(check.request()))
                        : Outcome.DUNNO;
            case AddressClasses.Answer.TempFail(String reason) -> logins.failed(check, sender, reason);
        };
    }

    /// For the start: one line.
    String describe() {
        String networks = mynetworks.isEmpty()
                ? "mynetworks is empty"
                : "clients in mynetworks (" + mynetworks + ") send as "
                        + (mode == Mode.ANY ? "any address" : "addresses of the domains we take mail for");
        String maps = context.conf(SenderLogin.SMTPD_SENDER_LOGIN_MAPS).isEmpty()
                ? ""
                : " or what smtpd_sender_login_maps gives them";
        String own = loginMode == Mode.ANY
                ? "any address that smtpd_sender_restrictions lets pass"
                : "addresses of their own domain" + maps;
        return "who may send as whom: " + networks + "; logins send as " + own;
    }
}
