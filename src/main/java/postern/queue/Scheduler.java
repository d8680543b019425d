package postern.queue;

import java.io.IOException;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.BitSet;
import java.util.Collections;
import java.util.List;
import java.util.Set;
import java.util.concurrent.Executor;
import java.util.random.RandomGenerator;
import org.jspecify.annotations.Nullable;
import postern.address.Address;
import postern.address.Path;
import postern.config.MainCf;
import postern.config.Parameter;
import postern.log.MailLog;
import postern.rewrite.Resolved;
import postern.smtp.EnhancedStatus;

/// Decides what is delivered when: Postfix's qmgr(8).
///
/// New mail comes in by [#arrived(Mail)], waiting mail from the queue when it is due. Both end in the
/// [ActiveQueue], which says what to start; each delivery runs in a thread of its own, and the thread of a
/// message's last delivery ends its round ([RoundEnd]). No thread holds a lock while it waits for a peer, a
/// table or a disk.
public final class Scheduler implements AutoCloseable {
    static final Parameter<Integer> QMGR_MESSAGE_ACTIVE_LIMIT = Parameter.integer("qmgr_message_active_limit", "20000")
            .doc("Most messages being worked on at a time; those tried again fill at most half of it.");
    static final Parameter<Integer> QMGR_MESSAGE_RECIPIENT_LIMIT = Parameter.integer(
                    "qmgr_message_recipient_limit", "20000")
            .doc("Most recipients being worked on at a time.");
    static final Parameter<Duration> IN_FLOW_DELAY = Parameter.time("in_flow_delay", "1s")
            .doc("How long at most a client waits when mail comes in faster than it leaves; 0 means not at all.");
    static final Parameter<Boolean> SOFT_BOUNCE = Parameter.bool("soft_bounce", "no")
            .doc("Whether mail that would bounce waits instead: for trying a configuration out.");

    static final Parameter<List<String>> DEFER_TRANSPORTS =
            Parameter.list("defer_transports", "").doc("Transports whose mail waits until it is flushed.");

    public static final List<Parameter<?>> PARAMETERS = List.of(
            DEFER_TRANSPORTS,
            QMGR_MESSAGE_ACTIVE_LIMIT,
            QMGR_MESSAGE_RECIPIENT_LIMIT,
            IN_FLOW_DELAY,
            SOFT_BOUNCE,
            DeliveryLog.DELAY_LOGGING_RESOLUTION_LIMIT);

    private static final Duration STOP_GRACE = Duration.ofSeconds(5);
    private static final int FETCH_AT_ONCE = 200;

    private final Services services;
    private final World world;
    private final ActiveQueue active;
    private final Feeder feeder = new Feeder(this::fetchOrWait);
    private volatile Settings settings;
    private volatile boolean hungry;
    private volatile boolean flushing;

    /// What the scheduler works with.
    ///
    /// @param router where recipients go
    /// @param bounce who tells senders
    public record Services(Queue queue, Router router, Bounce bounce, MailLog log) {}

    /// What tests put in place of time and chance.
    ///
    /// @param random for the jitter of retries; asked by many threads
    /// @param executor runs each delivery in a virtual thread of its own
    public record World(InstantSource clock, RandomGenerator random, Executor executor) {}

    private record Settings(Retry retry, RoundEnd roundEnd, DeliveryLog log, Duration inFlowDelay, boolean softBounce) {
        static Settings of(MainCf conf, Services services, World world) {
            Retry retry = new Retry(conf, world.random());
            DeliveryLog log = new DeliveryLog(services.log(), conf.get(DeliveryLog.DELAY_LOGGING_RESOLUTION_LIMIT));
            RoundEnd roundEnd = new RoundEnd(services.queue(), services.bounce(), retry, log);
            return new Settings(retry, roundEnd, log, conf.get(IN_FLOW_DELAY), conf.get(SOFT_BOUNCE));
        }

        ActiveQueue.Limits limits(MainCf conf) {
            return new ActiveQueue.Limits(
                    conf.get(QMGR_MESSAGE_ACTIVE_LIMIT),
                    conf.get(QMGR_MESSAGE_RECIPIENT_LIMIT),
                    retry.least(),
                    retry.most(),
                    Set.copyOf(conf.get(DEFER_TRANSPORTS)));
        }
    }

    public Scheduler(MainCf conf, List<Transport> transports, Services services, World world) {
        this.services = services;
        this.world = world;
        this.settings = Settings.of(conf, services, world);
        this.active = new ActiveQueue(settings.limits(conf), transports);
    }

    /// Begins to take waiting mail.
    public void start() {
        world.executor().execute(feeder);
    }

    /// Goes on with another configuration, notices too; what is under way ends with the old one.
    ///
    /// @throws postern.config.ConfigException when it cannot be used: nothing has changed then
    public void reload(MainCf conf, List<Transport> transports) {
        Settings next = Settings.of(conf, services, world);
        services.bounce().reload(conf);
        active.configure(next.limits(conf), transports);
        settings = next;
        feeder.wake();
    }

    /// Takes a message that has just been committed. Asks the router in the caller's thread, and waits when
    /// mail for the same destination comes in faster than it leaves: until one is delivered there, at most
    /// `in_flow_delay`. Never for a destination that is down, and never for a notice of our own.
    public void arrived(Mail mail) {
        InFlow inFlow = take(mail);
        if (mail.isNotice() || !inFlow.await(settings.inFlowDelay())) {
            active.forget(inFlow);
        }
    }

    InFlow take(Mail mail) {
        Instant now = world.clock().instant();
        ActiveMail arrived = ActiveMail.arrived(mail, now);
        if (!active.admit(arrived)) {
            services.queue().park(mail.id(), now);
            hungry = true;
            return new InFlow(null);
        }
        return begin(arrived, false, now);
    }

    private InFlow begin(ActiveMail mail, boolean flushed, Instant now) {
        settings.log().active(mail);
        Routing routing = Routing.of(mail, services.router());
        ActiveQueue.Work work = active.begin(mail, routing, flushed, now);
        perform(work, now, world.executor());
        return work.inFlow();
    }

    /// The feeder must outlive whatever goes wrong in one pass.
    private Duration fetchOrWait() {
        try {
            return fetch();
        } catch (RuntimeException e) {
            services.log().warning("qmgr", "waiting mail cannot be taken: " + e);
            return Duration.ofSeconds(10);
        }
    }

    /// Takes waiting mail that is due, as much as there is room for. Returns how long none will be.
    Duration fetch() {
        Instant now = world.clock().instant();
        perform(active.afterPauses(now), now, world.executor());
        active.sweep(now);
        hungry = false;
        boolean flushed = flushing;
        flushing = false;
        int taken;
        do {
            int room = Math.min(active.room(), FETCH_AT_ONCE);
            if (room == 0) {
                hungry = true;
                flushing = flushing || flushed;
                return untilNextStart(Duration.ofSeconds(1), now);
            }
            List<QueueId> due = services.queue().due(now, room);
            due.forEach(id -> resume(id, flushed || flushing, now));
            taken = due.size();
        } while (taken > 0);
        Instant next = services.queue().nextDue();
        return untilNextStart(next == null ? Duration.ofDays(1) : Duration.between(now, next), now);
    }

    /// So long, or until the pause of a destination or transport is over.
    private Duration untilNextStart(Duration most, Instant now) {
        Instant next = active.nextStart(now);
        Duration pause = next == null ? most : Duration.between(now, next);
        return pause.compareTo(most) < 0 ? pause : most;
    }

    private void resume(QueueId id, boolean flushed, Instant now) {
        Queued queued;
        try {
            queued = services.queue().read(id);
        } catch (IOException | RuntimeException e) {
            services.log().warning("qmgr", id + ": cannot be read, left alone for a while: " + e.getMessage());
            services.queue().park(id, now.plus(settings.retry().most()));
            return;
        }
        if (queued == null) {
            return;
        }
        ActiveMail mail = new ActiveMail(queued, now);
        if (active.admit(mail)) {
            begin(mail, flushed, now);
        } else {
            services.queue().park(id, now);
        }
    }

    /// Does what the active queue said.
    ///
    /// @param ends runs the end of a round that has notices to write: who brings mail does not wait for those
    private void perform(ActiveQueue.Work work, Instant now, Executor ends) {
        work.starts().forEach(entry -> world.executor().execute(() -> deliver(entry)));
        DeliveryLog.Times none = DeliveryLog.Times.none(now);
        for (ActiveQueue.Suspended suspended : work.suspended()) {
            settings.log().recipient("error", suspended.mail(), suspended.report(), none);
        }
        for (ActiveMail mail : work.finished()) {
            if (settings.roundEnd().hasNotices(mail, now)) {
                ends.execute(() -> endRound(mail));
            } else {
                endRound(mail);
            }
        }
        for (String nextHop : work.flush()) {
            services.queue().flush(Destination.hash(nextHop));
            feeder.wake();
        }
        if (work.starts().stream()
                .anyMatch(entry -> entry.job().transport().limits().paces())) {
            feeder.wake();
        }
        if (hungry && !work.finished().isEmpty() && active.hasAmpleRoom()) {
            feeder.wake();
        }
    }

    private void deliver(Entry entry) {
        Instant started = world.clock().instant();
        DeliveryResult result = attempt(entry);
        Instant ended = world.clock().instant();
        try {
            note(entry, result, new DeliveryLog.Times(started, result.connect(), result.transmit(), ended));
        } catch (RuntimeException e) {
            services.log().warning("qmgr", entry.mail().id() + ": the queue was not told of a delivery: " + e);
        }
        perform(active.complete(entry, result, ended), ended, Runnable::run);
        if (entry.job().transport().limits().paces()) {
            feeder.wake();
        }
    }

    private void note(Entry entry, DeliveryResult result, DeliveryLog.Times times) {
        BitSet sent = new BitSet();
        List<Report> reports = entry.reports(result);
        for (int i = 0; i < reports.size(); i++) {
            Report report = reports.get(i);
            settings.log().recipient(entry.job().transport().logName(), entry.mail(), report, times);
            if (report.status() instanceof DeliveryStatus.Sent) {
                sent.set(entry.places().get(i));
            }
        }
        if (!sent.isEmpty()) {
            finish(entry.mail(), sent, reports);
        }
    }

    /// Those who got the message are finished at once, lest a crash send it to them again. A notice of that
    /// is written before: afterwards there may be no message to take the header from.
    private void finish(ActiveMail mail, BitSet sent, List<Report> reports) {
        try {
            services.bounce().succeeded(mail.mail(), reports);
        } finally {
            services.queue().done(mail.id(), sent);
        }
    }

    /// One attempt. A bug in an agent defers the mail and costs nobody else anything.
    private DeliveryResult attempt(Entry entry) {
        ActiveMail mail = entry.mail();
        Transport transport = entry.job().transport();
        QueueId id = mail.id();
        DeliveryRequest request = new DeliveryRequest(
                mail.mail(),
                entry.recipients(),
                transport.name(),
                entry.destination().nextHop(),
                mail.tries(),
                () -> services.queue().body(id));
        try {
            DeliveryResult result = transport.agent().deliver(request);
            if (result.statuses().size() == entry.recipients().size()) {
                return settings.softBounce() ? softened(result) : result;
            }
            return failed(entry, "not one status for each recipient");
        } catch (RuntimeException | Error e) {
            return failed(entry, e.toString());
        }
    }

    private DeliveryResult failed(Entry entry, String why) {
        services.log().warning("qmgr", entry.mail().id() + ": delivery agent failed: " + why);
        DeliveryStatus status = Routing.deferred("4.3.0", "unknown mail transport error");
        return new DeliveryResult(
                Collections.nCopies(entry.recipients().size(), status), Duration.ZERO, Duration.ZERO, false);
    }

    private static DeliveryResult softened(DeliveryResult result) {
        List<DeliveryStatus> statuses =
                result.statuses().stream().map(Scheduler::softened).toList();
        return new DeliveryResult(statuses, result.connect(), result.transmit(), result.nextHopFailed());
    }

    private static DeliveryStatus softened(DeliveryStatus status) {
        return switch (status) {
            case DeliveryStatus.Bounced(EnhancedStatus code, String relay, String text, var reply, String mta) ->
                new DeliveryStatus.Deferred(code.withClass(4), relay, text, reply, mta);
            case DeliveryStatus.Sent sent -> sent;
            case DeliveryStatus.Deferred deferred -> deferred;
        };
    }

    private void endRound(ActiveMail mail) {
        Instant now = world.clock().instant();
        RoundEnd roundEnd = settings.roundEnd();
        boolean warned = mail.warned();
        try {
            warned = roundEnd.notices(mail, now);
        } catch (RuntimeException e) {
            services.log().warning("qmgr", mail.id() + ": notice failed: " + e);
        }
        ActiveMail.Order order = active.retire(mail);
        try {
            roundEnd.leave(mail, warned, order, now);
        } catch (RuntimeException e) {
            services.log().warning("qmgr", mail.id() + ": left active until the next start: " + e);
        }
    }

    /// Looks at the queue again: something may have become due.
    public void wake() {
        feeder.wake();
    }

    /// Tries waiting mail now, also where deliveries are suspended: as in Postfix those rests end everywhere,
    /// whatever the site.
    ///
    /// @param site a domain, or a next hop as routes write it; empty: all mail
    public void flush(String site) {
        flushing = true;
        active.endRests();
        if (site.isEmpty()) {
            services.queue().flush(0);
        } else {
            services.queue().flush(Destination.hash(site));
            Resolved route = Routing.resolve(Path.NULL, new Address("postmaster", site), services.router());
            if (route instanceof Resolved.To to) {
                services.queue().flush(Destination.hash(to.nextHop()));
            }
        }
        feeder.wake();
    }

    /// Takes a message out of delivery; what is under way ends. Returns the order before; null when it is not
    /// active.
    ActiveMail.@Nullable Order order(QueueId id, ActiveMail.Order order) {
        return active.order(id, order);
    }

    boolean isActive(QueueId id) {
        return active.isActive(id);
    }

    /// Where mail goes now, the busiest destination first.
    public List<DestinationState> destinations() {
        return active.destinations(world.clock().instant());
    }

    /// Starts nothing more, and waits a little for what is under way. Whatever does not end in time is
    /// delivered again after the next start.
    @Override
    public void close() {
        feeder.stop();
        active.stop();
        if (!active.awaitEnd(STOP_GRACE)) {
            services.log().warning("qmgr", "deliveries still under way at stop");
        }
    }
}
