package postern.cleanup;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Instant;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import postern.address.Address;
import postern.config.MainCf;
import postern.log.MailLog;
import postern.lookup.TableContext;
import postern.lookup.Tables;
import postern.queue.Body;
import postern.queue.Mail;
import postern.queue.MemoryQueue;
import postern.rewrite.LocalDomains;
import postern.smtp.Envelope;
import postern.smtp.Handover;
import postern.smtp.Params;
import postern.smtp.Peer;
import postern.smtp.Recipient;
import postern.smtp.Reply;

/// A cleanup with real tables over a queue in memory, and what it logged.
final class Desk {
    static final Instant NOW = Instant.parse("2026-11-22T19:56:21Z");
    static final Instant LATER = Instant.parse("2026-11-22T20:56:21Z");
    static final Peer LOCALHOST =
            new Peer("127.0.0.1", 4711, "localhost", "localhost", "client.test", "ESMTP", "", "", "");
    static final Peer STRANGER =
            new Peer("192.0.2.7", 4711, "client.example", "client.example", "client.test", "ESMTP", "", "", "");

    private final Path directory;
    private final Map<String, String> settings = new LinkedHashMap<>();
    private final Recorder recorder = new Recorder();
    final MemoryQueue queue = new MemoryQueue(() -> NOW);
    final List<Mail> arrived = new ArrayList<>();
    final List<String> expanded = new ArrayList<>();
    Peer peer = LOCALHOST;

    /// The log, without the queue id in front.
    private static final class Recorder implements MailLog {
        final List<String> lines = new ArrayList<>();

        @Override
        public void info(String service, String text) {
            lines.add(service + ": " + text.replaceFirst("^[0-9A-Za-z]+: ", "ID: "));
        }

        @Override
        public void warning(String service, String text) {
            lines.add(service + ": warning: " + text.replaceFirst("^[0-9A-Fa-z]{5,}: ", "ID: "));
        }
    }

    Desk(Path directory) {
        this.directory = directory;
        set("myhostname", "mail.example.com");
    }

    Desk set(String name, String value) {
        settings.put(name, value);
        return this;
    }

    /// A table of expressions, a line each.
    Desk expressions(String parameter, String... lines) throws IOException {
        Files.write(directory.resolve(parameter), List.of(lines));
        return set(parameter, "regexp:" + directory.resolve(parameter));
    }

    Cleanup cleanup() {
        MainCf conf = MainCf.of(directory, settings);
        Tables tables = new Tables(TableContext.of(conf));
        return new Cleanup(
                conf,
                new Cleanup.Services(
                        recorder,
                        new QueueOutlet.Behind(
                                        queue,
                                        arrived::add,
                                        (mail, aliases) -> aliases.forEach(alias ->
                                                expanded.add(alias.address().internal())))
                                .outlet(),
                        new OwnClients(conf, tables),
                        () -> LATER),
                tables,
                new LocalDomains(conf, tables));
    }

    Handover open(String... recipients) {
        Handover handover = cleanup().open(envelope(""));
        for (String recipient : recipients) {
            handover.rcpt(new Recipient(Address.ofInternal(recipient), Params.NONE));
        }
        return handover;
    }

    /// @param requeued the id of a message that comes in again, or empty
    Envelope envelope(String requeued) {
        return new Envelope(
                postern.address.Path.of(Address.ofInternal("a@b.example")), Params.NONE, peer, NOW, requeued);
    }

    /// Sends one message, lines with LF, to x@example.com. Returns the reply to its end.
    String send(String text) {
        return send(open("x@example.com"), text);
    }

    static String send(Handover handover, String text) {
        try {
            handover.write(ByteBuffer.wrap(text.replace("\n", "\r\n").getBytes(StandardCharsets.UTF_8)));
        } catch (Reply.Refused refused) {
            handover.abort();
            return refused.reply().toString();
        }
        return handover.commit().forAll().toString();
    }

    /// The text of the message that came in last, lines with LF, without our own trace field.
    String text() throws IOException {
        return whole().replaceFirst("(?s)^Received:.*?;.*?\n(?![ \t])", "");
    }

    /// The text of the message that came in last, lines with LF.
    String whole() throws IOException {
        Mail mail = arrived.getLast();
        try (Body body = queue.body(mail.id())) {
            ByteBuffer all = ByteBuffer.allocate((int) body.size());
            while (all.hasRemaining() && body.read(all) >= 0) {
                // read on
            }
            return StandardCharsets.UTF_8.decode(all.flip()).toString().replace("\r\n", "\n");
        }
    }

    /// What was logged since the last time this was asked.
    List<String> log() {
        List<String> lines = List.copyOf(recorder.lines);
        recorder.lines.clear();
        return lines;
    }
}
