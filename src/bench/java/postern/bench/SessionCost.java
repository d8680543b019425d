package postern.bench;

import java.lang.management.ManagementFactory;
import java.net.InetAddress;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.InstantSource;
import java.util.Map;
import java.util.Optional;
import org.jspecify.annotations.Nullable;
import postern.config.MainCf;
import postern.dns.Resolver;
import postern.log.MailLog;
import postern.lookup.TableContext;
import postern.lookup.Tables;
import postern.policy.Anvil;
import postern.policy.HostList;
import postern.policy.RestrictionLists;
import postern.rewrite.Routes;
import postern.sasl.ServerMechanisms;
import postern.smtp.Answer;
import postern.smtp.Directive;
import postern.smtp.Envelope;
import postern.smtp.Handover;
import postern.smtp.Recipient;
import postern.smtp.Reply;
import postern.smtp.server.SmtpServer;
import postern.transcript.Speaker;

/// What the session itself costs: CPU and memory of MAIL, RCPT and DATA at 4 KB, with policy, without sockets, DNS
/// and a queue. `java postern.bench.SessionCost [MESSAGES]`
final class SessionCost {
    private static final int TEXT = 4096;

    private SessionCost() {}

    /// A client that sends the same message over and over, each line once the one before has been answered.
    private static final class Client extends Speaker {
        private final ByteBuffer[] lines;
        private final int messages;
        private int sent;
        private int line;

        Client(int messages) {
            super("192.0.2.1");
            String body = ("x".repeat(76) + "\r\n").repeat(TEXT / 78);
            String[] dialog = {
                "MAIL FROM:<sender@elsewhere.example> SIZE=" + TEXT + "\r\n",
                "RCPT TO:<user@example.com>\r\n",
                "DATA\r\n",
                "Subject: hello\r\n\r\n" + body + ".\r\n"
            };
            this.messages = messages;
            this.lines = new ByteBuffer[dialog.length];
            for (int i = 0; i < dialog.length; i++) {
                lines[i] = ByteBuffer.wrap(dialog[i].getBytes(StandardCharsets.US_ASCII));
            }
        }

        @Override
        public int read(ByteBuffer into) {
            if (sent == messages) {
                return -1;
            }
            ByteBuffer next = lines[line];
            int count = Math.min(next.remaining(), into.remaining());
            into.put(next.array(), next.position(), count);
            next.position(next.position() + count);
            if (!next.hasRemaining()) {
                next.rewind();
                line++;
                if (line == lines.length) {
                    line = 0;
                    sent++;
                }
            }
            return count;
        }
    }

    /// Takes everything, keeps nothing.
    private static final class Nowhere implements Handover {
        private static final Reply RCPT = Reply.of("250 2.1.5 Ok");
        private static final Answer DONE = new Answer(Reply.of("250 2.0.0 Ok: queued as 0"));

        @Override
        public String id() {
            return "4b2Xyz0000zABC";
        }

        @Override
        public Reply rcpt(Recipient recipient) {
            return RCPT;
        }

        @Override
        public void direct(Directive directive) {}

        @Override
        public void write(ByteBuffer piece) {}

        @Override
        public Answer commit() {
            return DONE;
        }

        @Override
        public void abort() {}
    }

    private static final class NoLimits implements Anvil {
        @Override
        public @Nullable Reply connect(InetAddress client) {
            return null;
        }

        @Override
        public void disconnect(InetAddress client) {}

        @Override
        public @Nullable Reply mail(InetAddress client) {
            return null;
        }

        @Override
        public @Nullable Reply rcpt(InetAddress client) {
            return null;
        }

        @Override
        public @Nullable Reply newTls(InetAddress client) {
            return null;
        }

        @Override
        public @Nullable Reply auth(InetAddress client) {
            return null;
        }
    }

    private static final class NoDns implements Resolver {
        @Override
        public Answer<Mx> mx(String domain) {
            return new Answer.NoName<>();
        }

        @Override
        public Answer<String> ns(String zone) {
            return new Answer.NoName<>();
        }

        @Override
        public Answer<InetAddress> a(String host) {
            return new Answer.NoName<>();
        }

        @Override
        public Answer<InetAddress> aaaa(String host) {
            return new Answer.NoName<>();
        }

        @Override
        public Answer<String> ptr(InetAddress address) {
            return new Answer.NoName<>();
        }

        @Override
        public Answer<String> txt(String name) {
            return new Answer.NoName<>();
        }
    }

    private static SmtpServer server() {
        MainCf conf = MainCf.of(
                Path.of("."),
                Map.of(
                        "myhostname", "mail.example.com",
                        "mydestination", "localhost",
                        "mynetworks", "127.0.0.0/8 [::1]/128 192.168.2.0/24",
                        "smtpd_relay_restrictions",
                                "permit_mynetworks permit_sasl_authenticated defer_unauth_destination",
                        "relay_domains", "$mydestination, example.com",
                        "transport_maps", "inline:{ example.com=relay:[192.168.2.3]:25 }",
                        "local_recipient_maps", "",
                        "alias_maps", "",
                        "smtpd_peername_lookup", "no"));
        Tables tables = new Tables(TableContext.of(conf));
        Resolver dns = new NoDns();
        return new SmtpServer(
                "smtpd",
                conf,
                new SmtpServer.Services(
                        new RestrictionLists(tables, new Routes(conf, tables), dns, null, "smtpd"),
                        new NoLimits(),
                        null,
                        SessionCost::open,
                        dns,
                        null,
                        MailLog.none(),
                        InstantSource.system(),
                        () -> false,
                        time -> {}),
                new SmtpServer.Lists(
                        new HostList(SmtpServer.SMTPD_AUTHORIZED_XCLIENT_HOSTS, tables),
                        new HostList(SmtpServer.SMTPD_AUTHORIZED_XFORWARD_HOSTS, tables),
                        new HostList(SmtpServer.POSTERN_HANDOVER_CLIENTS, tables),
                        new HostList(SmtpServer.POSTERN_UPSTREAM_PROXY_HOSTS, tables),
                        word -> false,
                        address -> Optional.empty(),
                        new ServerMechanisms(conf, tables),
                        new HostList(SmtpServer.SMTPD_AUTHORIZED_XCLIENT_HOSTS, tables),
                        () -> postern.smtp.Offered.EVERYTHING));
    }

    private static Handover open(Envelope envelope) {
        return new Nowhere();
    }

    public static void main(String[] arguments) {
        int messages = arguments.length > 0 ? Integer.parseInt(arguments[0]) : 200_000;
        SmtpServer server = server();
        var threads = (com.sun.management.ThreadMXBean) ManagementFactory.getThreadMXBean();
        long self = Thread.currentThread().threadId();
        for (int round = 0; round < 5; round++) {
            long cpu = threads.getCurrentThreadCpuTime();
            long bytes = threads.getThreadAllocatedBytes(self);
            server.serve(new Client(messages));
            System.out.printf(
                    "session: %.1f µs CPU, %d bytes allocated a message of %d bytes%n",
                    (threads.getCurrentThreadCpuTime() - cpu) / 1000.0 / messages,
                    (threads.getThreadAllocatedBytes(self) - bytes) / messages,
                    TEXT);
        }
    }
}
