package postern.transcript;

import java.io.IOException;
import java.time.Duration;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import postern.transcript.Transcript.Step;

/// Plays one transcript on a [Scene].
///
/// Lines of every stage: `client ADDRESS` (`client2 …`), `segments` (the case depends on what comes in one
/// segment), `memory` (it cannot be played over TCP). Claims everywhere: `closed` (`closed2`), `paused 3s`,
/// `log GLOB`, `no log GLOB`. The others are the scene's.
public final class TranscriptRun {
    /// A session, and what it has said that no line has asked for yet.
    private record Live(ClientEnd connection, Deque<String> said) {}

    private final Transcript transcript;
    private final Scene scene;
    private final Map<String, String> clients = new HashMap<>();
    private final Map<String, Live> sessions = new LinkedHashMap<>();
    private final Map<String, String> captured = new HashMap<>();

    public TranscriptRun(Transcript transcript, Scene scene) {
        this.transcript = transcript;
        this.scene = scene;
    }

    public void play() throws IOException {
        Step at = null;
        try {
            List<Step> steps = transcript.steps();
            for (Step step : steps) {
                if (step instanceof Transcript.Behind(int _, int connection, String script)) {
                    scene.behind(connection, script);
                }
            }
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
            scene.close();
            scene.checkBehind();
        } catch (AssertionError | RuntimeException e) {
            throw new AssertionError(
                    transcript.file() + ":" + (at == null ? 0 : at.line()) + ": " + e.getMessage() + "\nlog:\n  "
                            + String.join("\n  ", scene.log()),
                    e);
        } finally {
            scene.close();
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
            case Transcript.ServerLines lines -> skip(pattern(lines.text()), session(lines.session()));
            case Transcript.Tick tick -> advance(tick.time());
            case Transcript.Event event -> happen(session(event.session()), event.what());
            case Transcript.Claim claim -> check(claim.text());
            case Transcript.Behind _ -> {}
        }
        return 0;
    }

    private static void skip(Pattern lines, Live live) throws IOException {
        listen(live);
        while (!live.said().isEmpty() && lines.matcher(live.said().peek()).matches()) {
            live.said().poll();
        }
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

    private void configure(String line) throws IOException {
        int space = line.indexOf(' ');
        String word = space < 0 ? line : line.substring(0, space);
        String rest = space < 0 ? "" : line.substring(space + 1).strip();
        if (rest.startsWith("=")) {
            scene.set(word, rest.substring(1).strip());
        } else if (word.matches("client[0-9]*")) {
            clients.put(word.substring("client".length()), rest);
        } else {
            scene.say(word, rest);
        }
    }

    private Live session(String name) throws IOException {
        Live known = sessions.get(name);
        if (known != null) {
            return known;
        }
        ClientEnd connection = scene.connect(clients.getOrDefault(name, "192.0.2.1"));
        Live live = new Live(connection, new ArrayDeque<>());
        sessions.put(name, live);
        return live;
    }

    private void listenToAll() throws IOException {
        for (Live live : sessions.values()) {
            listen(live);
        }
    }

    private static void listen(Live live) throws IOException {
        String text = live.connection().said();
        if (!text.isEmpty()) {
            if (!text.endsWith("\r\n")) {
                throw new AssertionError("the server said half a line: " + text);
            }
            live.said().addAll(List.of(text.substring(0, text.length() - 2).split("\r\n", -1)));
        }
    }

    private static String said(Live live) throws IOException {
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

    private void advance(Duration duration) throws IOException {
        listenToAll();
        scene.advance(duration);
    }

    private void happen(Live live, String what) throws IOException {
        listen(live);
        switch (what) {
            case "tls" -> live.connection().shakeHands(true);
            case "tls fails" -> live.connection().shakeHands(false);
            case "close" -> live.connection().hangUp();
            case "connect" -> {}
            case "stop" -> {
                scene.stopping();
                live.connection().endWaiting();
            }
            default -> throw new AssertionError("no event: " + what);
        }
    }

    private void check(String claim) throws IOException {
        listenToAll();
        int space = claim.indexOf(' ');
        String word = space < 0 ? claim : claim.substring(0, space);
        String rest = space < 0 ? "" : claim.substring(space + 1);
        switch (word) {
            case "paused" ->
                Scene.same(
                        Duration.parse("PT" + rest).toString(), scene.paused().toString());
            case "log" -> checkLog(rest, true);
            case "no" -> checkLog(rest.substring("log ".length()), false);
            case "closed", "closed2" -> {
                if (!sessions.get(word.substring("closed".length()))
                        .connection()
                        .isClosed()) {
                    throw new AssertionError("the session is open");
                }
            }
            default -> scene.check(word, rest);
        }
    }

    private void checkLog(String glob, boolean there) {
        Pattern wanted = pattern(glob);
        if (scene.log().stream().anyMatch(line -> wanted.matcher(line).matches()) != there) {
            throw new AssertionError(there ? "the log does not say so" : "the log says so");
        }
    }
}
