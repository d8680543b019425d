package postern.queue;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.ByteBuffer;
import java.time.Instant;
import java.time.InstantSource;
import java.util.List;
import java.util.Set;
import java.util.function.Predicate;
import org.jspecify.annotations.Nullable;
import postern.address.Address;
import postern.address.Path;
import postern.config.MainCf;
import postern.config.Parameter;
import postern.log.MailLog;
import postern.smtp.Envelope;
import postern.smtp.Handover;
import postern.smtp.Intake;
import postern.smtp.Params;
import postern.smtp.Peer;
import postern.smtp.Recipient;
import postern.smtp.Reply;
import postern.smtp.extension.Dsn;

/// Tells senders what became of their mail (RFC 3461 §5 and §6): Postfix's bounce(8).
///
/// A notice has the null sender and enters by the same door as all mail. Mail from the null sender is never
/// answered; when it fails a postmaster may be told (`notify_classes = 2bounce`), and mail to a postmaster
/// that fails is dropped: so no notice ever makes another without end.
public final class Bounce {
    static final Parameter<Long> BOUNCE_SIZE_LIMIT = Parameter.size("bounce_size_limit", "50000")
            .doc("Up to this size a message that failed comes back whole; of a larger one the header does.");
    static final Parameter<List<String>> NOTIFY_CLASSES = Parameter.list("notify_classes", "resource, software")
            .doc("What postmasters are told of: bounce, 2bounce and delay are those of undeliverable mail.");
    static final Parameter<String> BOUNCE_NOTICE_RECIPIENT =
            Parameter.text("bounce_notice_recipient", "postmaster").doc("Who is told with the class bounce.");
    static final Parameter<String> DELAY_NOTICE_RECIPIENT =
            Parameter.text("delay_notice_recipient", "postmaster").doc("Who is told with the class delay.");
    static final Parameter<String> SECOND_BOUNCE_NOTICE_RECIPIENT = Parameter.text(
                    "2bounce_notice_recipient", "postmaster")
            .doc("Who is told with the class 2bounce: of notices that could not be delivered.");
    static final Parameter<String> DOUBLE_BOUNCE_SENDER = Parameter.text("double_bounce_sender", "double-bounce")
            .doc("The sender of mail to postmasters, which is dropped when it cannot be delivered.");
    static final Parameter<Boolean> ENABLE_THREADED_BOUNCES = Parameter.bool("enable_threaded_bounces", "no")
            .doc("Whether a notice names the message that it answers, so that mail programs show them together.");
    private static final Parameter<String> MYORIGIN = Parameter.text("myorigin", "$myhostname");

    public static final List<Parameter<?>> PARAMETERS = List.of(
            BOUNCE_SIZE_LIMIT,
            NOTIFY_CLASSES,
            BOUNCE_NOTICE_RECIPIENT,
            DELAY_NOTICE_RECIPIENT,
            SECOND_BOUNCE_NOTICE_RECIPIENT,
            DOUBLE_BOUNCE_SENDER,
            ENABLE_THREADED_BOUNCES);

    private static final int MOST_HEADER = 100 * 1024;

    private final Intake intake;
    private final Queue queue;
    private final InstantSource clock;
    private final MailLog log;
    private volatile Settings settings;

    private record Settings(
            NoticeWriter.House house,
            long sizeLimit,
            Set<String> classes,
            Address bouncePostmaster,
            Address delayPostmaster,
            Address secondPostmaster,
            Address doubleBounce) {
        static Settings of(MainCf conf) {
            String host = conf.get(MainCf.MYHOSTNAME);
            String origin = conf.get(MYORIGIN);
            long sizeLimit = conf.get(BOUNCE_SIZE_LIMIT);
            int header = (int) Math.min(sizeLimit, MOST_HEADER);
            return new Settings(
                    new NoticeWriter.House(host, origin, conf.get(ENABLE_THREADED_BOUNCES), header),
                    sizeLimit,
                    Set.copyOf(conf.get(NOTIFY_CLASSES)),
                    qualified(conf.get(BOUNCE_NOTICE_RECIPIENT), origin),
                    qualified(conf.get(DELAY_NOTICE_RECIPIENT), origin),
                    qualified(conf.get(SECOND_BOUNCE_NOTICE_RECIPIENT), origin),
                    qualified(conf.get(DOUBLE_BOUNCE_SENDER), origin));
        }

        private static Address qualified(String text, String origin) {
            Address address = Address.ofInternal(text);
            return address.domain() == null ? new Address(address.localPart(), origin) : address;
        }
    }

    /// @param intake the door for all mail
    /// @param queue where the text of the message is read that a notice is about
    public Bounce(MainCf conf, Intake intake, Queue queue, InstantSource clock, MailLog log) {
        this.settings = Settings.of(conf);
        this.intake = intake;
        this.queue = queue;
        this.clock = clock;
        this.log = log;
    }

    public void reload(MainCf conf) {
        settings = Settings.of(conf);
    }

    /// Tells of recipients who will not get the message. Returns whether nothing more is owed: the notice is
    /// safe in the queue, or nobody wants one. When not, they must stay in the queue and fail again later.
    public boolean failed(Mail mail, List<Report> reports) {
        Settings now = settings;
        Address sender = mail.sender().address();
        if (sender == null) {
            return toPostmaster(Notice.Kind.POSTMASTER_FAILURE, "2bounce", mail, reports, now.secondPostmaster);
        }
        if (sender.equals(now.doubleBounce)) {
            log.warning("bounce", mail.id() + ": undeliverable postmaster notification discarded");
            return true;
        }
        List<Report> wanted = wanted(reports, Dsn.Notify.FAILURE);
        boolean whole = mail.size() <= now.sizeLimit && mail.params().get(Dsn.RET) != Dsn.Ret.HDRS;
        if (!wanted.isEmpty() && !send(new Notice(Notice.Kind.FAILURE, mail, wanted, sender, whole, null))) {
            return false;
        }
        toPostmaster(Notice.Kind.POSTMASTER_FAILURE, "bounce", mail, reports, now.bouncePostmaster);
        return true;
    }

    /// Tells the sender of recipients whose next hops refused a message that others have taken, with the
    /// header only. Returns whether nothing more is owed: the notice has been taken, or nobody wants one.
    ///
    /// @param header of the message, at the start of the bytes; behind it may be more
    public boolean refused(Mail mail, List<Report> reports, ByteBuffer header) {
        Address sender = mail.sender().address();
        List<Report> wanted = wanted(reports, Dsn.Notify.FAILURE);
        if (sender == null || wanted.isEmpty()) {
            return true;
        }
        try {
            Notice notice = new Notice(Notice.Kind.FAILURE, mail, wanted, sender, false, null);
            Reply reply = send(notice, new HeldText(header));
            if (!reply.isPositive()) {
                log.warning("bounce", about(notice) + " cannot be handed over now: " + reply);
            }
            return reply.isPositive();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /// Tells the sender of recipients whose mail has just gone on to a next hop that sends no notices (RFC 3461
    /// §5.2.2).
    ///
    /// @param header of the message, at the start of the bytes; behind it may be more
    public void relayed(Mail mail, List<Report> reports, ByteBuffer header) {
        Address sender = mail.sender().address();
        if (sender == null) {
            return;
        }
        try {
            send(new Notice(Notice.Kind.SUCCESS, mail, reports, sender, false, null), new HeldText(header));
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /// Tells of recipients who do not have the message yet. Returns whether the sender need not be told
    /// again.
    ///
    /// @param retryUntil when the message will be given up
    public boolean delayed(Mail mail, List<Report> reports, Instant retryUntil) {
        Address sender = mail.sender().address();
        if (sender == null || sender.equals(settings.doubleBounce)) {
            return true;
        }
        List<Report> wanted = wanted(reports, Dsn.Notify.DELAY);
        if (!wanted.isEmpty() && !send(new Notice(Notice.Kind.DELAY, mail, wanted, sender, false, retryUntil))) {
            return false;
        }
        toPostmaster(Notice.Kind.POSTMASTER_DELAY, "delay", mail, reports, settings.delayPostmaster);
        return true;
    }

    /// Tells of recipients who got the message, if the sender asked for that and the next hop does not do it
    /// (RFC 3461 §5.2.2).
    public void succeeded(Mail mail, List<Report> reports) {
        Address sender = mail.sender().address();
        List<Report> wanted = wanted(reports, Dsn.Notify.SUCCESS).stream()
                .filter(report -> report.status() instanceof DeliveryStatus.Sent sent && !sent.dsnCapable())
                .toList();
        if (sender != null && !wanted.isEmpty()) {
            send(new Notice(Notice.Kind.SUCCESS, mail, wanted, sender, false, null));
        }
    }

    /// Tells that recipients stood for others, to whom the message goes on without such notices (RFC 3461
    /// §5.2.7.3).
    public void expanded(Mail mail, List<Recipient> recipients) {
        succeeded(mail, recipients.stream().map(Report::expanded).toList());
    }

    private static List<Report> wanted(List<Report> reports, Dsn.Notify kind) {
        Predicate<Report> wants = report -> Dsn.wants(report.recipient().params(), kind);
        return reports.stream().filter(wants).toList();
    }

    private boolean toPostmaster(Notice.Kind kind, String noticeClass, Mail mail, List<Report> reports, Address to) {
        return !settings.classes.contains(noticeClass) || send(new Notice(kind, mail, reports, to, false, null));
    }

    /// Puts a notice into the queue. Returns whether it is safe there, or can never be. A message whose text
    /// cannot be read is reported without it.
    private boolean send(Notice notice) {
        try (Body text = queue.body(notice.mail().id())) {
            return isSettled(notice, send(notice, text));
        } catch (IOException e) {
            log.warning("bounce", notice.mail().id() + ": cannot be returned: " + e.getMessage());
        }
        try {
            return isSettled(notice, send(notice.withoutText(), new NoText()));
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /// A notice that is refused for good is dropped.
    private boolean isSettled(Notice notice, Reply reply) {
        if (reply.isPermanent()) {
            log.warning("bounce", about(notice) + " refused and dropped: " + reply);
        } else if (reply.isTransient()) {
            log.warning("bounce", about(notice) + " cannot be queued now: " + reply);
        }
        return !reply.isTransient();
    }

    private static String about(Notice notice) {
        return notice.mail().id() + ": notice to <" + notice.to().internal() + ">";
    }

    private Reply send(Notice notice, Body text) throws IOException {
        Instant now = clock.instant();
        Path from = notice.kind().isForPostmaster() ? Path.of(settings.doubleBounce) : Path.NULL;
        @Nullable Handover handover = null;
        Reply reply;
        try {
            handover = intake.open(new Envelope(from, notice.params(), Peer.LOCAL, now));
            reply = handover.rcpt(new Recipient(notice.to(), Params.NONE));
            if (reply.isPositive()) {
                new NoticeWriter(notice, settings.house, handover, now).write(text, now);
                reply = handover.commit().forAll();
            }
        } catch (Reply.Refused refused) {
            reply = refused.reply();
        } catch (IOException e) {
            abort(handover);
            throw e;
        }
        if (handover != null && reply.isPositive()) {
            log.info("bounce", notice.mail().id() + ": " + notice.kind().logged() + ": " + handover.id());
        } else {
            abort(handover);
        }
        return reply;
    }

    private static void abort(@Nullable Handover handover) {
        if (handover != null) {
            handover.abort();
        }
    }
}
