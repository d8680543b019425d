package postern.smtp.client;

import java.util.ArrayDeque;
import java.util.Deque;
import java.util.List;
import org.jspecify.annotations.Nullable;
import postern.address.Address;
import postern.net.Endpoint;
import postern.smtp.Peer;
import postern.tlspolicy.TlsPolicy;

/// The servers that one message is offered to, one after the other: a dialog that rests, if there is one; the
/// hosts of each next hop by preference; the fall-back relay. Each dialog goes back with [#release] before the
/// next is asked for. Confined to one thread.
public final class Attempts implements AutoCloseable {
    /// A next hop under way.
    private record Hop(NextHop hop, TlsPolicy policy, int best, boolean first, boolean fallback) {}

    /// For whom.
    ///
    /// @param nextHop as routes gave it
    /// @param sender where logins depend on it
    /// @param id the queue id
    /// @param client who handed the mail in, when the next hop is to know; null for mail of our own
    /// @param proxied whether the next hop awaits a PROXY header
    /// @param budget the time there is
    record Errand(
            String nextHop,
            @Nullable Address sender,
            String id,
            @Nullable Peer client,
            boolean proxied,
            Budget budget) {
        /// What dialogs may rest under for others on the same way. One that speaks for us alone is never given
        /// to a client.
        String key() {
            return (sender == null ? nextHop : nextHop + "\n" + sender.internal()) + (stranger() == null ? "" : "\n\n");
        }

        /// Whom the next hop is to judge instead of us; null where it is we. A client that has logged in is
        /// ours to answer for: at its address nobody awaits a mail server.
        @Nullable
        Peer stranger() {
            return client == null || !client.login().isEmpty() ? null : client;
        }
    }

    private final SmtpClient client;
    private final Errand errand;
    private final Deque<NextHop> hops = new ArrayDeque<>();
    private final Deque<TargetHost> hosts = new ArrayDeque<>();
    private int fallbacks = -1;
    private int sessions;
    private @Nullable Hop present;
    private @Nullable SmtpFailure failure;
    private boolean reuse;
    private @Nullable Endpoint done;

    Attempts(SmtpClient client, Errand errand) {
        this.client = client;
        this.errand = errand;
        try {
            hops.addAll(client.parse(errand.nextHop()));
            NextHop first = hops.getFirst();
            List<NextHop> fallback = first.kind() == NextHop.Kind.UNIX ? List.of() : client.fallback();
            hops.addAll(fallback);
            client.cache().begin(errand.key(), first.host());
            fallbacks = fallback.size();
            reuse = true;
        } catch (SmtpFailure e) {
            hops.clear();
            failure = e;
        }
    }

    /// The time that the message has left; what is handed out keeps to it until it is released.
    public Budget budget() {
        return errand.budget();
    }

    /// The next dialog that is ready for the message; null when there is none left: [#failure] says why.
    public @Nullable SmtpDialog next() {
        SmtpDialog resting = reuse ? client.cache().take(errand.key()) : null;
        reuse = false;
        if (resting == null) {
            return fresh();
        }
        resting.chat().within(budget());
        return resting;
    }

    /// The same, but never one that has rested.
    @Nullable
    SmtpDialog fresh() {
        reuse = false;
        while (!budget().isSpent()) {
            TargetHost host = hosts.pollFirst();
            if (host == null) {
                if (!nextHop()) {
                    return null;
                }
            } else if (!host.endpoint().equals(done)) {
                SmtpDialog dialog = connect(host);
                if (dialog != null) {
                    return dialog;
                }
            }
        }
        failure = SmtpFailure.local(4, 4, 1, "no server of " + errand.nextHop() + " was ready in time");
        return null;
    }

    /// Takes back a dialog after the message: it rests for others, or ends.
    public void release(SmtpDialog dialog) {
        boolean reused = isReused();
        if (reused && dialog.isReady()) {
            done = dialog.host().endpoint();
        }
        if (reused || mayRest(dialog)) {
            dialog.chat().within(null);
            client.cache().keep(errand.key(), dialog);
        } else {
            dialog.quit();
        }
    }

    /// Only the best host of a next hop is kept for others: they would never try it again.
    private boolean mayRest(SmtpDialog dialog) {
        Hop hop = present;
        return hop != null
                && hop.first
                && dialog.host().preference() == hop.best
                && (hop.policy.reuse() || dialog.tls() == null);
    }

    /// Why there is no further dialog.
    public SmtpFailure failure() {
        return failureAfter(SmtpFailure.local(4, 3, 0, "server unavailable or unable to receive mail"));
    }

    /// Why a recipient whose last dialog ended with this failure has no further dialog: what has failed since,
    /// else that.
    public SmtpFailure failureAfter(SmtpFailure earlier) {
        SmtpFailure last = failure;
        if (last == null) {
            return earlier;
        }
        if (!last.isPermanent() || last.isAboutClient()) {
            return last;
        }
        boolean fallback = present != null && present.fallback;
        if (fallback || client.isRelayhost(errand.nextHop())) {
            client.outside().warning((fallback ? "smtp_fallback_relay" : "relayhost") + " configuration problem");
            return last.asConfigurationProblem();
        }
        return last;
    }

    /// Whether another server may be tried.
    public boolean hasMore() {
        return !hosts.isEmpty() || !hops.isEmpty();
    }

    /// Whether a dialog was one that had rested for this destination.
    public boolean isReused() {
        return present == null;
    }

    /// The message is no longer under way.
    @Override
    public void close() {
        if (fallbacks >= 0) {
            client.cache().end(errand.key());
        }
    }

    private boolean nextHop() {
        for (NextHop hop = hops.pollFirst(); hop != null; hop = hops.pollFirst()) {
            boolean first = present == null;
            boolean fallback = hops.size() < fallbacks;
            present = new Hop(hop, TlsPolicy.NONE, 0, first, fallback);
            sessions = first && done != null ? 1 : 0;
            try {
                TlsPolicy policy = client.policy(hop);
                TargetHosts.Found found = client.hosts(hop, budget());
                hosts.addAll(found.hosts());
                present = new Hop(hop, policy, hosts.getFirst().preference(), first, fallback);
                if (found.weAreBackup()) {
                    hops.clear();
                }
                limitSessions();
                return true;
            } catch (SmtpFailure e) {
                failure = e;
                if (e.isLoop()) {
                    hops.clear();
                }
            }
        }
        return false;
    }

    private @Nullable SmtpDialog connect(TargetHost host) {
        Hop hop = present;
        if (hop == null) {
            return null;
        }
        Call call = new Call(hop.hop, host, hop.policy, host.preference() == hop.best, errand);
        try {
            SmtpDialog dialog = client.connect(call);
            failure = null;
            sessions++;
            limitSessions();
            return dialog;
        } catch (SmtpFailure e) {
            failure = e;
            if (e.isPermanent() || e.isAboutClient()) {
                hosts.clear();
                hops.clear();
            }
            if (e.relay().equals("none")) {
                client.outside().info(e.text());
            } else if (hasMore()) {
                client.outside().info(errand.id() + ": " + e.text());
            }
            return null;
        }
    }

    private void limitSessions() {
        if (sessions >= client.sessionLimit()) {
            hosts.clear();
        }
    }
}
