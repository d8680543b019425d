package postern.queue;

import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/// The messages being worked on, and which delivery comes next. Owns all of the scheduler's state; every
/// method holds its lock, and none does input or output: what is to be done comes back as [Work].
///
/// A delivery costs a constant number of queue operations, whatever waits.
final class ActiveQueue {
    private Limits limits;
    private final Map<QueueId, ActiveMail> mails = new HashMap<>();
    private final Map<String, Slots> transports = new HashMap<>();
    private int recipients;
    private int retries;
    private int running;
    private boolean stopped;

    /// @param mails most messages at a time; those that are tried again fill at most half of it
    /// @param recipients most recipients at a time, but for the message that goes beyond
    /// @param rest how long a dead destination is left alone
    /// @param forget how long the trouble of a destination is remembered that gets no mail
    /// @param deferring transports that take no mail but what an operator flushes (`defer_transports`)
    record Limits(int mails, int recipients, Duration rest, Duration forget, Set<String> deferring) {}

    /// What the caller has to do after the lock is gone.
    ///
    /// @param starts deliveries to start
    /// @param suspended recipients deferred without an attempt: for the log
    /// @param finished messages whose round is over
    /// @param flush next hops that are alive again
    /// @param inFlow what the bringer of the message waits for
    record Work(
            List<Entry> starts,
            List<Suspended> suspended,
            List<ActiveMail> finished,
            List<String> flush,
            InFlow inFlow) {
        Work(InFlow inFlow) {
            this(new ArrayList<>(), new ArrayList<>(), new ArrayList<>(), new ArrayList<>(1), inFlow);
        }

        Work() {
            this(InFlow.FREE);
        }

        Work holdingBack(InFlow other) {
            return new Work(starts, suspended, finished, flush, other);
        }
    }

    /// A recipient deferred without an attempt.
    record Suspended(ActiveMail mail, Report report) {}

    ActiveQueue(Limits limits, List<Transport> transports) {
        this.limits = limits;
        configure(limits, transports);
    }

    /// Takes transports from a new configuration. One that is gone takes no more mail and works on with what
    /// it has.
    synchronized void configure(Limits others, List<Transport> configured) {
        limits = others;
        Map<String, Slots> before = Map.copyOf(transports);
        transports.clear();
        for (Transport transport : configured) {
            Slots known = before.get(transport.name());
            if (known != null) {
                known.transport(transport);
            }
            transports.put(transport.name(), known == null ? new Slots(transport) : known);
        }
    }

    /// Makes room for a message; false when there is none.
    synchronized boolean admit(ActiveMail mail) {
        if (stopped || mails.size() >= limits.mails() || recipients >= limits.recipients()) {
            return false;
        }
        mails.put(mail.id(), mail);
        recipients += mail.mail().recipients().size();
        retries += mail.tries() > 0 ? 1 : 0;
        return true;
    }

    /// How many waiting messages may be taken now.
    synchronized int room() {
        if (stopped || recipients >= limits.recipients()) {
            return 0;
        }
        return Math.max(0, Math.min(limits.mails() - mails.size(), (limits.mails() + 1) / 2 - retries));
    }

    /// Queues an admitted message for delivery.
    ///
    /// @param flushed whether an operator wants it tried now, whatever `defer_transports` says
    synchronized Work begin(ActiveMail mail, Routing routing, boolean flushed, Instant now) {
        Work work = new Work();
        routing.unresolved().forEach((place, status) -> suspend(mail, place, status, "", work));
        Map<String, Job> jobs = jobs(mail, routing);
        Destination crowded = null;
        for (Routing.Group group : routing.groups()) {
            if (!flushed && limits.deferring().contains(group.transport())) {
                suspend(mail, group, Routing.deferred("4.3.2", "deferred transport"), work);
                continue;
            }
            Job job = jobs.get(group.transport());
            if (job == null) {
                suspend(mail, group, Routing.deferred("4.3.5", "mail transport unavailable"), work);
                continue;
            }
            Destination destination = job.slots().destination(group.nextHop());
            enqueue(job, destination, group, now, work);
            crowded = crowded == null && destination.isCrowded() ? destination : crowded;
        }
        if (!mail.isPending()) {
            work.finished().add(mail);
        }
        return crowded == null ? work : work.holdingBack(crowded.holdBack());
    }

    /// One job for each transport that is there.
    private Map<String, Job> jobs(ActiveMail mail, Routing routing) {
        Map<String, Integer> deliveries = new HashMap<>();
        for (Routing.Group group : routing.groups()) {
            Slots slots = transports.get(group.transport());
            if (slots != null) {
                int most = slots.transport().limits().recipients();
                deliveries.merge(
                        group.transport(), Entry.deliveries(group.places().size(), most), Integer::sum);
            }
        }
        Map<String, Job> jobs = new HashMap<>();
        deliveries.forEach((transport, count) -> {
            Slots slots = transports.get(transport);
            if (slots != null) {
                jobs.put(
                        transport,
                        new Job(mail, slots, slots.transport().limits().isMailing(count, mail.tries())));
            }
        });
        return jobs;
    }

    /// Whether so much is free again that waiting mail should be fetched.
    synchronized boolean hasAmpleRoom() {
        return room() > limits.mails() / 8;
    }

    private void enqueue(Job job, Destination destination, Routing.Group group, Instant now, Work work) {
        Destination.Outage outage = destination.outage(now);
        if (outage != null) {
            suspend(job.mail(), group, suspension(outage.reason()), work);
            return;
        }
        List<Entry> entries = Entry.split(job, destination, group);
        job.mail().expect(entries.size());
        destination.turns(job.mailing()).add(entries);
        job.slots().offer(destination);
        start(job.slots(), now, work);
    }

    /// The delivery of an entry is over.
    synchronized Work complete(Entry entry, DeliveryResult result, Instant now) {
        Work work = new Work();
        Destination destination = entry.destination();
        note(entry, result);
        if (result.nextHopFailed()) {
            DeliveryStatus reason = result.statuses().getFirst();
            for (Entry waiting : destination.failed(reason, now, limits.rest())) {
                suspend(waiting, suspension(reason), work);
            }
        } else if (destination.reached(now, limits.rest())) {
            work.flush().add(destination.nextHop());
        }
        running--;
        end(entry, work);
        Slots slots = entry.job().slots();
        slots.ended(entry, now);
        start(slots, now, work);
        notifyAll();
        return work;
    }

    /// Starts what waited for a pause to end.
    synchronized Work afterPauses(Instant now) {
        Work work = new Work();
        for (Slots slots : transports.values()) {
            slots.endPauses(now);
            start(slots, now, work);
        }
        return work;
    }

    /// When there will be something to start again; null when nothing pauses.
    synchronized @Nullable Instant nextStart(Instant now) {
        return transports.values().stream()
                .map(slots -> slots.nextStart(now))
                .filter(Objects::nonNull)
                .min(Comparator.naturalOrder())
                .orElse(null);
    }

    private static void note(Entry entry, DeliveryResult result) {
        List<Report> reports = entry.reports(result);
        for (int i = 0; i < reports.size(); i++) {
            entry.mail()
                    .note(
                            entry.places().get(i),
                            reports.get(i),
                            entry.destination().nextHop());
        }
    }

    private void start(Slots slots, Instant now, Work work) {
        if (stopped) {
            return;
        }
        for (Entry entry = slots.next(now); entry != null; entry = slots.next(now)) {
            if (entry.mail().order() == ActiveMail.Order.NONE) {
                running++;
                work.starts().add(entry);
            } else {
                slots.ended(entry, now);
                end(entry, work);
            }
        }
    }

    private static void end(Entry entry, Work work) {
        if (entry.mail().ended()) {
            work.finished().add(entry.mail());
        }
    }

    private static void suspend(Entry entry, DeliveryStatus status, Work work) {
        String nextHop = entry.destination().nextHop();
        entry.places().forEach(place -> suspend(entry.mail(), place, status, nextHop, work));
        end(entry, work);
    }

    private static void suspend(ActiveMail mail, Routing.Group group, DeliveryStatus status, Work work) {
        group.places().forEach(place -> suspend(mail, place, status, group.nextHop(), work));
    }

    private static void suspend(ActiveMail mail, int place, DeliveryStatus status, String nextHop, Work work) {
        Report report = Report.of(mail.recipient(place), status, false);
        mail.note(place, report, nextHop);
        work.suspended().add(new Suspended(mail, report));
    }

    /// What those are told who wait for a destination that has just failed others.
    private static DeliveryStatus suspension(DeliveryStatus reason) {
        String text = "delivery temporarily suspended: " + reason.text();
        return new DeliveryStatus.Deferred(
                reason.status().withClass(4), "none", text, reason.reply(), reason.remoteMta());
    }

    /// Tries again at once where a rest was given: an operator knows that something has changed.
    synchronized void endRests() {
        transports.values().forEach(slots -> slots.destinations().forEach(Destination::endRest));
    }

    /// The round of a message is over: it is no longer here. Returns what an operator wanted meanwhile.
    synchronized ActiveMail.Order retire(ActiveMail mail) {
        mails.remove(mail.id());
        recipients -= mail.mail().recipients().size();
        retries -= mail.tries() > 0 ? 1 : 0;
        return mail.order();
    }

    /// Notes what an operator wants done with a message. Returns what was wanted before; null when it is not
    /// active.
    synchronized ActiveMail.@Nullable Order order(QueueId id, ActiveMail.Order order) {
        ActiveMail mail = mails.get(id);
        return mail == null ? null : mail.order(order);
    }

    synchronized boolean isActive(QueueId id) {
        return mails.containsKey(id);
    }

    /// Whoever waited for this no longer does.
    synchronized void forget(InFlow inFlow) {
        Destination behind = inFlow.behind();
        if (behind != null) {
            behind.forget(inFlow);
        }
    }

    /// Forgets the trouble of destinations that have had no mail for long.
    synchronized void sweep(Instant now) {
        transports.values().forEach(slots -> slots.sweep(now, now.minus(limits.forget())));
    }

    /// From now on nothing is started, and nobody is held back.
    synchronized void stop() {
        stopped = true;
        transports.values().forEach(slots -> slots.destinations().forEach(Destination::letIn));
        notifyAll();
    }

    /// Waits until no delivery runs. Returns false when that takes longer than `most`.
    synchronized boolean awaitEnd(Duration most) {
        long until = System.nanoTime() + most.toNanos();
        while (running > 0) {
            long left = (until - System.nanoTime()) / 1_000_000;
            if (left <= 0) {
                return false;
            }
            try {
                wait(left);
            } catch (InterruptedException e) {
                throw new IllegalStateException("nothing is ever interrupted", e);
            }
        }
        return true;
    }

    /// The destinations that have work or are in trouble, the busiest first.
    synchronized List<DestinationState> destinations(Instant now) {
        List<DestinationState> states = new ArrayList<>();
        transports
                .values()
                .forEach(slots -> slots.destinations()
                        .forEach(destination ->
                                states.add(DestinationState.of(slots.transport().name(), destination, now))));
        states.sort(Comparator.comparingInt(DestinationState::waiting).reversed());
        return states;
    }
}
