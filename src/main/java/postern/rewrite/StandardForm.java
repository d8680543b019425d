package postern.rewrite;

import java.util.List;
import org.jspecify.annotations.Nullable;
import postern.address.Address;
import postern.address.Domain;
import postern.config.MainCf;
import postern.config.Parameter;

/// Rewrites an address to standard form (ADDRESS_REWRITING_README): `site!user` and `user%domain` become
/// `user@site`, and what comes without a domain gets one. All addresses of envelopes are brought into this form, and
/// those in
/// header fields of our own clients' mail.
public final class StandardForm {
    static final Parameter<Boolean> SWAP_BANGPATH =
            Parameter.bool("swap_bangpath", "yes").doc("Whether site!user means user@site.");

    static final Parameter<Boolean> ALLOW_PERCENT_HACK =
            Parameter.bool("allow_percent_hack", "yes").doc("Whether user%domain means user@domain.");

    static final Parameter<Boolean> APPEND_AT_MYORIGIN =
            Parameter.bool("append_at_myorigin", "yes").doc("Whether a user alone gets @$myorigin.");

    static final Parameter<Boolean> APPEND_DOT_MYDOMAIN = Parameter.bool(
                    "append_dot_mydomain", "${{$compatibility_level} <level {1} ? {yes} : {no}}")
            .doc("Whether user@host gets .$mydomain.");

    static final Parameter<String> REMOTE_HEADER_REWRITE_DOMAIN = Parameter.text("remote_header_rewrite_domain", "")
            .doc("What addresses in header fields of strangers' mail get that have no domain, or half of one. Empty:"
                    + " they are left as they are.");

    public static final List<Parameter<?>> PARAMETERS = List.of(
            SWAP_BANGPATH, ALLOW_PERCENT_HACK, APPEND_AT_MYORIGIN, APPEND_DOT_MYDOMAIN, REMOTE_HEADER_REWRITE_DOMAIN);

    private final boolean swapsBangPath;
    private final boolean takesPercent;
    /// What is added where nothing stands; empty adds nothing.
    private final String origin;

    private final String parent;

    public StandardForm(MainCf conf) {
        this(conf, conf.get(LocalDomains.MYORIGIN), conf.expand("$mydomain"));
    }

    private StandardForm(MainCf conf, String origin, String parent) {
        this.swapsBangPath = conf.get(SWAP_BANGPATH);
        this.takesPercent = conf.get(ALLOW_PERCENT_HACK);
        this.origin = conf.get(APPEND_AT_MYORIGIN) ? origin : "";
        this.parent = conf.get(APPEND_DOT_MYDOMAIN) ? parent : "";
    }

    /// The form that addresses in header fields of strangers' mail get; null when they are left as they are.
    public static @Nullable StandardForm ofRemote(MainCf conf) {
        String domain = conf.get(REMOTE_HEADER_REWRITE_DOMAIN);
        return domain.isEmpty() ? null : new StandardForm(conf, domain, domain);
    }

    public Address of(Address address) {
        return withDomainInForm(address.domain() == null ? qualified(address) : address);
    }

    private Address qualified(Address address) {
        if (address.localPart().isEmpty()) {
            return address;
        }
        Address routed = routed(address.localPart());
        if (routed != null) {
            return routed;
        }
        return origin.isEmpty() ? address : address.withDomain(new Domain(origin));
    }

    /// `site!user` and `user%domain` with an `@`; null when the text is neither. What is quoted is no operator.
    @Nullable
    Address routed(String localPart) {
        if (!isDotString(localPart)) {
            return null;
        }
        int bang = swapsBangPath ? localPart.indexOf('!') : -1;
        if (bang >= 0) {
            return new Address(localPart.substring(bang + 1), localPart.substring(0, bang));
        }
        int percent = takesPercent ? localPart.lastIndexOf('%') : -1;
        return percent < 0 ? null : new Address(localPart.substring(0, percent), localPart.substring(percent + 1));
    }

    /// Whether a local part needs no quotes.
    static boolean isDotString(String localPart) {
        return new Address(localPart, (Domain) null).toString().equals(localPart);
    }

    private Address withDomainInForm(Address address) {
        Domain domain = address.domain();
        if (domain == null) {
            return address;
        }
        String text = domain.text();
        if (!parent.isEmpty() && !text.isEmpty() && text.indexOf('.') < 0 && text.indexOf('[') < 0) {
            text += "." + parent;
        }
        if (text.endsWith(".") && text.length() > 1 && !text.endsWith("..")) {
            text = text.substring(0, text.length() - 1);
        }
        return text.equals(domain.text()) ? address : address.withDomain(new Domain(text));
    }
}
