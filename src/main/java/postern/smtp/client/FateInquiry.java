package postern.smtp.client;

import java.util.ArrayList;
import java.util.List;
import java.util.function.Predicate;
import postern.smtp.Fates.Fate;
import postern.smtp.HandoverId;
import postern.tlspolicy.TlsPolicy;

/// Asks the servers of a next hop what became of a hand-over, each on a connection of its own. Confined to one
/// thread.
///
/// An id says nothing about the server that may have the message, so what may be concluded from "unknown" hangs on
/// who says it. The server that was given the message decides alone. When it is not among those of the next hop
/// any more (a new address, another one in its place), any of them may be the same one: the message is unknown
/// only when all say so, and none is left out. One that cannot be asked may be the one that has it.
final class FateInquiry {
    private record Server(NextHop hop, TargetHost host, TlsPolicy policy) {}

    private final SmtpClient client;
    private final Attempts.Errand errand;
    private final List<Server> servers = new ArrayList<>();
    private boolean complete = true;

    FateInquiry(SmtpClient client, Attempts.Errand errand) {
        this.client = client;
        this.errand = errand;
    }

    /// @param had whether this is the server that was given the message
    Fate of(HandoverId id, Predicate<TargetHost> had) {
        find();
        List<Server> those =
                servers.stream().filter(server -> had.test(server.host())).toList();
        return those.isEmpty() ? ask(servers, complete, id) : ask(those, true, id);
    }

    private void find() {
        try {
            List<NextHop> hops = new ArrayList<>(client.parse(errand.nextHop()));
            hops.addAll(hops.getFirst().kind() == NextHop.Kind.UNIX ? List.of() : client.fallback());
            hops.forEach(this::find);
        } catch (SmtpFailure e) {
            complete = false;
        }
    }

    private void find(NextHop hop) {
        try {
            TlsPolicy policy = client.policy(hop);
            List<TargetHost> hosts = client.hosts(hop, errand.budget()).hosts();
            hosts.forEach(host -> servers.add(new Server(hop, host, policy)));
            // there may be more, which were not looked up
            complete &= hosts.size() < client.addressLimit();
        } catch (SmtpFailure e) {
            complete = false;
        }
    }

    private Fate ask(List<Server> those, boolean all, HandoverId id) {
        boolean unknown = all && !those.isEmpty();
        for (Server server : those) {
            Fate fate = ask(server, id);
            if (fate == Fate.TAKEN) {
                return fate;
            }
            unknown &= fate == Fate.UNKNOWN;
        }
        return unknown ? Fate.UNKNOWN : Fate.UNDECIDED;
    }

    private Fate ask(Server server, HandoverId id) {
        try {
            SmtpDialog dialog = client.connect(new Call(server.hop(), server.host(), server.policy(), false, errand));
            try {
                return dialog.fate(id);
            } finally {
                dialog.quit();
            }
        } catch (SmtpFailure e) {
            client.outside().info(errand.id() + ": " + e.text());
            return Fate.UNDECIDED;
        }
    }
}
