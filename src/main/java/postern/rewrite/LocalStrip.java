package postern.rewrite;

import java.util.List;
import org.jspecify.annotations.Nullable;
import postern.address.Address;
import postern.address.Domain;
import postern.config.MainCf;
import postern.config.Parameter;
import postern.lookup.Lookup;

/// Strips this host off an address as often as it stands there: `user%example.org@localhost` is for
/// `user@example.org`. What remains is `user` at this host, or an address elsewhere.
final class LocalStrip {
    static final Parameter<Boolean> RESOLVE_DEQUOTED_ADDRESS = Parameter.bool("resolve_dequoted_address", "yes")
            .doc("Whether @, % and ! inside of a quoted local part route too, as a Sendmail behind us would do.");

    static final Parameter<Boolean> RESOLVE_NULL_DOMAIN =
            Parameter.bool("resolve_null_domain", "no").doc("Whether user@ means user.");

    static final Parameter<Boolean> RESOLVE_NUMERIC_DOMAIN =
            Parameter.bool("resolve_numeric_domain", "no").doc("Whether user@192.0.2.1 means user@[192.0.2.1].");

    static final Parameter<String> EMPTY_ADDRESS_RECIPIENT =
            Parameter.text("empty_address_recipient", "MAILER-DAEMON").doc("Who gets mail for nobody.");

    static final List<Parameter<?>> PARAMETERS =
            List.of(RESOLVE_DEQUOTED_ADDRESS, RESOLVE_NULL_DOMAIN, RESOLVE_NUMERIC_DOMAIN, EMPTY_ADDRESS_RECIPIENT);

    /// What an address comes to.
    sealed interface Stripped {
        record To(Address recipient, Domain domain, boolean isLocal) implements Stripped {}

        record TempFail(String reason) implements Stripped {}
    }

    private final MainCf conf;
    private final LocalDomains local;
    private final StandardForm form;

    LocalStrip(MainCf conf, LocalDomains local, StandardForm form) {
        this.conf = conf;
        this.local = local;
        this.form = form;
    }

    Stripped strip(Address address) {
        Address rest = withoutDot(address);
        Domain stripped = null;
        int most = address.localPart().length() + 100;
        for (int i = 0; i < most; i++) {
            Domain domain = rest.domain();
            if (domain != null && !(domain.text().isEmpty() && conf.get(RESOLVE_NULL_DOMAIN))) {
                Lookup isLocal = domain.text().isEmpty() ? Lookup.of("") : local.isLocal(domain);
                if (isLocal instanceof Lookup.TempFail(String reason)) {
                    return new Stripped.TempFail(LocalDomains.MYDESTINATION + " lookup failure: " + reason);
                }
                if (isLocal instanceof Lookup.NotFound) {
                    return elsewhere(rest, domain);
                }
                stripped = domain;
            }
            Address next = next(rest.localPart());
            if (next == null && stripped != null) {
                return new Stripped.To(new Address(rest.localPart(), stripped), stripped, true);
            }
            rest = withoutDot(next == null ? new Address(rest.localPart(), conf.expand("$myhostname")) : next);
        }
        return new Stripped.TempFail("<" + address.internal() + ">: giving up after " + most + " iterations");
    }

    /// What the local part routes to; null when it is just a user.
    private @Nullable Address next(String localPart) {
        if (localPart.isEmpty()) {
            return Address.ofInternal(conf.get(EMPTY_ADDRESS_RECIPIENT));
        }
        Address routed = form.routed(localPart);
        if (routed != null) {
            return form.of(routed);
        }
        return StandardForm.isDotString(localPart) || !conf.get(RESOLVE_DEQUOTED_ADDRESS) ? null : dequoted(localPart);
    }

    private @Nullable Address dequoted(String localPart) {
        int at = localPart.lastIndexOf('@');
        if (at < 0 && conf.get(StandardForm.ALLOW_PERCENT_HACK)) {
            at = localPart.lastIndexOf('%');
        }
        if (at >= 0) {
            return form.of(new Address(localPart.substring(0, at), localPart.substring(at + 1)));
        }
        int bang = conf.get(StandardForm.SWAP_BANGPATH) ? localPart.indexOf('!') : -1;
        return bang < 0 ? null : form.of(new Address(localPart.substring(bang + 1), localPart.substring(0, bang)));
    }

    private Stripped elsewhere(Address rest, Domain domain) {
        if (!conf.get(RESOLVE_NUMERIC_DOMAIN) || !DomainSyntax.isAddress(domain.text())) {
            return new Stripped.To(rest, domain, false);
        }
        Domain literal = new Domain("[" + domain.text() + "]");
        return switch (local.isLocal(literal)) {
            case Lookup.TempFail(String reason) -> new Stripped.TempFail(reason);
            case Lookup.Found _ -> new Stripped.To(rest.withDomain(literal), literal, true);
            case Lookup.NotFound _ -> new Stripped.To(rest.withDomain(literal), literal, false);
        };
    }

    private static Address withoutDot(Address address) {
        Domain domain = address.domain();
        String text = domain == null ? "" : domain.text();
        return text.length() > 1 && text.endsWith(".") && !text.endsWith("..")
                ? address.withDomain(new Domain(text.substring(0, text.length() - 1)))
                : address;
    }
}
