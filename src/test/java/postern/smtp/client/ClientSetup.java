package postern.smtp.client;

import java.nio.file.Path;
import java.security.cert.X509Certificate;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.Executor;
import javax.net.ssl.SSLEngine;
import postern.config.MainCf;
import postern.dns.FixedResolver;
import postern.dns.Resolver;
import postern.log.MailLog;
import postern.lookup.TableContext;
import postern.lookup.Tables;
import postern.net.Dialer;
import postern.net.Endpoint;
import postern.net.TlsSettings;
import postern.net.Trust;
import postern.sasl.ClientMechanisms;
import postern.sasl.ClientPasswords;
import postern.tlspolicy.ClientContexts;
import postern.tlspolicy.TlsPolicyMaps;

/// A client for tests: settings and DNS from text, servers from scripts, a clock that stands until it is
/// moved, and a log to look into.
public final class ClientSetup implements InstantSource, MailLog {
    private final Map<String, String> settings = new HashMap<>(Map.of("myhostname", "mail.example"));
    private final FixedResolver dns = new FixedResolver("""
            one.example   MX 10 mx1.example
            two.example   MX 10 mx1.example
            two.example   MX 20 mx2.example
            mx1.example   A 192.0.2.1
            mx2.example   A 192.0.2.2
            null.example  MX 0 .
            broken.example SERVFAIL
            """);
    private Resolver asked = dns;
    private final Heard heard = new Heard();
    private final List<String> log = new CopyOnWriteArrayList<>();
    private Protocol protocol = Protocol.SMTP;
    private Instant now = Instant.parse("2026-01-01T00:00:00Z");

    public ClientSetup set(String name, String value) {
        settings.put(name, value);
        return this;
    }

    public ClientSetup lmtp() {
        protocol = Protocol.LMTP;
        return this;
    }

    public FixedResolver dns() {
        return dns;
    }

    /// Another than [#dns()] is asked.
    public ClientSetup asks(Resolver other) {
        asked = other;
        return this;
    }

    /// What the next hops of ours offer.
    public Heard heard() {
        return heard;
    }

    /// What was logged, as `smtp: text`.
    public List<String> log() {
        return log;
    }

    public void advance(Duration time) {
        now = now.plus(time);
    }

    public SmtpClient client(ScriptedPeer peer) {
        return client(peer, (policy, nextHop, host) -> new NoEngine());
    }

    /// A client over real sockets and real TLS.
    public SmtpClient realClient(Dialer dialer) {
        return client(dialer, new ClientContexts(MainCf.of(Path.of("/"), settings), Runnable::run)::settings);
    }

    private SmtpClient client(Dialer dialer, TlsStart tls) {
        MainCf given = MainCf.of(Path.of("/"), settings);
        MainCf main = protocol == Protocol.LMTP ? LmtpParameters.view(given) : given;
        Tables tables = new Tables(TableContext.of(main));
        ClientSecurity security = new ClientSecurity(
                new TlsPolicyMaps(main, tables),
                tls,
                new ClientPasswords(main, tables),
                new ClientMechanisms(main, tables, Runnable::run));
        TargetHosts hosts =
                new TargetHosts(main, asked, address -> address.getHostAddress().equals("192.0.2.100"), new Random(1));
        return new SmtpClient(main, protocol, hosts, security, new Surroundings(dialer, this, "smtp", this, heard));
    }

    @Override
    public Instant instant() {
        return now;
    }

    @Override
    public void info(String service, String text) {
        log.add(service + ": " + text);
    }

    /// The scripted peer shakes hands by itself.
    private record NoEngine() implements TlsSettings {
        @Override
        public SSLEngine engine(Endpoint peer) {
            throw new AssertionError("the scripted peer shakes hands by itself");
        }

        @Override
        public Trust trust(List<X509Certificate> chain) {
            throw new AssertionError("the scripted peer shakes hands by itself");
        }

        @Override
        public Executor pool() {
            throw new AssertionError("the scripted peer shakes hands by itself");
        }
    }
}
