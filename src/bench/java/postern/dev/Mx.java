package postern.dev;

import java.nio.file.Path;
import java.time.Duration;
import java.util.HashMap;
import java.util.Map;
import java.util.random.RandomGenerator;
import postern.config.MainCf;
import postern.dns.DnsJavaResolver;
import postern.dns.NameServers;
import postern.smtp.client.NextHop;
import postern.smtp.client.Protocol;
import postern.smtp.client.SmtpFailure;
import postern.smtp.client.TargetHost;
import postern.smtp.client.TargetHosts;

/// `./dev mx NEXTHOP [HOST:PORT]`: where the client would go for a next hop, in its order; the second argument is
/// a name server to ask instead of those of resolv.conf.
public final class Mx {
    private static final Duration TIMEOUT = Duration.ofSeconds(5);
    private static final int PORT = 25;

    private Mx() {}

    public static void main(String[] arguments) {
        Map<String, String> settings = new HashMap<>(Map.of("myhostname", "mail.example.com"));
        if (arguments.length > 1) {
            settings.put("postern_dns_servers", arguments[1]);
        }
        MainCf conf = MainCf.of(Path.of("conf/public"), settings);
        DnsJavaResolver resolver = new DnsJavaResolver(NameServers.of(conf, Path.of("/etc/resolv.conf")), TIMEOUT);
        TargetHosts hosts = new TargetHosts(conf, resolver, address -> false, RandomGenerator.getDefault());
        for (NextHop hop : NextHop.parse(arguments[0], Protocol.SMTP, PORT)) {
            try {
                for (TargetHost host : hosts.of(hop).hosts()) {
                    System.out.printf("%5d %s %s%n", host.preference(), host.name(), host.endpoint());
                }
            } catch (SmtpFailure e) {
                System.out.println(e.status() + " " + e.text());
            }
        }
    }
}
