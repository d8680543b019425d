package postern;

import java.net.InetAddress;
import java.net.NetworkInterface;
import java.net.SocketException;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.SplittableRandom;
import java.util.function.Predicate;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;
import postern.address.Address;
import postern.address.Domain;
import postern.address.Path;
import postern.config.ConfigException;
import postern.config.MainCf;
import postern.config.MasterCf;
import postern.config.MasterService;
import postern.config.Parameter;
import postern.delivery.DiscardDelivery;
import postern.delivery.ErrorDelivery;
import postern.delivery.RecipientProbe;
import postern.delivery.SmtpDelivery;
import postern.handover.Way;
import postern.lookup.Tables;
import postern.policy.Probe;
import postern.queue.DeliveryAgent;
import postern.queue.DeliveryStatus;
import postern.queue.LogQueue;
import postern.queue.Transport;
import postern.rewrite.NextHops;
import postern.rewrite.Resolved;
import postern.rewrite.Routes;
import postern.sasl.ClientMechanisms;
import postern.sasl.ClientPasswords;
import postern.smtp.EnhancedStatus;
import postern.smtp.Offered;
import postern.smtp.Reply;
import postern.smtp.client.ClientSecurity;
import postern.smtp.client.Heard;
import postern.smtp.client.LmtpParameters;
import postern.smtp.client.Protocol;
import postern.smtp.client.SmtpClient;
import postern.smtp.client.Surroundings;
import postern.smtp.client.TargetHosts;
import postern.tlspolicy.ClientContexts;
import postern.tlspolicy.TlsPolicyMaps;

/// The ways out of one configuration: a delivery agent for each unix line of master.cf that mail can leave
/// by.
final class PublicTransports {
    static final Parameter<String> ADDRESS_VERIFY_SENDER = Parameter.text(
                    "address_verify_sender", "$double_bounce_sender")
            .doc("The sender of address probes; empty: the null sender.");
    static final Parameter<String> MYORIGIN =
            Parameter.text("myorigin", "$myhostname").doc("The domain of addresses that come without one.");

    static final List<Parameter<?>> PARAMETERS = List.of(ADDRESS_VERIFY_SENDER, MYORIGIN);

    private final House house;
    private final Routes routes;
    private final Path verifySender;
    private final NextHops nextHops;
    private final Heard heard;
    private final List<Transport> all = new ArrayList<>();
    private final Map<String, SmtpClient> clients = new HashMap<>();

    PublicTransports(Configured configured, Tables tables, Routes routes, House house) {
        MasterCf master = configured.master();
        this.house = house;
        this.routes = routes;
        MainCf conf = tables.context().conf();
        this.verifySender = sender(conf);
        this.nextHops = new NextHops(conf, tables, routes);
        this.heard = Heard.in(
                conf.file(conf.get(LogQueue.QUEUE_DIRECTORY)).resolve("postern/handover/heard"),
                nextHop -> nextHops.objection(nextHop) == null,
                house.log());
        Predicate<InetAddress> ours = ownAddresses()::contains;
        for (MasterService line : master.transports()) {
            Tables seen = tables.with(master.configure(conf, line));
            @Nullable DeliveryAgent own = configured.inside().agent(line.program());
            DeliveryAgent agent = own != null
                    ? own
                    : switch (line.program()) {
                        case "error" -> line.name().equals("retry") ? ErrorDelivery.retry() : ErrorDelivery.error();
                        case "discard" -> new DiscardDelivery();
                        case "mailbox" ->
                            throw new ConfigException(
                                    line.origin() + ": " + line + ": there are no mailboxes here: leave the line out");
                        default -> smtp(line, seen, ours, configured.inside());
                    };
            String logName = LogNames.of(seen.context().conf(), line.program());
            all.add(Transport.of(seen.context().conf(), line.name(), logName, agent)
                    .withProcessLimit(line.processLimit(conf)));
        }
        warnOfProxied(conf);
    }

    /// A next hop that does not get the PROXY header it awaits waits for it, and its mail with it.
    private void warnOfProxied(MainCf conf) {
        List<String> proxied = clients.values().stream()
                .flatMap(client -> client.proxied().stream())
                .distinct()
                .toList();
        for (String nextHop : proxied) {
            @Nullable String objection = nextHops.objection(nextHop);
            if (objection != null) {
                house.log()
                        .warning("postern", conf.origin("postern_relay_proxy") + ": postern_relay_proxy: " + objection);
            }
        }
    }

    private static Path sender(MainCf conf) {
        String text = conf.get(ADDRESS_VERIFY_SENDER);
        if (text.isEmpty() || text.equals("<>")) {
            return Path.NULL;
        }
        Address address = Address.ofInternal(text);
        return Path.of(address.domain() == null ? address.withDomain(new Domain(conf.get(MYORIGIN))) : address);
    }

    private static Set<InetAddress> ownAddresses() {
        try {
            return NetworkInterface.networkInterfaces()
                    .flatMap(NetworkInterface::inetAddresses)
                    .collect(Collectors.toUnmodifiableSet());
        } catch (SocketException e) {
            return Set.of();
        }
    }

    private DeliveryAgent smtp(MasterService line, Tables tables, Predicate<InetAddress> ours, Inside inside) {
        boolean lmtp = line.program().equals("lmtp");
        MainCf given = tables.context().conf();
        MainCf main = lmtp ? LmtpParameters.view(given) : given;
        Tables seen = tables.with(main);
        String service = LogNames.of(given, line.program());
        ClientSecurity security = new ClientSecurity(
                new TlsPolicyMaps(main, seen),
                new ClientContexts(main, house.handshakes())::settings,
                new ClientPasswords(main, seen),
                new ClientMechanisms(main, seen, house.pool()));
        SmtpClient client = new SmtpClient(
                main,
                lmtp ? Protocol.LMTP : Protocol.SMTP,
                new TargetHosts(main, house.resolver(), ours, new SplittableRandom()),
                security,
                new Surroundings(house.dialer(), house.log(), service, house.clock(), heard));
        clients.put(line.name(), client);
        SmtpDelivery delivery = new SmtpDelivery(client, house.log(), service, house.clock());
        return lmtp ? delivery : inside.out(delivery, client.lineLimit());
    }

    /// What all next hops honour that strangers' mail has been handed over to so far.
    Offered offered() {
        return heard.all();
    }

    List<Transport> all() {
        return all;
    }

    /// Where a recipient is handed over to.
    Way way(Path sender, Address recipient) {
        return switch (routes.resolve(sender, recipient)) {
            case Resolved.TempFail(String reason) -> {
                house.log().warning("postern", "route of " + recipient + ": " + reason);
                yield new Way.Refused(Reply.of("451 4.3.0 Temporary lookup failure"));
            }
            case Resolved.To to -> way(to);
        };
    }

    private Way way(Resolved.To to) {
        @Nullable SmtpClient client = clients.get(to.transport());
        @Nullable
        Transport transport = all.stream()
                .filter(one -> one.name().equals(to.transport()))
                .findFirst()
                .orElse(null);
        if (client == null || transport == null) {
            return switch (transport == null ? null : transport.agent()) {
                case ErrorDelivery _ -> new Way.Refused(refusal(to.transport(), to.nextHop()));
                case DiscardDelivery _ -> new Way.Discarded();
                case null, default -> new Way.Refused(Reply.of("451 4.3.5 Server configuration error"));
            };
        }
        boolean ours = to.addressClass() != Resolved.AddressClass.DEFAULT;
        int lines = transport.limits().concurrency();
        return new Way.To(client, transport.logName(), to.nextHop(), to.recipient(), ours, lines);
    }

    /// What `error:` and `retry:` say, at once.
    private static Reply refusal(String transport, String text) {
        EnhancedStatus status = EnhancedStatus.leading(text);
        boolean transientOne = transport.equals("retry") || status != null && status.statusClass() == 4;
        int code = transientOne ? 450 : 550;
        return status == null
                ? Reply.of(code, new EnhancedStatus(code / 100, 0, 0), text)
                : Reply.of(code, status.withClass(code / 100), text.substring(text.indexOf(' ') + 1));
    }

    /// Asks the next hop of an address whether it would take mail for it (`reject_unverified_recipient`).
    Probe.Answer probe(Address address) {
        return switch (routes.resolve(verifySender, address)) {
            case Resolved.TempFail(String reason) -> new Probe.Answer.Unknown(reason);
            case Resolved.To to -> {
                @Nullable SmtpClient client = clients.get(to.transport());
                yield client == null
                        ? new Probe.Answer.Undeliverable(to.nextHop())
                        : answer(new RecipientProbe(client, verifySender).probe(to.recipient(), to.nextHop()));
            }
        };
    }

    private static Probe.Answer answer(DeliveryStatus status) {
        return switch (status) {
            case DeliveryStatus.Sent _ -> new Probe.Answer.Deliverable();
            case DeliveryStatus.Bounced bounced -> new Probe.Answer.Undeliverable(bounced.text());
            case DeliveryStatus.Deferred deferred -> new Probe.Answer.Unknown(deferred.text());
        };
    }

    /// Says goodbye to the sessions that rest.
    void close() {
        clients.values().forEach(SmtpClient::close);
    }
}
