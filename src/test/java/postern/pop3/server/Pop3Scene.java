package postern.pop3.server;

import java.io.IOException;
import java.net.InetAddress;
import java.nio.ByteBuffer;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.function.Function;
import java.util.function.Predicate;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;
import postern.config.MainCf;
import postern.log.MailLog;
import postern.mailbox.AccountName;
import postern.mailbox.Flags;
import postern.mailbox.Incoming;
import postern.mailbox.Mailbox;
import postern.mailbox.MailboxName;
import postern.mailbox.MemoryStore;
import postern.mailbox.MessageRef;
import postern.mailbox.Uid;
import postern.mailbox.UidValidity;
import postern.net.Endpoint;
import postern.net.TlsSettings;
import postern.sasl.Logins;
import postern.sasl.Users;
import postern.transcript.ClientEnd;
import postern.transcript.Scene;
import postern.transcript.Transcript;
import postern.transcript.VirtualTime;
import postern.transcript.Wire;

/// A POP3 server over a store in memory. There is `you@example.com` with the password `secret`, whose INBOX has
/// the UIDVALIDITY 1795393453, and clients come from this machine unless a line says `client ADDRESS`.
///
/// Lines of the stage: `user LOGIN {SCHEME}PASSWORD`, `mail TEXT` and `mail id=ID TEXT` (with `\r\n`; into the
/// INBOX), `uid N` (of the next mail), `long N` (a mail with so many lines), `no inbox`, `no tls`, and at any time
/// `store full`, `store fails`, `store crashes`, `store damaged [BYTES]`, `other session removes UID`,
/// `account deleted`.
///
/// Claims: `inbox 1 3` (the UIDs that are there), `seen 1`.
final class Pop3Scene implements Scene {
    private static final AccountName OWNER = new AccountName("you@example.com");

    private final Map<String, String> settings = new HashMap<>(Map.of("myhostname", "mail.example.com"));
    private final List<String> users = new ArrayList<>(List.of("you@example.com|{PLAIN}secret"));
    private final List<String> log = new CopyOnWriteArrayList<>();
    private final VirtualTime time = new VirtualTime();
    private final MemoryStore memory = new MemoryStore(time);
    private final FaultyStore store = new FaultyStore(memory);
    private final Path directory;
    private final Wire wire;
    private final Setting set = new Setting();
    private @Nullable Pop3Server server;

    /// What the lines of the stage have set.
    private static final class Setting {
        boolean tls = true;
        boolean inbox = true;
        long nextUid;
        Duration paused = Duration.ZERO;
    }

    /// @param directory for files
    Pop3Scene(Path directory, Function<VirtualTime, Wire> wire) {
        this.directory = directory;
        this.wire = wire.apply(time);
    }

    @Override
    public void set(String name, String value) {
        settings.put(name, value);
    }

    @Override
    public void say(String word, String rest) throws IOException {
        switch (word) {
            case "user" -> users.add(rest.replace(' ', '|'));
            case "mail" -> {
                boolean named = rest.startsWith("id=");
                String id = named ? rest.substring(3, rest.indexOf(' ')) : "";
                deliver(id, Transcript.unescape(named ? rest.substring(rest.indexOf(' ') + 1) : rest));
            }
            case "long" ->
                deliver(
                        "",
                        Transcript.unescape(
                                "Subject: long\\r\\n\\r\\n" + ".a line\\r\\n".repeat(Integer.parseInt(rest))));
            case "uid" -> set.nextUid = Long.parseLong(rest);
            case "no" -> {
                set.tls &= !rest.equals("tls");
                set.inbox &= !rest.equals("inbox");
            }
            case "store" -> trouble(rest);
            case "account" -> memory.delete(OWNER);
            case "other" ->
                memory.expunge(inbox(), List.of(new Uid(Long.parseLong(rest.substring(rest.lastIndexOf(' ') + 1)))));
            default -> {
                // What the tests that play it want to know.
            }
        }
    }

    private void trouble(String what) {
        if (what.equals("full")) {
            memory.failWith(new IOException("No space left on device"));
        } else if (what.equals("fails")) {
            store.fail();
        } else if (what.equals("crashes")) {
            store.crash();
        } else {
            store.damage(Integer.parseInt(what.substring("damaged ".length())));
        }
    }

    private Mailbox inbox() throws IOException {
        return memory.create(OWNER, MailboxName.INBOX, new UidValidity(1795393453));
    }

    private void deliver(String id, byte[] text) throws IOException {
        inbox();
        try (Incoming incoming = memory.incoming()) {
            incoming.write(ByteBuffer.wrap(text));
            incoming.commit(List.of(
                    new Incoming.Place(OWNER, MailboxName.INBOX, "", Flags.NONE, time.instant(), set.nextUid, id)));
        }
        set.nextUid = 0;
    }

    @Override
    public ClientEnd connect(String address) throws IOException {
        String from = address.equals("192.0.2.1") ? "127.0.0.1" : address;
        return wire.connect(
                server(),
                Endpoint.of(InetAddress.ofLiteral(from), 40000),
                Endpoint.of(InetAddress.ofLiteral("198.51.100.25"), 110));
    }

    /// The server; made when it is first asked for.
    Pop3Server server() throws IOException {
        if (server == null) {
            if (set.inbox) {
                inbox();
            }
            MainCf conf = MainCf.of(directory, settings);
            MailLog keep = (service, text) -> log.add(service + ": " + text);
            Path file = Files.writeString(directory.resolve("users"), String.join("\n", users) + "\n");
            Logins logins = new Logins(Users.open(file, time, keep), Logins.Guarded.alone(conf, time), Runnable::run);
            TlsSettings tls = set.tls ? wire.tls() : null;
            server = new Pop3Server(
                    conf, new Pop3Server.Services(store, new MaildropLocks(), logins, tls, keep, time, this::pause));
        }
        return server;
    }

    private void pause(Duration duration) {
        set.paused = set.paused.plus(duration);
        time.advance(duration);
    }

    @Override
    public void advance(Duration duration) {
        time.advance(duration);
        wire.tick();
    }

    @Override
    public void stopping() throws IOException {
        server().stopping();
    }

    @Override
    public void check(String word, String rest) throws IOException {
        switch (word) {
            case "inbox" -> Scene.same(rest, uids(_ -> true));
            case "seen" -> Scene.same(rest, uids(message -> message.flags().has(Flags.Flag.SEEN)));
            default -> throw new AssertionError("no claim: " + word);
        }
    }

    private String uids(Predicate<MessageRef> which) {
        Mailbox inbox = Objects.requireNonNull(memory.mailbox(OWNER, MailboxName.INBOX));
        return memory.messages(inbox, Uid.FIRST, Uid.LAST).stream()
                .filter(which)
                .map(message -> message.uid().toString())
                .collect(Collectors.joining(" "));
    }

    @Override
    public List<String> log() {
        return log;
    }

    @Override
    public Duration paused() {
        return set.paused;
    }

    @Override
    public void close() {
        wire.close();
    }
}
