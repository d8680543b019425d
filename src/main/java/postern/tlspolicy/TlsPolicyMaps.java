package postern.tlspolicy;

import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Set;
import org.jspecify.annotations.Nullable;
import postern.config.MainCf;
import postern.config.Parameter;
import postern.lookup.Lookup;
import postern.lookup.Table;
import postern.lookup.Tables;
import postern.net.TlsProtocols;

/// Which policy a next hop has: `smtp_tls_policy_maps` by next hop, else the defaults.
///
/// An entry is a level and attributes: `secure match=.example.com protocols=>=TLSv1.2`. A next hop in brackets
/// or with a port is looked up as it stands; a domain also by its parents, `.example.com`.
public final class TlsPolicyMaps {
    static final Parameter<String> SMTP_TLS_SECURITY_LEVEL = Parameter.text("smtp_tls_security_level", "")
            .doc("How much TLS servers must have: none, may, encrypt, fingerprint, verify, secure.");
    static final Parameter<Boolean> SMTP_USE_TLS =
            Parameter.bool("smtp_use_tls", "no").doc("Old form of smtp_tls_security_level = may.");
    static final Parameter<Boolean> SMTP_ENFORCE_TLS =
            Parameter.bool("smtp_enforce_tls", "no").doc("Old form of smtp_tls_security_level = encrypt or verify.");
    static final Parameter<Boolean> SMTP_TLS_ENFORCE_PEERNAME = Parameter.bool("smtp_tls_enforce_peername", "yes")
            .doc("With smtp_enforce_tls: whether the server's name is verified.");
    static final Parameter<List<String>> SMTP_TLS_POLICY_MAPS = Parameter.list("smtp_tls_policy_maps", "")
            .doc("Tables with the level, and its attributes, for single next hops.");
    static final Parameter<String> SMTP_TLS_PROTOCOLS = Parameter.text("smtp_tls_protocols", ">=TLSv1")
            .doc("Protocol versions at level may; those older than TLS 1.2 are never used.");
    static final Parameter<String> SMTP_TLS_MANDATORY_PROTOCOLS = Parameter.text(
                    "smtp_tls_mandatory_protocols", ">=TLSv1")
            .doc("Protocol versions at level encrypt and above; those older than TLS 1.2 are never used.");
    static final Parameter<List<String>> SMTP_TLS_VERIFY_CERT_MATCH = Parameter.list(
                    "smtp_tls_verify_cert_match", "hostname")
            .doc("Names wanted in a certificate at level verify: hostname, nexthop, dot-nexthop, or names.");
    static final Parameter<List<String>> SMTP_TLS_SECURE_CERT_MATCH = Parameter.list(
                    "smtp_tls_secure_cert_match", "nexthop, dot-nexthop")
            .doc("Names wanted in a certificate at level secure: hostname, nexthop, dot-nexthop, or names.");
    static final Parameter<List<String>> SMTP_TLS_FINGERPRINT_CERT_MATCH = Parameter.list(
                    "smtp_tls_fingerprint_cert_match", "")
            .doc("Fingerprints of certificates or keys wanted at level fingerprint.");
    static final Parameter<String> SMTP_TLS_SERVERNAME = Parameter.text("smtp_tls_servername", "")
            .doc("Name asked for by SNI: a name, hostname, nexthop; empty: none.");
    static final Parameter<Boolean> SMTP_TLS_CONNECTION_REUSE = Parameter.bool("smtp_tls_connection_reuse", "yes")
            .doc("Whether a session under TLS carries several messages; it costs nothing here.");

    public static final List<Parameter<?>> PARAMETERS = List.of(
            SMTP_TLS_SECURITY_LEVEL,
            SMTP_USE_TLS,
            SMTP_ENFORCE_TLS,
            SMTP_TLS_ENFORCE_PEERNAME,
            SMTP_TLS_POLICY_MAPS,
            SMTP_TLS_PROTOCOLS,
            SMTP_TLS_MANDATORY_PROTOCOLS,
            SMTP_TLS_VERIFY_CERT_MATCH,
            SMTP_TLS_SECURE_CERT_MATCH,
            SMTP_TLS_FINGERPRINT_CERT_MATCH,
            SMTP_TLS_SERVERNAME,
            SMTP_TLS_CONNECTION_REUSE);

    private static final Set<String> DANE = Set.of("dane", "dane-only", "half-dane");
    private static final String NO_DANE =
            "needs validated DNS, which is not there yet; may, encrypt or secure would work";

    private final MainCf main;
    private final @Nullable Table table;
    private final TlsProtocols opportunistic;
    private final TlsProtocols mandatory;
    private final TlsPolicy byDefault;

    /// @throws postern.config.ConfigException when a setting cannot be used
    public TlsPolicyMaps(MainCf main, Tables tables) {
        this.main = main;
        table = main.get(SMTP_TLS_POLICY_MAPS).isEmpty() ? null : tables.open(SMTP_TLS_POLICY_MAPS);
        opportunistic = protocols(SMTP_TLS_PROTOCOLS);
        mandatory = protocols(SMTP_TLS_MANDATORY_PROTOCOLS);
        byDefault = ofLevel(defaultLevel());
        if (byDefault.level() == TlsLevel.FINGERPRINT && byDefault.match().isEmpty() && table == null) {
            throw main.error("smtp_tls_security_level", "fingerprint without smtp_tls_fingerprint_cert_match", null);
        }
    }

    /// The policy of a next hop as routes give it: `[mx.example]:25`, `example.com`.
    ///
    /// @throws PolicyProblem when its entry cannot be used, or the table could not be asked
    public TlsPolicy of(String nextHop) throws PolicyProblem {
        if (table == null) {
            return byDefault;
        }
        String key = nextHop.toLowerCase(Locale.ROOT);
        boolean explicit = key.startsWith("[") || key.indexOf(':') >= 0;
        boolean whole = true;
        while (true) {
            switch (whole ? table.find(key) : table.findPart(key)) {
                case Lookup.Found(String entry) -> {
                    return parse(entry, nextHop);
                }
                case Lookup.TempFail(String reason) -> throw new PolicyProblem(reason);
                case Lookup.NotFound() -> {}
            }
            int dot = key.indexOf('.', 1);
            if (explicit || dot < 0) {
                return byDefault;
            }
            key = key.substring(dot);
            whole = false;
        }
    }

    private TlsPolicy parse(String entry, String nextHop) throws PolicyProblem {
        String[] words = entry.strip().split("[\\s,]+", -1);
        TlsLevel level = TlsLevel.parse(words[0]);
        if (level == null) {
            throw problem(
                    nextHop,
                    "invalid security level \"" + words[0] + "\"" + (needsDane(words[0]) ? ": " + NO_DANE : ""));
        }
        if (level == TlsLevel.NONE && words.length > 1) {
            throw problem(nextHop, "attribute \"" + words[1] + "\" is unused at level none");
        }
        TlsPolicy policy = ofLevel(level);
        List<String> match = new ArrayList<>();
        for (String word : List.of(words).subList(1, words.length)) {
            int equals = word.indexOf('=');
            if (equals < 1 || equals + 1 == word.length()) {
                throw problem(nextHop, "malformed attribute \"" + word + "\"");
            }
            String value = word.substring(equals + 1);
            policy = switch (word.substring(0, equals)) {
                case "match" -> {
                    match.addAll(matches(level, value, nextHop));
                    yield policy;
                }
                case "protocols" -> with(policy, protocols(value, nextHop));
                case "servername" -> new TlsPolicy(level, policy.protocols(), policy.match(), value, policy.reuse());
                case "connection_reuse" ->
                    new TlsPolicy(level, policy.protocols(), policy.match(), policy.serverName(), value.equals("yes"));
                case "ciphers", "exclude" -> policy;
                default -> throw problem(nextHop, "invalid attribute name: \"" + word + "\"");
            };
        }
        TlsPolicy whole = match.isEmpty()
                ? policy
                : new TlsPolicy(level, policy.protocols(), match, policy.serverName(), policy.reuse());
        if (level == TlsLevel.FINGERPRINT && whole.match().isEmpty()) {
            throw problem(nextHop, "no fingerprint to match");
        }
        return whole;
    }

    private static List<String> matches(TlsLevel level, String value, String nextHop) throws PolicyProblem {
        if (!level.verifies()) {
            throw problem(
                    nextHop,
                    "attribute \"match=" + value + "\" is unused at level "
                            + level.name().toLowerCase(Locale.ROOT));
        }
        return List.of(value.split(level == TlsLevel.FINGERPRINT ? "\\|" : ":", -1)).stream()
                .filter(name -> !name.isEmpty())
                .toList();
    }

    private static TlsPolicy with(TlsPolicy policy, TlsProtocols protocols) {
        return new TlsPolicy(policy.level(), protocols, policy.match(), policy.serverName(), policy.reuse());
    }

    private TlsPolicy ofLevel(TlsLevel level) {
        List<String> match = switch (level) {
            case NONE, MAY, ENCRYPT -> List.of();
            case FINGERPRINT -> main.get(SMTP_TLS_FINGERPRINT_CERT_MATCH);
            case VERIFY -> main.get(SMTP_TLS_VERIFY_CERT_MATCH);
            case SECURE -> main.get(SMTP_TLS_SECURE_CERT_MATCH);
        };
        return new TlsPolicy(
                level,
                level.isMandatory() ? mandatory : opportunistic,
                match,
                main.get(SMTP_TLS_SERVERNAME),
                main.get(SMTP_TLS_CONNECTION_REUSE));
    }

    private TlsLevel defaultLevel() {
        String word = main.get(SMTP_TLS_SECURITY_LEVEL);
        if (word.isEmpty()) {
            return main.get(SMTP_ENFORCE_TLS)
                    ? main.get(SMTP_TLS_ENFORCE_PEERNAME) ? TlsLevel.VERIFY : TlsLevel.ENCRYPT
                    : main.get(SMTP_USE_TLS) ? TlsLevel.MAY : TlsLevel.NONE;
        }
        TlsLevel level = TlsLevel.parse(word);
        if (level == null) {
            throw main.error(
                    "smtp_tls_security_level",
                    needsDane(word)
                            ? "\"" + word + "\" " + NO_DANE
                            : "\"" + word + "\" is none of none, may, encrypt, fingerprint, verify, secure",
                    null);
        }
        return level;
    }

    private static boolean needsDane(String word) {
        return DANE.contains(word.toLowerCase(Locale.ROOT));
    }

    private TlsProtocols protocols(Parameter<String> parameter) {
        try {
            return TlsProtocols.parse(main.get(parameter));
        } catch (IllegalArgumentException e) {
            throw main.error(parameter.name(), e.getMessage(), e);
        }
    }

    private static TlsProtocols protocols(String text, String nextHop) throws PolicyProblem {
        try {
            return TlsProtocols.parse(text);
        } catch (IllegalArgumentException e) {
            throw problem(nextHop, "protocols=" + text + ": " + e.getMessage());
        }
    }

    private static PolicyProblem problem(String nextHop, String what) {
        return new PolicyProblem("smtp_tls_policy_maps, next-hop destination \"" + nextHop + "\": " + what);
    }
}
