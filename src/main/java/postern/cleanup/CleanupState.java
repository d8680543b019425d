package postern.cleanup;

import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;
import postern.address.Address;
import postern.address.Path;
import postern.message.Field;
import postern.message.HeaderSplitter;
import postern.queue.Mail;
import postern.smtp.Answer;
import postern.smtp.Directive;
import postern.smtp.Envelope;
import postern.smtp.Handover;
import postern.smtp.Peer;
import postern.smtp.Recipient;
import postern.smtp.Reply;
import postern.smtp.extension.SmtpUtf8;

/// One message on its way to its [Outlet]. The text goes through a [HeaderSplitter] into one buffer and from
/// there on in large pieces: it is never held whole. Where the configuration wants content looked at,
/// an [Inspection] stands between.
final class CleanupState implements Handover, HeaderSplitter.Sink {
    private static final int LONGEST_ID_LOGGED = 998;
    private static final Reply CONFIGURATION = Reply.of("451 4.3.5 Server configuration error");

    private final Cleanup cleanup;
    private final Envelope envelope;
    private final Outlet outlet;
    private final Fate fate;
    private final CleanupLog log;
    private final QueueText text;
    private final HeaderSplitter splitter;
    private final @Nullable Inspection inspection;
    private final List<String> prepended = new ArrayList<>(0);
    private final Marks marks = new Marks();

    CleanupState(Cleanup cleanup, Envelope envelope, Outlet outlet) {
        this.cleanup = cleanup;
        this.envelope = envelope;
        this.outlet = outlet;
        Recipients recipients = new Recipients(cleanup.addressing());
        this.fate = new Fate(recipients, cleanup.settings().contentFilter());
        this.log = new CleanupLog(cleanup.log(), outlet.id().toString(), envelope, recipients);
        this.text = new QueueText(outlet, cleanup.buffers(), log);
        this.splitter = new HeaderSplitter(this, cleanup.settings().headerSizeLimit());
        ContentChecks checks = cleanup.checks();
        this.marks.own = cleanup.isOwn(envelope.peer());
        this.inspection = checks == null || isNotice() ? null : new Inspection(checks, fate, log, text);
    }

    /// What has been seen of the header so far.
    private static final class Marks {
        boolean begun;
        boolean date;
        boolean from;
        boolean inBody;
        boolean own;
        int hops;
        String id = "";
    }

    /// Mail that is made here is neither looked into nor copied, so that no notice makes another.
    private boolean isNotice() {
        return envelope.peer().equals(Peer.LOCAL);
    }

    @Override
    public String id() {
        return log.id();
    }

    @Override
    public Reply rcpt(Recipient recipient) {
        return fate.impossible ? CONFIGURATION : fate.recipients.add(recipient, outlet);
    }

    @Override
    public Supplier<Reply> ask(Recipient recipient) {
        return fate.impossible ? () -> CONFIGURATION : fate.recipients.ask(recipient, outlet);
    }

    @Override
    public void direct(Directive directive) {
        if (directive instanceof Directive.Prepend(String line)) {
            prepended.add(line);
        } else if (!outlet.keeps() && !(directive instanceof Directive.Discard)) {
            fate.impossible = true;
            log.needsQueue(directive.getClass().getSimpleName().toUpperCase(Locale.ROOT));
        } else {
            fate.direct(directive);
        }
    }

    @Override
    public void write(ByteBuffer piece) {
        if (fate.impossible) {
            throw new Reply.Refused(CONFIGURATION);
        }
        if (!fate.discarded) {
            begin();
            outlet.received(piece.duplicate());
            splitter.write(piece);
        }
    }

    @Override
    public Answer commit() {
        try {
            return commitOrRefuse();
        } catch (Reply.Refused refused) {
            abort();
            return new Answer(refused.reply());
        }
    }

    private Answer commitOrRefuse() {
        if (fate.impossible) {
            throw new Reply.Refused(CONFIGURATION);
        }
        finish();
        if (fate.discarded) {
            abort();
            return new Answer(queued());
        }
        if (!isNotice()) {
            fate.recipients.addCopies(cleanup.copies(envelope.sender(), fate.recipients.addresses()));
        }
        Path sender = cleanup.addressing().sender(envelope.sender());
        Mail mail = mail(sender);
        return text.commit(new Outlet.Complete(mail, fate.recipients.expanded(), fate.held));
    }

    private void finish() {
        if (fate.discarded) {
            return;
        }
        begin();
        splitter.finish();
        if (inspection != null) {
            inspection.finish();
        }
    }

    private Mail mail(Path sender) {
        return new Mail(
                outlet.id(),
                sender,
                envelope.params(),
                envelope.peer(),
                envelope.arrival(),
                fate.recipients.all(),
                text.size(),
                marks.id,
                text.isEightBit(),
                needsUtf8(),
                fate.filter,
                isNotice());
    }

    /// Whether the next hop must speak SMTPUTF8 (RFC 6531 §3.4): asked for, and really used.
    private boolean needsUtf8() {
        return envelope.params().has(SmtpUtf8.SMTPUTF8)
                && (text.hasUtf8Header() || fate.recipients.anyUtf8(envelope.sender()));
    }

    @Override
    public void abort() {
        text.giveBack();
        outlet.abort();
    }

    private Reply queued() {
        return Reply.of("250 2.0.0 Ok: queued as " + id());
    }

    /// What goes in front: lines that policy wants, then our trace field. Tables of header_checks see them too.
    private void begin() {
        if (marks.begun) {
            return;
        }
        marks.begun = true;
        for (String line : prepended) {
            putOwn(line + "\r\n");
        }
        putOwn(cleanup.received(envelope, id(), fate.recipients.only()));
    }

    private void putOwn(String lines) {
        Field field = inspection == null ? null : Field.of(lines.stripTrailing().replace("\r\n", "\n"));
        if (field == null || inspection == null) {
            text.put(lines);
        } else {
            put(inspection.messageField(field));
        }
    }

    @Override
    public void field(Field field) {
        if (field.isNamed("Received")) {
            hop();
        }
        Field next = inspection == null ? field : inspection.messageField(field);
        if (next != null && !drops(next)) {
            note(next);
            put(rewritten(next));
        }
    }

    /// Whether a field is taken out (`message_drop_headers`): never out of a stranger's mail that is not kept.
    private boolean drops(Field field) {
        return (marks.own || outlet.keeps()) && cleanup.settings().drops(field);
    }

    private Field rewritten(Field field) {
        HeaderRewrite rewrite = cleanup.headerRewrite(marks.own || isNotice());
        return rewrite == null ? field : rewrite.rewritten(field, log);
    }

    @Override
    public boolean longField(Field beginning) {
        if (beginning.isNamed("Received")) {
            hop();
        }
        boolean stays = inspection == null || inspection.longMessageField(beginning);
        if (!stays || drops(beginning)) {
            return false;
        }
        note(beginning);
        return true;
    }

    private void put(@Nullable Field field) {
        if (field != null) {
            text.put(field.bytes(), field.from(), field.to());
        }
    }

    private void hop() {
        if (++marks.hops > cleanup.settings().hopcountLimit()) {
            log.warning("message rejected: hopcount exceeded");
            throw new Reply.Refused("554 5.4.6 Error: too many hops");
        }
    }

    private void note(Field field) {
        if (field.isNamed("Message-ID")) {
            String value = field.value();
            marks.id = value.length() > LONGEST_ID_LOGGED ? value.substring(0, LONGEST_ID_LOGGED) : value;
        } else if (field.isNamed("Date")) {
            marks.date = true;
        } else if (field.isNamed("From")) {
            marks.from = true;
        }
    }

    @Override
    public void headerEnd() {
        if (cleanup.addsMissingFields(marks.own)) {
            addMissing();
        }
        log.info("message-id=" + marks.id);
        marks.inBody = true;
        text.headerEnded();
    }

    /// Postfix gives these to mail of its own clients (`local_header_rewrite_clients`,
    /// `always_add_missing_headers`).
    private void addMissing() {
        if (marks.id.isEmpty()) {
            marks.id = cleanup.newMessageId(id(), envelope.arrival());
            text.put("Message-Id: " + marks.id + "\r\n");
        }
        if (!marks.date) {
            text.put("Date: " + cleanup.date(envelope.arrival()) + "\r\n");
        }
        if (!marks.from) {
            Address sender = cleanup.addressing().sender(envelope.sender()).address();
            text.put("From: " + (sender == null ? cleanup.mailerDaemon() : sender) + "\r\n");
        }
    }

    @Override
    public void raw(byte[] bytes, int from, int to) {
        if (inspection != null && marks.inBody) {
            inspection.body(bytes, from, to);
        } else {
            text.put(bytes, from, to);
        }
    }
}
