package postern.handover;

import java.time.Duration;
import java.time.InstantSource;
import java.util.List;
import java.util.concurrent.atomic.AtomicLong;
import postern.address.Path;
import postern.cleanup.Outlet;
import postern.config.MainCf;
import postern.config.Parameter;
import postern.log.MailLog;
import postern.queue.Ledger;
import postern.queue.QueueId;
import postern.smtp.Envelope;
import postern.smtp.Recipient;

/// The way that stores nothing: the next hop is asked at RCPT, gets the text as it comes, and its answer to
/// the end of data is ours. One for each configuration; safe for use from many threads.
public final class PassThrough implements Outlet.Opener {
    static final Parameter<Duration> POSTERN_HANDOVER_RCPT_TIMEOUT = Parameter.time(
                    "postern_handover_rcpt_timeout", "30s")
            .doc("Time from RCPT to its answer, over all servers of the next hop.");
    static final Parameter<Duration> POSTERN_HANDOVER_LINE_TIMEOUT = Parameter.time(
                    "postern_handover_line_timeout", "10s")
            .doc("How long a message waits for a connection to a next hop that has as many as it may have.");
    static final Parameter<Integer> POSTERN_RELAY_FANOUT = Parameter.integer("postern_relay_fanout", "20")
            .doc("Next hops that one outbound message may go to side by side; a recipient of one more gets 452.");

    static final Parameter<Duration> POSTERN_HANDOVER_DATA_TIMEOUT = Parameter.time(
                    "postern_handover_data_timeout", "120s")
            .doc("How long a next hop may take for DATA, and for each piece of a text that it is given.");
    static final Parameter<Duration> POSTERN_HANDOVER_DONE_TIMEOUT = Parameter.time(
                    "postern_handover_done_timeout", "300s")
            .doc("Time from the end of the text to the next hop's answer; senders wait twice as long for ours.");

    public static final List<Parameter<?>> PARAMETERS = List.of(
            POSTERN_HANDOVER_RCPT_TIMEOUT,
            POSTERN_HANDOVER_LINE_TIMEOUT,
            POSTERN_HANDOVER_DATA_TIMEOUT,
            POSTERN_HANDOVER_DONE_TIMEOUT,
            POSTERN_RELAY_FANOUT);

    private final Leg.Limits limits;
    private final int fanout;
    private final Behind behind;
    private final MailLog log;
    private final InstantSource clock;
    private final Hops hops = new Hops();
    private final HandoverIds ids = new HandoverIds();
    private final Held.Store store;
    private final AtomicLong lastId = new AtomicLong();

    /// What hand-overs are made with.
    ///
    /// @param ways finds out where recipients go
    /// @param ledger of who has a message that others do not have yet
    /// @param notices tells senders who was refused what others took
    public record Behind(Way.Finder ways, Ledger ledger, Notices notices) {}

    public PassThrough(MainCf conf, Behind behind, MailLog log, InstantSource clock) {
        this.limits = new Leg.Limits(
                conf.get(POSTERN_HANDOVER_RCPT_TIMEOUT),
                conf.get(POSTERN_HANDOVER_LINE_TIMEOUT),
                conf.get(POSTERN_HANDOVER_DATA_TIMEOUT),
                conf.get(POSTERN_HANDOVER_DONE_TIMEOUT));
        this.fanout = Math.max(1, conf.get(POSTERN_RELAY_FANOUT));
        this.store = new Held.Store(limits.line());
        this.behind = behind;
        this.log = log;
        this.clock = clock;
    }

    @Override
    public Outlet open(Envelope envelope) {
        java.time.Instant now = clock.instant();
        long micros = now.getEpochSecond() * 1_000_000 + now.getNano() / 1000;
        QueueId id = new QueueId(lastId.updateAndGet(last -> Math.max(last + 1, micros)));
        return new Passage(this, id, envelope);
    }

    @Override
    public boolean keeps() {
        return false;
    }

    /// Whether one of these may have a message of this sender's that comes again.
    boolean mayHave(Path sender, List<Recipient> recipients) {
        return recipients.stream().anyMatch(recipient -> switch (ways().find(sender, recipient.address())) {
            case Way.To to -> ledger().group(ledger().who(sender, to.address())) != 0;
            case Way.Refused _, Way.Discarded _ -> false;
        });
    }

    HandoverIds ids() {
        return ids;
    }

    Leg.Limits limits() {
        return limits;
    }

    Way.Finder ways() {
        return behind.ways();
    }

    /// `postern_relay_fanout`.
    int fanout() {
        return fanout;
    }

    Ledger ledger() {
        return behind.ledger();
    }

    Notices notices() {
        return behind.notices();
    }

    MailLog log() {
        return log;
    }

    InstantSource clock() {
        return clock;
    }

    Hops hops() {
        return hops;
    }

    Held.Store store() {
        return store;
    }
}
