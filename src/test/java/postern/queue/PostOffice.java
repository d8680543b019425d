package postern.queue;

import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.concurrent.Executor;
import java.util.concurrent.atomic.AtomicReference;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;
import postern.address.Address;
import postern.config.MainCf;
import postern.log.MailLog;
import postern.rewrite.Resolved;
import postern.smtp.EnhancedStatus;
import postern.smtp.Envelope;
import postern.smtp.Handover;
import postern.smtp.Intake;
import postern.smtp.Params;
import postern.smtp.Peer;
import postern.smtp.Recipient;
import postern.smtp.Reply;

/// A scheduler with everything it stands on under the test's control: the clock, the deliveries that have
/// been started but not yet made, the agents' answers, the intake of notices.
///
/// Recipients go to their domain by the transport `smtp`, unless `routes` says otherwise.
final class PostOffice {
    static final Duration CONNECT = Duration.ofMillis(20);
    static final Duration TRANSMIT = Duration.ofMillis(130);

    Instant now = QueueContract.START;
    final MemoryQueue queue;
    final Queue seen;
    final List<String> log = new ArrayList<>();
    final MailLog mailLog = (service, text) -> log.add(service + ": " + text);
    final ArrayDeque<Runnable> started = new ArrayDeque<>();
    final List<DeliveryRequest> delivered = new ArrayList<>();
    final Map<String, Resolved> routes = new HashMap<>();
    final List<QueueId> notices = new ArrayList<>();
    final Map<String, String> settings =
            new HashMap<>(Map.of("myhostname", "mx.example.org", "myorigin", "example.org"));
    Function<DeliveryRequest, DeliveryResult> agent = PostOffice::sent;

    @Nullable
    Reply noticesRefused;

    boolean agentIsFinal;
    private @Nullable Scheduler scheduler;

    PostOffice() {
        queue = new MemoryQueue(() -> now);
        seen = queue;
    }

    PostOffice(Queue other, MemoryQueue behind) {
        queue = behind;
        seen = other;
    }

    PostOffice set(String name, String value) {
        settings.put(name, value);
        return this;
    }

    MainCf conf() {
        return MainCf.of(Path.of("/etc/postfix"), settings);
    }

    Bounce bounce() {
        return new Bounce(conf(), this::open, seen, () -> now, mailLog);
    }

    Scheduler scheduler() {
        if (scheduler == null) {
            scheduler = new Scheduler(
                    conf(),
                    transports(),
                    new Scheduler.Services(seen, (_, to) -> route(to), bounce(), mailLog),
                    new Scheduler.World(() -> now, new Random(1), started::add));
        }
        return scheduler;
    }

    /// Another scheduler of the same mail, over another agent, with other threads and another clock.
    Scheduler scheduler(DeliveryAgent other, Executor executor, InstantSource clock) {
        MailLog quiet = MailLog.none();
        AtomicReference<Scheduler> made = new AtomicReference<>();
        Intake intake = envelope ->
                new NoticeIntake(envelope, seen.incoming(), mail -> made.get().arrived(mail));
        Bounce ours = new Bounce(conf(), intake, seen, clock, quiet);
        made.set(new Scheduler(
                conf(),
                List.of(Transport.of(conf(), "smtp", "smtp", other)),
                new Scheduler.Services(seen, (_, to) -> route(to), ours, quiet),
                new Scheduler.World(clock, new Random(2), executor)));
        return made.get();
    }

    List<Transport> transports() {
        DeliveryAgent watched = new DeliveryAgent() {
            @Override
            public DeliveryResult deliver(DeliveryRequest request) {
                delivered.add(request);
                return agent.apply(request);
            }

            @Override
            public boolean isFinal() {
                return agentIsFinal;
            }
        };
        return List.of(
                Transport.of(conf(), "smtp", "smtp", watched), Transport.of(conf(), "relay", "relay/smtp", watched));
    }

    private Resolved route(Address to) {
        String domain = String.valueOf(to.domain());
        return routes.getOrDefault(domain, new Resolved.To(Resolved.AddressClass.DEFAULT, "smtp", domain, to));
    }

    /// A message as it is right after its commit: in the queue and active, not yet known to the scheduler.
    Mail committed(String sender, String... recipients) {
        return committed(path(sender), Params.NONE, recipients(recipients));
    }

    Mail committed(postern.address.Path sender, Params params, List<Recipient> recipients) {
        String text = "Subject: hello\r\n\r\nHello there.\r\n";
        return commit(sender, params, recipients, text.getBytes(StandardCharsets.UTF_8), Peer.LOCAL);
    }

    Mail commit(postern.address.Path sender, Params params, List<Recipient> recipients, byte[] text, Peer peer) {
        Queue.Incoming incoming = seen.incoming();
        incoming.write(ByteBuffer.wrap(text));
        boolean notice = sender.isNull() && peer.equals(Peer.LOCAL);
        Mail mail = new Mail(
                incoming.id(), sender, params, peer, now, recipients, text.length, "<m@x>", false, false, "", notice);
        incoming.commit(mail);
        return mail;
    }

    /// A message with an id of its own, in another queue.
    Mail commit(Queue other, String sender, String messageId, String... recipients) {
        Queue.Incoming incoming = other.incoming();
        Mail mail = new Mail(
                incoming.id(),
                path(sender),
                Params.NONE,
                Peer.LOCAL,
                now,
                recipients(recipients),
                0,
                messageId,
                false,
                false,
                "",
                false);
        incoming.commit(mail);
        return mail;
    }

    /// The path of an address; the null path for none.
    static postern.address.Path path(String address) {
        return address.isEmpty() ? postern.address.Path.NULL : postern.address.Path.of(Address.ofInternal(address));
    }

    static List<Recipient> recipients(String... addresses) {
        return java.util.Arrays.stream(addresses)
                .map(address -> new Recipient(Address.ofInternal(address), Params.NONE))
                .toList();
    }

    /// A message arrives; returns what its bringer has to wait for.
    InFlow arrive(String sender, String... recipients) {
        return scheduler().take(committed(sender, recipients));
    }

    /// Makes the delivery that was started first.
    void deliverOne() {
        started.removeFirst().run();
    }

    /// Makes all deliveries that are started, and those that start because of it.
    void deliverAll() {
        while (!started.isEmpty()) {
            deliverOne();
        }
    }

    void advance(Duration time) {
        now = now.plus(time);
    }

    /// Lets time pass until waiting mail is due, and takes it.
    void retry() {
        Instant due = seen.nextDue();
        if (due != null && due.isAfter(now)) {
            now = due;
        }
        scheduler().fetch();
    }

    List<String> logged(String part) {
        return log.stream().filter(line -> line.contains(part)).toList();
    }

    static DeliveryResult sent(DeliveryRequest request) {
        return all(
                request,
                new DeliveryStatus.Sent(
                        EnhancedStatus.OK,
                        "mx.example.com[192.0.2.25]:25",
                        "250 2.0.0 Ok: queued as 1234",
                        Reply.of("250 2.0.0 Ok: queued as 1234"),
                        "mx.example.com",
                        false),
                false);
    }

    static DeliveryResult bounced(DeliveryRequest request) {
        return all(
                request,
                new DeliveryStatus.Bounced(
                        new EnhancedStatus(5, 1, 1),
                        "mx.example.com[192.0.2.25]:25",
                        "host mx.example.com[192.0.2.25] said: 550 5.1.1 No such user (in reply to RCPT TO command)",
                        Reply.of("550 5.1.1 No such user"),
                        "mx.example.com"),
                false);
    }

    static DeliveryResult greylisted(DeliveryRequest request) {
        return all(
                request,
                new DeliveryStatus.Deferred(
                        new EnhancedStatus(4, 2, 0),
                        "mx.example.com[192.0.2.25]:25",
                        "host mx.example.com[192.0.2.25] said: 450 4.2.0 Greylisted (in reply to RCPT TO command)",
                        Reply.of("450 4.2.0 Greylisted"),
                        "mx.example.com"),
                false);
    }

    static DeliveryResult unreachable(DeliveryRequest request) {
        return all(
                request,
                new DeliveryStatus.Deferred(
                        new EnhancedStatus(4, 4, 1),
                        "none",
                        "connect to mx.example.com[192.0.2.25]:25: Connection refused",
                        null,
                        ""),
                true);
    }

    static DeliveryResult all(DeliveryRequest request, DeliveryStatus status, boolean nextHopFailed) {
        return new DeliveryResult(
                request.recipients().stream().map(_ -> status).toList(), CONNECT, TRANSMIT, nextHopFailed);
    }

    /// The intake for notices: straight into the queue, and on to the scheduler.
    Handover open(Envelope envelope) {
        if (noticesRefused != null) {
            throw new Reply.Refused(noticesRefused);
        }
        return new NoticeIntake(envelope, seen.incoming(), this::arrivedNotice);
    }

    private void arrivedNotice(Mail mail) {
        notices.add(mail.id());
        scheduler().arrived(mail);
    }

    /// The text of a message in the queue.
    String text(QueueId id) {
        try (Body body = seen.body(id)) {
            ByteBuffer all = ByteBuffer.allocate((int) body.size());
            while (all.hasRemaining() && body.read(all) >= 0) {
                // on
            }
            return new String(all.array(), StandardCharsets.UTF_8);
        } catch (java.io.IOException e) {
            throw new java.io.UncheckedIOException(e);
        }
    }
}
