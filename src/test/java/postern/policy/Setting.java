package postern.policy;

import java.nio.file.Path;
import java.time.Instant;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import postern.config.MainCf;
import postern.dns.FixedResolver;
import postern.lookup.TableContext;
import postern.lookup.Tables;
import postern.net.Dialer;
import postern.rewrite.Routes;

/// Policy made of a few lines: `name = value` and `dns a.example. MX 10 b.example.`
final class Setting {
    final FixedResolver resolver = new FixedResolver();
    final List<String> log = new ArrayList<>();
    final Map<String, String> main = new LinkedHashMap<>();
    Instant now = Instant.parse("2026-01-01T00:00:00Z");

    @Nullable
    Probe probe;

    Dialer dialer = (to, from, timeout) -> {
        throw new java.io.IOException("Connection refused");
    };

    /// The guide's server, as far as policy sees it.
    static Setting guide() {
        return new Setting(
                "compatibility_level = 3.6",
                "myhostname = mail.example.com",
                "mydestination = localhost",
                "mynetworks = 127.0.0.0/8 [::ffff:127.0.0.0]/104 [::1]/128 192.168.2.0/24",
                "smtpd_relay_restrictions = permit_mynetworks permit_sasl_authenticated defer_unauth_destination",
                "relay_domains = $mydestination, example.com",
                "local_recipient_maps =",
                "local_transport = error:local mail delivery is disabled");
    }

    Setting(String... lines) {
        for (String line : lines) {
            add(line);
        }
    }

    Setting add(String line) {
        if (line.startsWith("dns ")) {
            resolver.add(line.substring(4));
        } else {
            int equals = line.indexOf('=');
            main.put(
                    line.substring(0, equals).strip(),
                    line.substring(equals + 1).strip());
        }
        return this;
    }

    Tables tables() {
        MainCf conf = MainCf.of(Path.of("/nonexistent"), main);
        return new Tables(new TableContext(conf, (service, text) -> log.add(text), dialer, () -> now));
    }

    RestrictionLists policy() {
        Tables tables = tables();
        return new RestrictionLists(tables, new Routes(tables.context().conf(), tables), resolver, probe, "smtpd");
    }

    static String reply(Verdict verdict) {
        return verdict instanceof Verdict.Refuse(postern.smtp.Reply reply) ? reply.toString() : "accept";
    }
}
