package postern;

import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.net.Socket;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.TreeSet;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
import postern.peers.Commands;

/// A dialogue of `src/test/golden/private`: `> file: line` is a line of the config volume, `C:` what was said, `S:`
/// what
/// a Postfix with docker-mailserver's main.cf answered (its last line), `O:` what we answer where we differ on purpose.
/// `C: .` sends a message; its answer names who got it, after all aliases. Each XCLIENT begins a new connection.
///
/// @param port 25, or that of `> port 587`
/// @param volume lines by file
record PrivateDialogue(Path file, int port, Map<String, String> volume, List<String> head, List<Step> steps) {
    private static final Pattern TAKEN = Pattern.compile("(queued|delivered) as (\\S+)");
    private static final Duration PATIENCE = Duration.ofSeconds(60);

    record Step(String command, String theirs, @Nullable String ours) {}

    /// What a server has logged so far.
    interface Log {
        String text() throws IOException;
    }

    static Stream<Path> files() throws IOException {
        return Files.list(Path.of("src/test/golden/private")).sorted();
    }

    static PrivateDialogue read(Path file) throws IOException {
        int port = 25;
        Map<String, String> volume = new LinkedHashMap<>();
        List<String> head = new ArrayList<>();
        List<Step> steps = new ArrayList<>();
        for (String line : Files.readAllLines(file)) {
            String text = line.length() > 3 ? line.substring(3) : "";
            if (line.startsWith("C: ")) {
                steps.add(new Step(text, "", null));
            } else if (line.startsWith("S: ")) {
                steps.add(new Step(steps.removeLast().command, text, null));
            } else if (line.startsWith("O: ")) {
                Step step = steps.removeLast();
                steps.add(new Step(step.command, step.theirs, text));
            } else {
                head.add(line);
                if (line.startsWith("> port ")) {
                    port = Integer.parseInt(line.substring("> port ".length()));
                } else if (line.startsWith("> ")) {
                    int colon = line.indexOf(": ");
                    volume.merge(line.substring(2, colon), line.substring(colon + 2) + "\n", String::concat);
                }
            }
        }
        return new PrivateDialogue(file, port, volume, head, steps);
    }

    /// Writes it down again with other answers.
    void write(List<Step> others) throws IOException {
        List<String> lines = new ArrayList<>(head);
        for (Step step : others) {
            lines.add("C: " + step.command);
            lines.add("S: " + step.theirs);
            if (step.ours != null) {
                lines.add("O: " + step.ours);
            }
        }
        Files.write(file, lines);
    }

    /// What a server answers to each step.
    List<String> hold(int at, Log log) throws IOException {
        List<String> answers = new ArrayList<>();
        try (Connection connection = new Connection(at)) {
            for (Step step : steps) {
                answers.add(outcome(connection.say(step.command), log));
            }
        }
        return answers;
    }

    /// Who got a message, in the place of its id.
    private static String outcome(String reply, Log log) throws IOException {
        Matcher taken = TAKEN.matcher(reply);
        if (!taken.find()) {
            return reply;
        }
        String id = taken.group(2);
        if (taken.group(1).equals("queued")) {
            Commands.await("the end of " + id, PATIENCE, () -> log.text().contains(id + ": removed"));
        }
        Matcher to = Pattern.compile(Pattern.quote(id) + ": to=<([^>]*)>.* dsn=(\\S+),")
                .matcher(log.text());
        TreeSet<String> got = new TreeSet<>();
        while (to.find()) {
            got.add(to.group(2).startsWith("2") ? to.group(1) : to.group(1) + " refused with " + to.group(2));
        }
        return "250 2.0.0 Ok: for " + String.join(", ", got);
    }

    private static final class Connection implements AutoCloseable {
        private final int at;
        private @Nullable Socket socket;
        private @Nullable BufferedReader in;
        private String last = "";

        Connection(int at) {
            this.at = at;
        }

        String say(String command) throws IOException {
            if (socket == null || command.startsWith("XCLIENT ")) {
                close();
                socket = new Socket("127.0.0.1", at);
                socket.setSoTimeout((int) PATIENCE.toMillis());
                in = new BufferedReader(new InputStreamReader(socket.getInputStream(), StandardCharsets.UTF_8));
                answer();
            }
            if (command.equals(".") && !last.startsWith("354")) {
                return "not sent";
            }
            String text = command.equals(".") ? "Subject: x\r\n\r\ntext\r\n." : command;
            socket.getOutputStream().write((text + "\r\n").getBytes(StandardCharsets.UTF_8));
            last = answer();
            return last;
        }

        private String answer() throws IOException {
            String line;
            do {
                line = in == null ? null : in.readLine();
                if (line == null) {
                    throw new IOException("the server closed the connection");
                }
            } while (line.startsWith("-", 3));
            return line;
        }

        @Override
        public void close() throws IOException {
            if (socket != null) {
                socket.close();
            }
        }
    }
}
