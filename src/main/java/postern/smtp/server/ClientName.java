package postern.smtp.server;

import java.net.Inet4Address;
import java.net.InetAddress;
import java.util.List;
import postern.dns.Resolver;
import postern.dns.Resolver.Answer;
import postern.log.MailLog;

/// Finds the name of a client by its address, and believes it only when the name leads back to the address
/// (as Postfix's smtpd_peer does).
final class ClientName {
    private final Resolver dns;
    private final MailLog log;
    private final String service;

    ClientName(Resolver dns, MailLog log, String service) {
        this.dns = dns;
        this.log = log;
        this.service = service;
    }

    Client find(InetAddress address, int port) {
        Client client = Client.nameless(address, port);
        return switch (dns.ptr(address)) {
            case Answer.Found<String>(List<String> names) -> verify(client, names.getFirst());
            case Answer.NoData<String> _, Answer.NoName<String> _ -> client;
            case Answer.TempFail<String> _ -> client.withName(Client.UNKNOWN, true);
        };
    }

    private Client verify(Client client, String name) {
        InetAddress address = client.address();
        if (address == null || !isHostname(name)) {
            return client;
        }
        Client reversed = client.withReverseName(name);
        return switch (address instanceof Inet4Address ? dns.a(name) : dns.aaaa(name)) {
            case Answer.Found<InetAddress>(List<InetAddress> found)
            when found.contains(address) -> reversed.withName(name, false);
            case Answer.TempFail<InetAddress>(String reason) -> {
                log.warning(
                        service,
                        "hostname " + name + " does not resolve to address " + client.addressText() + ": " + reason);
                yield reversed.withName(Client.UNKNOWN, true);
            }
            case Answer.Found<InetAddress> _, Answer.NoData<InetAddress> _, Answer.NoName<InetAddress> _ -> {
                log.warning(service, "hostname " + name + " does not resolve to address " + client.addressText());
                yield reversed;
            }
        };
    }

    /// What may stand in a log line and a header as a host's name. DNS may say anything.
    private static boolean isHostname(String name) {
        return !name.isEmpty()
                && name.length() <= 255
                && name.chars()
                        .allMatch(c -> c == '.'
                                || c == '-'
                                || c == '_'
                                || (c >= '0' && c <= '9')
                                || (c >= 'a' && c <= 'z')
                                || (c >= 'A' && c <= 'Z'));
    }
}
