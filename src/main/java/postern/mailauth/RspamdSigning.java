package postern.mailauth;

import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;
import postern.address.Address;
import postern.address.Domain;
import postern.config.ConfigException;

/// rspamd's `dkim_signing.conf`, as DMS writes it and as people change it: keys by domain. A domain's own block
/// signs for it; with `use_esld`, so does that of the nearest domain above, so that a block for
/// `mail.example.com` works beside one for `example.com` (rspamd itself looks at the registered domain only).
///
/// @param domains by name; `*` stands for every other
/// @param above whether a domain above signs for those below it
/// @param warnings about what has no effect here, each naming file and line
record RspamdSigning(Map<String, List<SigningIdentity>> domains, boolean above, List<String> warnings) {
    private static final String ANY = "*";
    private static final String STANDARD_PATH = "/var/lib/rspamd/dkim/$domain.$selector.key";
    private static final String STANDARD_SELECTOR = "dkim";

    /// What decides who signs, and is not there.
    private static final Set<String> LACKING = Set.of(
            "path_map",
            "selector_map",
            "signing_table",
            "key_table",
            "use_vault",
            "use_http_headers",
            "sign_condition",
            "use_domain_custom");

    /// What makes no difference here: only what came with a login is signed, by its From field.
    private static final Set<String> WITHOUT_EFFECT = Set.of(
            "sign_local",
            "sign_inbound",
            "sign_networks",
            "use_domain_sign_local",
            "use_domain_sign_inbound",
            "use_domain_sign_networks",
            "allow_envfrom_empty",
            "allow_hdrfrom_mismatch",
            "allow_hdrfrom_mismatch_local",
            "allow_hdrfrom_mismatch_sign_networks",
            "allow_hdrfrom_multiple",
            "allow_username_mismatch",
            "allow_pubkey_mismatch",
            "auth_only",
            "check_pubkey",
            "key_prefix",
            "symbol");

    private static final Set<String> UNDERSTOOD = Set.of(
            "enabled",
            "sign_authenticated",
            "try_fallback",
            "use_domain",
            "use_redis",
            "use_esld",
            "path",
            "selector",
            "domain");

    /// @throws ConfigException naming file and line
    static RspamdSigning of(Path file, KeyFiles keyFiles) {
        Ucl.Block all = Ucl.parse(file.toString(), keyFiles.files().text(file));
        List<String> warnings = warnings(all);
        boolean above = flag(all, "use_esld", true);
        if (!flag(all, "enabled", true) || !flag(all, "sign_authenticated", true)) {
            return new RspamdSigning(Map.of(), above, List.copyOf(warnings));
        }
        refuse(all);
        Map<String, List<SigningIdentity>> domains = new LinkedHashMap<>();
        if (all.members().get("domain") instanceof Ucl domain) {
            block(domain).members().forEach((name, its) -> {
                String key = name.equals(ANY) ? ANY : DkimNames.domain(name, its.origin());
                domains.put(key, identities(key, block(its), all, keyFiles));
            });
        }
        return new RspamdSigning(Map.copyOf(domains), above, List.copyOf(warnings));
    }

    private static List<String> warnings(Ucl.Block all) {
        List<String> warnings = new ArrayList<>();
        all.members().forEach((name, its) -> {
            if (!UNDERSTOOD.contains(name) && !WITHOUT_EFFECT.contains(name) && !LACKING.contains(name)) {
                warnings.add(its.origin() + ": \"" + name + "\" is not known here and has no effect");
            }
        });
        return warnings;
    }

    /// What would leave mail unsigned, or signed by another, were it passed over.
    private static void refuse(Ucl.Block all) {
        all.members().forEach((name, its) -> {
            if (LACKING.contains(name)) {
                throw new ConfigException(its.origin() + ": \"" + name
                        + "\" is not supported: name each domain with its path and selector in domain { }");
            }
        });
        for (String name : List.of("use_redis", "try_fallback")) {
            if (flag(all, name, false)) {
                throw new ConfigException(origin(all, name) + ": " + name
                        + " = true is not supported: name each domain with its path and selector in domain { }");
            }
        }
        String use = text(all, "use_domain", "header");
        if (!use.equals("header")) {
            throw new ConfigException(origin(all, "use_domain") + ": use_domain = \"" + use
                    + "\" is not supported: mail is signed by its From field (\"header\")");
        }
    }

    private static List<SigningIdentity> identities(String domain, Ucl.Block own, Ucl.Block all, KeyFiles keyFiles) {
        if (!(own.members().get("selectors") instanceof Ucl several)) {
            return List.of(identity(domain, own, all, keyFiles));
        }
        if (!(several instanceof Ucl.Items(List<Ucl> items, String origin)) || items.isEmpty()) {
            throw new ConfigException(several.origin() + ": selectors is not a list: [ { path = …; selector = …; } ]");
        }
        List<SigningIdentity> identities = new ArrayList<>();
        for (Ucl item : items) {
            identities.add(identity(domain, block(item), all, keyFiles));
        }
        return List.copyOf(identities);
    }

    private static SigningIdentity identity(String domain, Ucl.Block own, Ucl.Block all, KeyFiles keyFiles) {
        String selector = text(own, "selector", text(all, "selector", STANDARD_SELECTOR));
        String path = text(own, "path", text(all, "path", STANDARD_PATH));
        String origin = own.members().containsKey("path") ? origin(own, "path") : own.origin();
        if (domain.equals(ANY) && path.contains("$domain")) {
            throw new ConfigException(origin + ": a path with $domain needs a block for each domain");
        }
        String file = path.replace("$domain", domain).replace("$selector", selector);
        return new SigningIdentity(
                domain,
                DkimNames.selector(selector, own.origin()),
                null,
                keyFiles.key(file, origin),
                SigningIdentity.Form.RSPAMD);
    }

    private static Ucl.Block block(Ucl value) {
        if (value instanceof Ucl.Block block) {
            return block;
        }
        throw new ConfigException(value.origin() + ": here belongs a block: { … }");
    }

    private static String origin(Ucl.Block block, String name) {
        Ucl member = block.members().get(name);
        return member == null ? block.origin() : member.origin();
    }

    private static String text(Ucl.Block block, String name, String otherwise) {
        @Nullable Ucl member = block.members().get(name);
        return switch (member) {
            case null -> otherwise;
            case Ucl.Text(String text, String ignored) -> text;
            case Ucl.Block other -> throw new ConfigException(other.origin() + ": " + name + " is one word");
            case Ucl.Items other -> throw new ConfigException(other.origin() + ": " + name + " is one word");
        };
    }

    private static boolean flag(Ucl.Block block, String name, boolean otherwise) {
        String text = text(block, name, otherwise ? "true" : "false");
        return switch (text.toLowerCase(Locale.ROOT)) {
            case "true", "yes", "on" -> true;
            case "false", "no", "off" -> false;
            default ->
                throw new ConfigException(
                        origin(block, name) + ": " + name + " = \"" + text + "\" is neither true nor false");
        };
    }

    /// Who signs for an author.
    List<SigningIdentity> identities(Address author) {
        Domain domain = author.domain();
        if (domain == null) {
            return List.of();
        }
        for (String at = domain.key(); at.indexOf('.') > 0; at = at.substring(at.indexOf('.') + 1)) {
            List<SigningIdentity> found = domains.get(at);
            if (found != null) {
                return found;
            }
            if (!above) {
                break;
            }
        }
        return domains.getOrDefault(ANY, List.of()).stream()
                .map(any -> any.withDomain(domain.key()))
                .toList();
    }
}
