package postern.peers;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import postern.config.MainCf;
import postern.log.MailLog;
import postern.mailbox.AccountName;
import postern.mailbox.Flags;
import postern.mailbox.Incoming;
import postern.mailbox.Mailbox;
import postern.mailbox.MailboxName;
import postern.mailbox.MemoryStore;
import postern.mailbox.Uid;
import postern.mailbox.UidValidity;
import postern.net.Deadlines;
import postern.net.SelfSigned;
import postern.net.ServerKeys;
import postern.net.ServerTls;
import postern.net.SocketListener;
import postern.net.TlsProtocols;
import postern.net.Uptime;
import postern.pop3.server.MaildropLocks;
import postern.pop3.server.Pop3Server;
import postern.sasl.Logins;
import postern.sasl.Users;

/// Debian's POP3 clients at our server, with real TLS; and beside Dovecot.
class Pop3ClientsTest {
    private static final AccountName OWNER = new AccountName("you@example.com");
    private static final SelfSigned CERTIFICATE =
            SelfSigned.of(List.of("mail.example.com"), Instant.now().minusSeconds(3600), Duration.ofDays(30));
    private static final List<String> TEXTS = List.of(
            "From: a@example.org\r\nSubject: one\r\nMessage-ID: <1@x>\r\n\r\ntext\r\n.\r\n..two\r\n",
            "From: a@example.org\r\nSubject: two\r\nMessage-ID: <2@x>\r\n\r\n" + "a line of text\r\n".repeat(5000),
            "From: a@example.org\r\nSubject: three\r\nMessage-ID: <3@x>\r\n\r\nlast\r\n");

    @TempDir
    private Path directory;

    private final MemoryStore store = new MemoryStore(InstantSource.system());
    private final List<String> log = new CopyOnWriteArrayList<>();
    private final List<SocketListener> listeners = new ArrayList<>();
    private final Deadlines deadlines = new Deadlines(new Uptime()).start();
    private int port;
    private int tlsPort;

    @BeforeEach
    void start() throws IOException {
        Commands.need("curl", "fetchmail", "mpop", "getmail");
        Path users = Files.writeString(directory.resolve("users"), "you@example.com|{PLAIN}secret\n");
        MailLog keep = (service, text) -> log.add(service + ": " + text);
        MainCf conf =
                MainCf.of(directory, Map.of("myhostname", "mail.example.com", "postern_login_failure_limit", "1000"));
        ServerKeys keys = new ServerKeys(List.of(CERTIFICATE.identity()));
        Pop3Server.Services services = new Pop3Server.Services(
                store,
                new MaildropLocks(),
                new Logins(
                        Users.open(users, InstantSource.system(), keep),
                        Logins.Guarded.alone(conf, InstantSource.system()),
                        Runnable::run),
                new ServerTls(() -> keys, TlsProtocols.ALL, null, Runnable::run),
                keep,
                InstantSource.system(),
                time -> {});
        port = listen(new Pop3Server(conf, services));
        MainCf wrapped = conf.with(Map.of("postern_pop3_tls_wrappermode", "yes"), "test");
        tlsPort = listen(new Pop3Server(wrapped, services));
    }

    private int listen(Pop3Server server) throws IOException {
        InetSocketAddress any = new InetSocketAddress(InetAddress.ofLiteral("127.0.0.1"), 0);
        SocketListener listener = new SocketListener(any, 100, deadlines, server, log::add).start();
        listeners.add(listener);
        return listener.local().port();
    }

    @AfterEach
    void stop() {
        listeners.forEach(SocketListener::close);
        deadlines.close();
    }

    private void deliver(UidValidity validity) throws IOException {
        store.create(OWNER, MailboxName.INBOX, validity);
        for (String text : TEXTS) {
            try (Incoming incoming = store.incoming()) {
                incoming.write(ByteBuffer.wrap(text.getBytes(StandardCharsets.US_ASCII)));
                incoming.commit(List.of(
                        new Incoming.Place(OWNER, MailboxName.INBOX, "", Flags.NONE, Instant.ofEpochSecond(1))));
            }
        }
    }

    private List<Long> left() {
        Mailbox inbox = Objects.requireNonNull(store.mailbox(OWNER, MailboxName.INBOX));
        return store.messages(inbox, Uid.FIRST, Uid.LAST).stream()
                .map(message -> message.uid().value())
                .toList();
    }

    private static String curl(String url, String... options) throws IOException {
        List<String> command =
                new ArrayList<>(List.of("curl", "-sS", "-k", "-m", "20", "-u", "you@example.com:secret", url));
        command.addAll(List.of(options));
        return Commands.run(command.toArray(String[]::new));
    }

    @Test
    void curlListsAndFetches() throws IOException {
        deliver(new UidValidity(1795393453));
        String clear = "pop3://127.0.0.1:" + port + "/";
        String wrapped = "pop3s://127.0.0.1:" + tlsPort + "/";
        String sizes = "1 " + TEXTS.get(0).length() + "\r\n2 " + TEXTS.get(1).length() + "\r\n3 "
                + TEXTS.get(2).length() + "\r\n";
        assertThat(curl(clear)).isEqualTo(sizes);
        assertThat(curl(clear, "--ssl-reqd")).isEqualTo(sizes);
        assertThat(curl(wrapped)).isEqualTo(sizes);
        assertThat(curl(wrapped + "1")).isEqualTo(TEXTS.get(0));
        assertThat(curl(wrapped + "2")).isEqualTo(TEXTS.get(1));
        assertThat(curl(clear, "-X", "UIDL")).startsWith("1 000000016b0387ad\r\n2 000000026b0387ad\r\n");
        assertThat(curl(clear, "-X", "TOP 2 1"))
                .endsWith("Subject: two\r\nMessage-ID: <2@x>\r\n\r\na line of text\r\n");
        for (String mechanism : List.of("PLAIN", "LOGIN")) {
            assertThat(curl(clear, "--ssl-reqd", "--sasl-ir", "--login-options", "AUTH=" + mechanism))
                    .isEqualTo(sizes);
            assertThat(curl(clear, "--login-options", "AUTH=" + mechanism)).isEqualTo(sizes);
        }
        assertThat(log).anyMatch(line -> line.matches("pop3-login: Login: .*method=LOGIN.*, TLS"));
        assertThat(Commands.tryRun("curl", "-sS", "-k", "-u", "you@example.com:wrong", wrapped)
                        .status())
                .isNotZero();
    }

    private Path privateFile(String name, String text) throws IOException {
        Path file = Files.writeString(directory.resolve(name), text);
        Files.setPosixFilePermissions(file, PosixFilePermissions.fromString("rw-------"));
        return file;
    }

    /// @return how many messages came
    private int fetchmail(int at, String options) throws IOException {
        Path box = directory.resolve("fetched");
        Path rc = privateFile("fetchmailrc", """
                set no syslog
                poll 127.0.0.1 port %d protocol pop3 uidl user "you@example.com" password "secret" %s mda "cat >> %s"
                """.formatted(at, options, box));
        long before = arrived(box);
        Commands.Output output = Commands.tryRun(
                "env",
                "FETCHMAILHOME=" + directory,
                "fetchmail",
                "-f",
                rc.toString(),
                "-i",
                directory.resolve("fetchids").toString(),
                "--pidfile",
                directory.resolve("fetchmail.pid").toString());
        assertThat(output.status()).as(output.text()).isIn(0, 1);
        return (int) (arrived(box) - before);
    }

    private static long arrived(Path box) throws IOException {
        return Files.exists(box)
                ? Files.readString(box)
                        .lines()
                        .filter(line -> line.startsWith("Subject: "))
                        .count()
                : 0;
    }

    @Test
    void fetchmailKeepsAndThenTakes() throws IOException {
        deliver(new UidValidity(7));
        assertThat(fetchmail(port, "sslproto '' keep")).isEqualTo(3);
        assertThat(fetchmail(port, "sslproto 'tls1.2+' no sslcertck keep")).isZero();
        assertThat(left()).containsExactly(1L, 2L, 3L);
        assertThat(fetchmail(tlsPort, "ssl no sslcertck fetchall nokeep")).isEqualTo(3);
        assertThat(left()).isEmpty();
        assertThat(log).anyMatch(line -> line.matches(".*Disconnected: Logged out .*del=3/3.*"));
    }

    /// @return how many messages are there now
    private int mpop(int at, String options) throws IOException {
        Path maildir = directory.resolve("mpop");
        for (String each : List.of("cur", "new", "tmp")) {
            Files.createDirectories(maildir.resolve(each));
        }
        Path rc = privateFile("mpoprc", """
                account a
                host 127.0.0.1
                port %d
                user you@example.com
                password secret
                delivery maildir %s
                uidls_file %s
                %s
                """.formatted(at, maildir, directory.resolve("uidls"), options));
        Commands.run("mpop", "-C", rc.toString(), "-q", "a");
        try (Stream<Path> files = Files.list(maildir.resolve("new"))) {
            return (int) files.count();
        }
    }

    @Test
    void mpopPipelinesKeepsAndThenTakes() throws IOException {
        deliver(new UidValidity(7));
        assertThat(mpop(port, "auth user\ntls off\nkeep on\npipelining on")).isEqualTo(3);
        assertThat(mpop(port, "auth plain\ntls on\ntls_starttls on\ntls_certcheck off\nkeep on"))
                .isEqualTo(3);
        assertThat(mpop(tlsPort, "auth login\ntls on\ntls_starttls off\ntls_certcheck off\nkeep on"))
                .isEqualTo(3);
        assertThat(left()).containsExactly(1L, 2L, 3L);
        assertThat(mpop(
                        tlsPort,
                        "auth on\ntls on\ntls_starttls off\ntls_certcheck off\nkeep off\nonly_new off\npipelining on"))
                .isEqualTo(6);
        assertThat(left()).isEmpty();
        assertThat(maildirTexts(directory.resolve("mpop/new")))
                .contains(TEXTS.get(0).replace("\r\n", "\n"));
    }

    private static List<String> maildirTexts(Path folder) throws IOException {
        try (Stream<Path> files = Files.list(folder)) {
            List<String> texts = new ArrayList<>();
            for (Path file : (Iterable<Path>) files::iterator) {
                texts.add(Files.readString(file).replaceFirst("(?s)^Received: .*?\n(?![ \t])", ""));
            }
            return texts;
        }
    }

    @Test
    void getmailFetchesAndDeletes() throws IOException {
        deliver(new UidValidity(7));
        Path home = Files.createDirectory(directory.resolve("getmail"));
        for (String each : List.of("cur", "new", "tmp")) {
            Files.createDirectories(home.resolve("box").resolve(each));
        }
        Files.writeString(home.resolve("getmailrc"), """
                [retriever]
                type = SimplePOP3SSLRetriever
                server = 127.0.0.1
                port = %d
                username = you@example.com
                password = secret
                [destination]
                type = Maildir
                path = %s/box/
                [options]
                delete = true
                read_all = false
                received = false
                delivered_to = false
                """.formatted(tlsPort, home));
        List<String> command = new ArrayList<>();
        if ("root".equals(System.getProperty("user.name"))) {
            // It refuses to deliver as root.
            Commands.run("chown", "-R", "nobody", home.toString());
            Commands.run("chmod", "755", directory.toString());
            command.addAll(List.of("setpriv", "--reuid=nobody", "--regid=nogroup", "--clear-groups"));
        }
        command.addAll(List.of("env", "HOME=" + home, "getmail", "--getmaildir=" + home, "--rcfile=getmailrc"));
        Commands.run(command.toArray(String[]::new));
        assertThat(maildirTexts(home.resolve("box/new")))
                .hasSize(3)
                .anyMatch(text -> text.contains("Subject: one\n") && text.endsWith("\n\ntext\n.\n..two\n"));
        assertThat(left()).isEmpty();
    }

    /// Who fetched from Dovecot and kept the mail there fetches nothing twice from us.
    @Test
    void whatDovecotCalledAMessageWeCallItToo() throws IOException {
        Commands.needRoot();
        Commands.need("dovecot");
        try (DovecotInstance dovecot = new DovecotInstance(directory.resolve("dovecot"), TEXTS)) {
            assertThat(fetchmail(dovecot.port(), "sslproto '' keep")).isEqualTo(3);
            assertThat(mpop(dovecot.port(), "auth user\ntls off\nkeep on")).isEqualTo(3);
            String theirs = curl("pop3://127.0.0.1:" + dovecot.port() + "/", "-X", "UIDL");
            deliver(new UidValidity(dovecot.uidValidity()));
            assertThat(curl("pop3://127.0.0.1:" + port + "/", "-X", "UIDL")).isEqualTo(theirs);
            assertThat(curl("pop3://127.0.0.1:" + port + "/"))
                    .isEqualTo(curl("pop3://127.0.0.1:" + dovecot.port() + "/"));
        }
        assertThat(fetchmail(port, "sslproto '' keep")).isZero();
        assertThat(mpop(port, "auth user\ntls off\nkeep on")).isEqualTo(3);
        assertThat(log.stream()
                        .filter(line -> line.contains("retr=") && !line.contains("retr=0/0"))
                        .collect(Collectors.joining("\n")))
                .isEmpty();
    }
}
