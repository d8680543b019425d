package postern.handover;

import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Instant;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import postern.address.Address;
import postern.cleanup.Outlet;
import postern.config.MainCf;
import postern.net.Dialer;
import postern.queue.Ledger;
import postern.queue.Mail;
import postern.smtp.Envelope;
import postern.smtp.Params;
import postern.smtp.Peer;
import postern.smtp.Recipient;
import postern.smtp.Reply;
import postern.smtp.client.ClientSetup;
import postern.smtp.client.ScriptedPeer;
import postern.smtp.client.SmtpClient;

/// Hand-overs for tests: settings, scripted next hops, and messages in a word or two.
final class Crossing {
    static final String GREETING = """
            S: 220 mx1.example ESMTP
            C: EHLO mail.example
            S: 250-mx1.example
            S: 250-PIPELINING
            S: 250 8BITMIME
            """;
    static final String ASKED = GREETING + """
            C: MAIL FROM:<a@sender.example>
            C: RCPT TO:<bob@one.example>
            """;
    static final String BOTH_OK = """
            S: 250 2.1.0 Ok
            S: 250 2.1.5 Ok
            """;
    static final String TEXT = "Subject: x\r\n\r\nhello\r\n";
    /// More than is held before a line is needed.
    static final String LONG = TEXT + ("x".repeat(998) + "\r\n").repeat(70);

    final ClientSetup setup = new ClientSetup();
    private final Map<String, String> settings = new HashMap<>(Map.of("postern_handover_line_timeout", "1s"));
    private int lines;
    private boolean ours = true;

    Crossing set(String name, String value) {
        settings.put(name, value);
        return this;
    }

    /// The most connections to the next hop.
    Crossing lines(int most) {
        lines = most;
        return this;
    }

    PassThrough to(ScriptedPeer peer) {
        return to(setup.set("smtp_connection_cache_on_demand", "no").client(peer), "");
    }

    /// Over connections of any kind.
    PassThrough to(Dialer hosts) {
        return to(setup.set("smtp_connection_cache_on_demand", "no").realClient(hosts), "");
    }

    /// The next hops are foreign.
    Crossing notOurs() {
        ours = false;
        return this;
    }

    /// @param nextHop of all recipients; empty: their domains
    PassThrough to(SmtpClient client, String nextHop) {
        return new PassThrough(
                MainCf.of(Path.of("/"), settings),
                new PassThrough.Behind(
                        (sender, recipient) -> new Way.To(
                                client,
                                "postfix/relay/smtp",
                                nextHop.isEmpty() && recipient.domain() != null
                                        ? recipient.domain().text()
                                        : nextHop,
                                recipient,
                                ours,
                                lines),
                        Ledger.closed(),
                        new NoticeBox()),
                setup,
                setup);
    }

    static Outlet open(PassThrough through) {
        return through.open(new Envelope(
                postern.address.Path.of(Address.ofInternal("a@sender.example")),
                Params.NONE,
                Peer.LOCAL,
                Instant.EPOCH));
    }

    static String rcpt(Outlet message, String address) {
        return message.rcpt(List.of(new Recipient(Address.ofInternal(address), Params.NONE)))
                .toString();
    }

    static void write(Outlet message, String text) {
        message.write(ByteBuffer.wrap(text.getBytes(StandardCharsets.UTF_8)));
    }

    /// A whole message to bob, whose recipient must be taken.
    static String send(PassThrough through, String text) {
        Outlet message = open(through);
        String reply = rcpt(message, "bob@one.example");
        return reply.startsWith("250") ? writeAndCommit(message, text) : reply;
    }

    /// What `cleanup` would say of the message.
    static Mail mail(Outlet message, postern.address.Path sender) {
        return new Mail(
                message.id(),
                sender,
                Params.NONE,
                Peer.LOCAL,
                Instant.EPOCH,
                List.of(),
                0,
                "",
                false,
                false,
                "",
                false);
    }

    static String writeAndCommit(Outlet message, String text) {
        return writeAndCommit(message, text, List.of());
    }

    static String writeAndCommit(Outlet message, String text, List<Recipient> aliases) {
        Mail mail = mail(message, postern.address.Path.NULL);
        try {
            for (int at = 0; at < text.length(); at += 16_000) {
                write(message, text.substring(at, Math.min(text.length(), at + 16_000)));
            }
            return message.commit(new Outlet.Complete(mail, aliases, false))
                    .forAll()
                    .toString();
        } catch (Reply.Refused refused) {
            message.abort();
            return refused.reply().toString();
        }
    }
}
