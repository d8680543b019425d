package postern.smtp.server;

import java.io.IOException;
import java.net.InetAddress;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import javax.net.ssl.SSLEngine;
import org.jspecify.annotations.Nullable;
import postern.config.MainCf;
import postern.dns.FixedResolver;
import postern.log.MailLog;
import postern.net.Endpoint;
import postern.net.TlsSettings;
import postern.sasl.Logins;
import postern.sasl.Users;
import postern.smtp.Peer;
import postern.smtp.server.Transcript.Step;

/// Plays one transcript against a server in memory.
///
/// Lines of the stage: `client ADDRESS` (`client2 …`), `dns RECORD`, `policy …` ([ScriptedPolicy]), `anvil …`
/// ([ScriptedAnvil]), `intake WHAT: REPLY` ([MemoryIntake]), `user LOGIN PASSWORD`, `stressed`, `stopping`, `no tls`,
/// `segments` (the case depends on what comes in one segment).
///
/// Claims: `queue N`, `queue from|to|text|params|peer|directives …` (of the last message), `aborted N`, `closed`
/// (`closed2`), `open N` (connections counted), `paused 3s`, `log GLOB`, `no log GLOB`.
final class TranscriptRun {
    private static final TlsSettings TLS = new TlsSettings() {
        @Override
        public SSLEngine engine(Endpoint peer) {
            throw new AssertionError("no sockets here");
        }

        @Override
        public boolean verifies() {
            return false;
        }
    };

    /// A session, and what it has said that no line has asked for yet.
    private record Live(MemoryConnection connection, Deque<String> said) {}

    private final Transcript transcript;
    private final Path directory;
    private final int readLimit;
    private final VirtualTime time = new VirtualTime();
    private final FixedResolver dns = new FixedResolver();
    private final ScriptedPolicy policy = new ScriptedPolicy();
    private final ScriptedAnvil anvil = new ScriptedAnvil();
    private final MemoryIntake intake = new MemoryIntake();
    private final List<String> log = new CopyOnWriteArrayList<>();
    private final Map<String, String> settings = new HashMap<>(Map.of(
            "myhostname", "mail.example.com",
            "smtpd_banner", "$myhostname ESMTP $mail_name (Debian/GNU)",
            "smtpd_tls_security_level", "may",
            "mynetworks", "127.0.0.0/8 192.168.2.0/24"));
    private final Map<String, String> stage = new HashMap<>();
    private final List<String> users = new ArrayList<>();
    private final Map<String, Live> sessions = new LinkedHashMap<>();
    private final Map<String, String> captured = new HashMap<>();
    private @Nullable SmtpServer server;
    private Duration paused = Duration.ZERO;

    /// @param directory for files
    /// @param readLimit the most bytes that a read gives
    TranscriptRun(Transcript transcript, Path directory, int readLimit) {
        this.transcript = transcript;
        this.directory = directory;
        this.readLimit = readLimit;
    }

    void play() throws IOException {
        Step at = null;
        try {
            List<Step> steps = transcript.steps();
            for (int i = 0; i < steps.size(); i++) {
                at = steps.get(i);
                i += play(steps, i);
            }
            for (Map.Entry<String, Live> each : sessions.entrySet()) {
                listen(each.getValue());
                if (!each.getValue().said().isEmpty()) {
                    throw new AssertionError("session " + each.getKey() + " also said "
                            + each.getValue().said());
                }
            }
        } catch (AssertionError | RuntimeException e) {
            throw new AssertionError(
                    transcript.file() + ":" + (at == null ? 0 : at.line()) + ": " + e.getMessage() + "\nlog:\n  "
                            + String.join("\n  ", log),
                    e);
        } finally {
            sessions.values().forEach(live -> live.connection().hangUp());
        }
    }

    /// Plays one step, or several that belong together; returns how many besides the first.
    private int play(List<Step> steps, int at) throws IOException {
        switch (steps.get(at)) {
            case Transcript.Config config -> configure(config.text());
            case Transcript.Client client -> {
                Live live = session(client.session());
                listen(live);
                if (!live.said().isEmpty()) {
                    throw new AssertionError("before that the server said " + live.said());
                }
                live.connection().send(client.bytes());
            }
            case Transcript.Server line when !line.anyOrder() -> expect(line.text(), said(session(line.session())));
            case Transcript.Server first -> {
                return anyOrder(steps, at, first) - 1;
            }
            case Transcript.Tick tick -> advance(tick.time());
            case Transcript.Event event -> happen(session(event.session()), event.what());
            case Transcript.Claim claim -> check(claim.text());
        }
        return 0;
    }

    private int anyOrder(List<Step> steps, int at, Transcript.Server first) throws IOException {
        List<String> wanted = new ArrayList<>();
        for (int i = at; i < steps.size(); i++) {
            if (!(steps.get(i) instanceof Transcript.Server line) || !line.anyOrder()) {
                break;
            }
            wanted.add(line.text());
        }
        int count = wanted.size();
        while (!wanted.isEmpty()) {
            String line = said(session(first.session()));
            String match = wanted.stream()
                    .filter(each -> pattern(each).matcher(line).matches())
                    .findFirst()
                    .orElseThrow(() -> new AssertionError("the server said " + line));
            wanted.remove(match);
        }
        return count;
    }

    private void configure(String line) {
        int space = line.indexOf(' ');
        String word = space < 0 ? line : line.substring(0, space);
        String rest = space < 0 ? "" : line.substring(space + 1).strip();
        if (rest.startsWith("=")) {
            settings.put(word, rest.substring(1).strip());
            return;
        }
        switch (word) {
            case "dns" -> dns.add(rest);
            case "policy" -> policy.add(rest);
            case "anvil" -> anvil.add(rest);
            case "intake" ->
                intake.refuse(rest.substring(0, rest.indexOf(": ")), rest.substring(rest.indexOf(": ") + 2));
            case "user" -> users.add(rest.replace(" ", "|{PLAIN}"));
            default -> stage.put(word.equals("no") ? line : word, rest);
        }
    }

    private Live session(String name) throws IOException {
        Live known = sessions.get(name);
        if (known != null) {
            return known;
        }
        SmtpServer serving = server();
        String address = stage.getOrDefault("client" + name, "192.0.2.1");
        MemoryConnection connection = new MemoryConnection(
                time,
                Endpoint.of(InetAddress.ofLiteral(address), 40000),
                Endpoint.of(InetAddress.ofLiteral("198.51.100.25"), 25),
                readLimit);
        Thread.ofVirtual().name("session " + name).start(() -> {
            try (connection) {
                serving.serve(connection);
            }
        });
        Live live = new Live(connection, new ArrayDeque<>());
        sessions.put(name, live);
        return live;
    }

    private SmtpServer server() throws IOException {
        if (server == null) {
            MainCf conf = MainCf.of(directory, settings);
            MailLog keep = (service, text) -> log.add(service + ": " + text);
            SmtpServer.Services services = new SmtpServer.Services(
                    policy,
                    anvil,
                    users.isEmpty() ? null : logins(conf, keep),
                    intake,
                    dns,
                    stage.containsKey("no tls") ? null : TLS,
                    keep,
                    time,
                    () -> stage.containsKey("stressed"),
                    this::pause);
            server = new SmtpServer("smtpd", conf, services, TranscriptRun::isForbidden);
        }
        return server;
    }

    private Logins logins(MainCf conf, MailLog keep) throws IOException {
        Path file = Files.writeString(directory.resolve("users"), String.join("\n", users) + "\n");
        return new Logins(Users.open(file, time, keep), conf, time, Runnable::run);
    }

    /// The default of `smtpd_forbidden_commands`.
    private static boolean isForbidden(String word) {
        return word.matches("(?i)CONNECT|GET|POST|[^A-Z].*");
    }

    private void pause(Duration duration) {
        paused = paused.plus(duration);
        time.advance(duration);
    }

    private static void listen(Live live) {
        String text = live.connection().said();
        if (!text.isEmpty()) {
            if (!text.endsWith("\r\n")) {
                throw new AssertionError("the server said half a line: " + text);
            }
            live.said().addAll(List.of(text.substring(0, text.length() - 2).split("\r\n", -1)));
        }
    }

    private static String said(Live live) {
        if (live.said().isEmpty()) {
            listen(live);
        }
        String line = live.said().poll();
        if (line == null) {
            throw new AssertionError(
                    live.connection().isClosed() ? "the server has closed the connection" : "the server says nothing");
        }
        return line;
    }

    private void expect(String wanted, String line) {
        Matcher matcher = pattern(wanted).matcher(line);
        if (!matcher.matches()) {
            throw new AssertionError("the server said: " + line);
        }
        matcher.namedGroups().keySet().forEach(name -> captured.put(name, matcher.group(name)));
    }

    /// Turns a line with `*` and `$name` into an expression.
    private Pattern pattern(String line) {
        StringBuilder expression = new StringBuilder();
        Matcher parts = Pattern.compile("\\*|\\$([a-z]+)|[^*$]+|\\$").matcher(line);
        while (parts.find()) {
            String name = parts.group(1);
            if (parts.group().equals("*")) {
                expression.append(".*");
            } else if (name == null) {
                expression.append(Pattern.quote(parts.group()));
            } else if (captured.containsKey(name)) {
                expression.append(Pattern.quote(captured.get(name)));
            } else {
                expression.append("(?<").append(name).append(">[^ ]+)");
            }
        }
        return Pattern.compile(expression.toString(), Pattern.DOTALL);
    }

    private void advance(Duration duration) {
        sessions.values().forEach(TranscriptRun::listen);
        time.advance(duration);
        sessions.values().forEach(live -> live.connection().tick());
    }

    private void happen(Live live, String what) {
        listen(live);
        switch (what) {
            case "tls" -> live.connection().shakeHands(true);
            case "tls fails" -> live.connection().shakeHands(false);
            case "close" -> live.connection().hangUp();
            case "connect" -> {}
            case "stop" -> {
                if (server != null) {
                    server.stopping();
                }
                live.connection().shutdownInput();
            }
            default -> throw new AssertionError("no event: " + what);
        }
    }

    private void check(String claim) {
        sessions.values().forEach(TranscriptRun::listen);
        int space = claim.indexOf(' ');
        String word = space < 0 ? claim : claim.substring(0, space);
        String rest = space < 0 ? "" : claim.substring(space + 1);
        switch (word) {
            case "queue" -> checkQueue(rest);
            case "aborted" -> same(rest, Integer.toString(intake.aborted()));
            case "open" -> same(rest, Integer.toString(anvil.open()));
            case "paused" -> same(Duration.parse("PT" + rest).toString(), paused.toString());
            case "log" -> checkLog(rest, true);
            case "no" -> checkLog(rest.substring("log ".length()), false);
            default -> {
                String name = word.substring("closed".length());
                if (!word.startsWith("closed")
                        || !sessions.get(name).connection().isClosed()) {
                    throw new AssertionError("the session is open");
                }
            }
        }
    }

    private void checkLog(String glob, boolean there) {
        Pattern wanted = pattern(glob);
        if (log.stream().anyMatch(line -> wanted.matcher(line).matches()) != there) {
            throw new AssertionError(there ? "the log does not say so" : "the log says so");
        }
    }

    private void checkQueue(String claim) {
        if (claim.matches("[0-9]+")) {
            same(claim, Integer.toString(intake.taken().size()));
            return;
        }
        MemoryIntake.Taken last = intake.taken().getLast();
        String what = claim.substring(0, claim.indexOf(' '));
        String wanted = claim.substring(claim.indexOf(' ') + 1).strip();
        switch (what) {
            case "from" -> same(wanted, last.envelope().sender().toString());
            case "to" ->
                same(
                        wanted,
                        last.recipients().stream()
                                .map(recipient -> "<" + recipient.address() + ">" + recipient.params())
                                .collect(Collectors.joining(" ")));
            case "params" -> same(wanted, last.envelope().params().toString().strip());
            case "text" -> same(new String(Transcript.unescape(wanted), StandardCharsets.UTF_8), last.text());
            case "size" -> same(wanted, Integer.toString(last.text().getBytes(StandardCharsets.UTF_8).length));
            case "peer" -> checkPeer(wanted, last.envelope().peer());
            case "directives" -> same(wanted, last.directives().toString());
            default -> throw new AssertionError("no claim: " + claim);
        }
    }

    /// `protocol=ESMTPS`: one component of the peer.
    private static void checkPeer(String claim, Peer peer) {
        String wanted = claim.substring(claim.indexOf('=') + 1);
        switch (claim.substring(0, claim.indexOf('=')).toLowerCase(Locale.ROOT)) {
            case "address" -> same(wanted, peer.address());
            case "name" -> same(wanted, peer.name());
            case "reverse" -> same(wanted, peer.reverseName());
            case "helo" -> same(wanted, peer.helo());
            case "protocol" -> same(wanted, peer.protocol());
            case "tls" -> same(wanted, peer.tls());
            case "login" -> same(wanted, peer.login());
            case "method" -> same(wanted, peer.loginMethod());
            default -> throw new AssertionError("no claim: " + claim);
        }
    }

    private static void same(String wanted, String found) {
        if (!wanted.equals(found)) {
            throw new AssertionError("found: " + found.replace("\r", "\\r").replace("\n", "\\n"));
        }
    }
}
