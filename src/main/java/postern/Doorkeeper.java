package postern;

import java.net.InetAddress;
import java.util.List;
import java.util.function.Supplier;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
import postern.address.Address;
import postern.lookup.Lookup;
import postern.lookup.MatchList;
import postern.lookup.Tables;
import postern.net.Listener;
import postern.policy.HostList;
import postern.policy.Policy;
import postern.policy.PolicyRequest;
import postern.policy.Verdict;
import postern.sasl.Bans;
import postern.sasl.GuardRules;
import postern.sasl.LoginGuard;
import postern.smtp.Reply;
import postern.smtp.server.RelayLogins;
import postern.smtp.server.SmtpServer;

/// Turns away who is banned, before anything else is asked.
record Doorkeeper(LoginGuard guard, GuardRules rules) {
    /// No ban reaches those who speak for others: behind their address is everybody.
    static Doorkeeper of(LoginGuard guard, Tables tables) {
        List<HostList> trusted = Stream.concat(
                        Stream.of(HostList.mynetworks(tables)),
                        Stream.of(
                                        SmtpServer.SMTPD_AUTHORIZED_XCLIENT_HOSTS,
                                        SmtpServer.SMTPD_AUTHORIZED_XFORWARD_HOSTS,
                                        SmtpServer.POSTERN_HANDOVER_CLIENTS,
                                        SmtpServer.POSTERN_UPSTREAM_PROXY_HOSTS)
                                .map(hosts -> new HostList(hosts, tables)))
                .toList();
        MatchList relays = tables.names(RelayLogins.POSTERN_RELAY_LOGINS);
        GuardRules rules = GuardRules.of(
                tables.context().conf(),
                address -> trusted.stream().anyMatch(hosts -> hosts.has("unknown", address)),
                login -> relays.match(login) instanceof Lookup.Found);
        return new Doorkeeper(guard, rules);
    }

    Bans bans() {
        return guard.bans();
    }

    boolean turnsAway(@Nullable InetAddress address) {
        return guard.turnsAway(rules, address);
    }

    /// A service that hangs up on who is banned.
    ///
    /// @param keeper the newest
    static Listener.Session before(Supplier<Doorkeeper> keeper, Listener.Session service) {
        return connection -> {
            if (!keeper.get().turnsAway(connection.peer().address())) {
                service.serve(connection);
            }
        };
    }

    /// The policy of a service to which proxies may say who has connected.
    Policy before(Policy policy) {
        return new Before(this, policy);
    }

    private record Before(Doorkeeper keeper, Policy policy) implements Policy {
        @Override
        public Verdict connect(PolicyRequest request) {
            return keeper.turnsAway(request.clientAddress())
                    ? new Verdict.Refuse(
                            Reply.of("421 4.7.0 Error: access denied for " + request.clientLabel() + ": banned"))
                    : policy.connect(request);
        }

        @Override
        public boolean isPossible(Address address) {
            return policy.isPossible(address);
        }

        @Override
        public Verdict helo(PolicyRequest request) {
            return policy.helo(request);
        }

        @Override
        public Verdict mail(PolicyRequest request) {
            return policy.mail(request);
        }

        @Override
        public Verdict rcpt(PolicyRequest request) {
            return policy.rcpt(request);
        }

        @Override
        public Verdict data(PolicyRequest request) {
            return policy.data(request);
        }

        @Override
        public Verdict endOfData(PolicyRequest request) {
            return policy.endOfData(request);
        }

        @Override
        public Verdict vrfy(PolicyRequest request) {
            return policy.vrfy(request);
        }
    }
}
