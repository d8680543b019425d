package postern.cleanup;

import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;
import postern.address.Address;
import postern.address.Path;
import postern.message.Field;
import postern.message.HeaderSplitter;
import postern.queue.Mail;
import postern.queue.Queue;
import postern.smtp.Directive;
import postern.smtp.Envelope;
import postern.smtp.Handover;
import postern.smtp.Peer;
import postern.smtp.Recipient;
import postern.smtp.Reply;
import postern.smtp.extension.SmtpUtf8;
import postern.wire.Scan;

/// One message on its way into the queue. The text goes through a [HeaderSplitter] into one buffer and from
/// there to the queue in large pieces: it is never held whole.
final class CleanupState implements Handover, HeaderSplitter.Sink {
    private final Cleanup cleanup;
    private final Envelope envelope;
    private final Queue.Incoming incoming;
    private final Recipients recipients;
    private final HeaderSplitter splitter;
    private final Marks marks = new Marks();
    private @Nullable ByteBuffer buffer;
    private final List<String> prepended = new ArrayList<>();
    private String filter;
    private boolean hold;

    CleanupState(Cleanup cleanup, Envelope envelope, Queue.Incoming incoming) {
        this.cleanup = cleanup;
        this.envelope = envelope;
        this.incoming = incoming;
        this.recipients = new Recipients(cleanup.addressing());
        this.splitter = new HeaderSplitter(this, cleanup.settings().headerSizeLimit());
        this.filter = cleanup.settings().contentFilter();
    }

    /// What has been seen of the text so far.
    private static final class Marks {
        boolean begun;
        boolean discarded;
        boolean date;
        boolean from;
        boolean eightBit;
        boolean utf8Header;
        boolean inBody;
        int hops;
        long size;
        String id = "";
    }

    @Override
    public String id() {
        return incoming.id().toString();
    }

    @Override
    public Reply rcpt(Recipient recipient) {
        return recipients.add(recipient);
    }

    @Override
    public void direct(Directive directive) {
        switch (directive) {
            case Directive.Prepend(String line) -> prepended.add(line);
            case Directive.Redirect(Address to) -> recipients.redirect(to);
            case Directive.Bcc(Address to) -> recipients.copyTo(to);
            case Directive.Filter(String destination) -> filter = destination;
            case Directive.Hold _ -> hold = true;
            case Directive.Discard _ -> marks.discarded = true;
        }
    }

    @Override
    public void write(ByteBuffer piece) {
        begin();
        splitter.write(piece);
    }

    @Override
    public Reply commit() {
        begin();
        splitter.finish();
        if (marks.discarded) {
            abort();
            return queued();
        }
        flush();
        giveBack();
        recipients.addCopies(cleanup.copies(envelope.sender(), recipients.addresses()));
        Mail mail = new Mail(
                incoming.id(),
                cleanup.addressing().sender(envelope.sender()),
                envelope.params(),
                envelope.peer(),
                envelope.arrival(),
                recipients.all(),
                marks.size,
                marks.id,
                marks.eightBit,
                needsUtf8(),
                filter,
                envelope.peer().equals(Peer.LOCAL));
        incoming.commit(mail);
        cleanup.committed(mail, hold);
        return queued();
    }

    /// Whether the next hop must speak SMTPUTF8 (RFC 6531 §3.4): asked for, and really used.
    private boolean needsUtf8() {
        return envelope.params().has(SmtpUtf8.SMTPUTF8) && (marks.utf8Header || recipients.anyUtf8(envelope.sender()));
    }

    @Override
    public void abort() {
        giveBack();
        incoming.abort();
    }

    private Reply queued() {
        return Reply.of("250 2.0.0 Ok: queued as " + id());
    }

    /// What goes in front: lines that policy wants, then our trace field.
    private void begin() {
        if (marks.begun) {
            return;
        }
        marks.begun = true;
        for (String line : prepended) {
            put(line + "\r\n");
        }
        put(cleanup.received(envelope, id(), recipients.only()));
    }

    @Override
    public void field(Field field, byte[] bytes, int from, int to) {
        note(field);
        HeaderChecks checks = cleanup.headerChecks();
        if (checks == null || stays(field, checks.check(field.text()))) {
            put(bytes, from, to);
        }
    }

    private void note(Field field) {
        if (field.isNamed("Received")) {
            if (++marks.hops > cleanup.settings().hopcountLimit()) {
                cleanup.log().warning("cleanup", id() + ": too many hops: mail goes round in a loop");
                throw new Reply.Refused("554 5.4.6 Error: too many hops");
            }
        } else if (field.isNamed("Message-ID")) {
            marks.id = field.value();
        } else if (field.isNamed("Date")) {
            marks.date = true;
        } else if (field.isNamed("From")) {
            marks.from = true;
        }
    }

    /// Does what `header_checks` said of a field. Returns whether it stays as it is.
    private boolean stays(Field field, HeaderChecks.Action action) {
        return switch (action) {
            case HeaderChecks.Action.Pass _ -> true;
            case HeaderChecks.Action.Ignore _ -> false;
            case HeaderChecks.Action.Reject(String text) -> {
                noteCheck("reject", field, text);
                throw new Reply.Refused(new Reply(550, postern.smtp.EnhancedStatus.parse("5.7.1"), List.of(text)));
            }
            case HeaderChecks.Action.Fail(String reason) -> {
                cleanup.log().warning("cleanup", id() + ": header_checks: " + reason);
                throw new Reply.Refused("451 4.3.0 Error: queue file write error");
            }
            case HeaderChecks.Action.Discard(String text) -> {
                noteCheck("discard", field, text);
                marks.discarded = true;
                yield true;
            }
            case HeaderChecks.Action.Hold(String text) -> {
                noteCheck("hold", field, text);
                hold = true;
                yield true;
            }
            case HeaderChecks.Action.Prepend(String text) -> {
                noteCheck("prepend", field, text);
                put(text + "\r\n");
                yield true;
            }
            case HeaderChecks.Action.Replace(String text) -> {
                noteCheck("replace", field, text);
                put(text + "\r\n");
                yield false;
            }
            case HeaderChecks.Action.Redirect(String address) -> {
                noteCheck("redirect", field, address);
                recipients.redirect(Address.ofInternal(address));
                yield true;
            }
            case HeaderChecks.Action.Bcc(String address) -> {
                recipients.copyTo(Address.ofInternal(address));
                yield true;
            }
            case HeaderChecks.Action.Filter(String destination) -> {
                noteCheck("filter", field, destination);
                filter = destination;
                yield true;
            }
            case HeaderChecks.Action.Note(String level, String text) -> {
                noteCheck(level, field, text);
                yield !level.equals("strip");
            }
        };
    }

    /// One line for the log, as Postfix's cleanup writes it: pflogsumm counts them.
    private void noteCheck(String what, Field field, String text) {
        cleanup.log()
                .info(
                        "cleanup",
                        id() + ": " + what + ": header " + field.text().replace('\n', ' ') + " from "
                                + envelope.peer().label() + "; from=" + envelope.sender() + " to=<"
                                + recipients.first() + "> proto="
                                + protocol() + " helo=<"
                                + envelope.peer().helo() + ">" + (text.isEmpty() ? "" : ": " + text));
    }

    /// Postfix's `proto=`: without what TLS and logins add to the word of the Received field.
    private String protocol() {
        return envelope.peer().protocol().startsWith("SMTP") ? "SMTP" : "ESMTP";
    }

    @Override
    public void headerEnd() {
        if (cleanup.addsMissingFields(envelope.peer())) {
            addMissing();
        }
        cleanup.log().info("cleanup", id() + ": message-id=" + marks.id);
        marks.inBody = true;
    }

    /// Postfix gives these to mail of its own clients (`local_header_rewrite_clients`,
    /// `always_add_missing_headers`).
    private void addMissing() {
        if (marks.id.isEmpty()) {
            marks.id = cleanup.newMessageId(id(), envelope.arrival());
            put("Message-Id: " + marks.id + "\r\n");
        }
        if (!marks.date) {
            put("Date: " + cleanup.date(envelope.arrival()) + "\r\n");
        }
        if (!marks.from) {
            Path sender = envelope.sender();
            put("From: " + (sender.isNull() ? cleanup.mailerDaemon() : sender.internal()) + "\r\n");
        }
    }

    @Override
    public void raw(byte[] bytes, int from, int to) {
        put(bytes, from, to);
    }

    private void put(String text) {
        byte[] bytes = text.getBytes(StandardCharsets.UTF_8);
        put(bytes, 0, bytes.length);
    }

    private void put(byte[] bytes, int from, int to) {
        marks.size += to - from;
        if (!(marks.eightBit && marks.inBody) && !Scan.isAscii(bytes, from, to)) {
            marks.eightBit = true;
            marks.utf8Header |= !marks.inBody;
        }
        if (marks.discarded) {
            return;
        }
        ByteBuffer out = buffer();
        while (from < to) {
            if (!out.hasRemaining()) {
                flush();
            }
            int count = Math.min(out.remaining(), to - from);
            out.put(bytes, from, count);
            from += count;
        }
    }

    private ByteBuffer buffer() {
        if (buffer == null) {
            buffer = cleanup.buffers().borrow();
        }
        return buffer;
    }

    private void flush() {
        if (buffer != null && buffer.position() > 0) {
            incoming.write(buffer.flip());
            buffer.clear();
        }
    }

    private void giveBack() {
        if (buffer != null) {
            cleanup.buffers().giveBack(buffer);
            buffer = null;
        }
    }
}
