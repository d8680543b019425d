package postern.peers;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.locks.LockSupport;
import org.xbill.DNS.Flags;
import org.xbill.DNS.Master;
import org.xbill.DNS.Message;
import org.xbill.DNS.Name;
import org.xbill.DNS.Record;
import org.xbill.DNS.Section;
import postern.dns.FakeNameServer;

/// All of the internet that a network of a test's own has: a name server, and a mail server that writes what it takes
/// into files. A program of its own, for it runs in another network namespace: `InternetHost ADDRESS DIRECTORY`, with
/// `DIRECTORY/zone`.
final class InternetHost {
    private InternetHost() {}

    /// A message in its file: the peer, sender and recipients in the first three lines, then the text.
    static Sink.Taken read(Path file) throws IOException {
        String[] parts = Files.readString(file, StandardCharsets.ISO_8859_1).split("\n", 4);
        return new Sink.Taken(parts[1], List.of(parts[2].split(" ")), parts[3], parts[0]);
    }

    public static void main(String[] args) throws IOException {
        Path directory = Path.of(args[1]);
        List<Record> zone = new ArrayList<>();
        try (Master master = new Master(directory.resolve("zone").toString(), Name.root, 300)) {
            for (Record next = master.nextRecord(); next != null; next = master.nextRecord()) {
                zone.add(next);
            }
        }
        AtomicInteger count = new AtomicInteger();
        try (FakeNameServer _ = new FakeNameServer(args[0], 53, query -> answer(query, zone));
                Sink sink = new Sink(args[0], 25)) {
            sink.answer(command -> command.startsWith("RCPT TO:<refused@") ? "550 5.1.1 no such user" : null);
            sink.tell(message -> keep(directory, message, count.incrementAndGet()));
            System.out.println("ready");
            while (true) {
                LockSupport.park();
            }
        }
    }

    private static byte[] answer(Message query, List<Record> zone) {
        Record question = query.getQuestion();
        boolean isKnown = zone.stream().anyMatch(record -> record.getName().equals(question.getName()));
        Message reply = FakeNameServer.reply(query, isKnown ? 0 : 3);
        reply.getHeader().setFlag(Flags.AA);
        zone.stream()
                .filter(record -> record.getName().equals(question.getName()) && record.getType() == question.getType())
                .forEach(record -> reply.addRecord(record, Section.ANSWER));
        return reply.toWire();
    }

    private static void keep(Path directory, Sink.Taken message, int number) {
        try {
            Path half = directory.resolve("half-" + number);
            Files.writeString(
                    half,
                    message.peer() + "\n" + message.sender() + "\n" + String.join(" ", message.recipients()) + "\n"
                            + message.text(),
                    StandardCharsets.ISO_8859_1);
            Files.move(half, directory.resolve(number + ".eml"), StandardCopyOption.ATOMIC_MOVE);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }
}
