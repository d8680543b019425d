package postern.transcript;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/// A transcript file, line by line:
///
/// ```
/// # comment
/// > smtpd_timeout = 300s        configuration (a name and `=`), or a word of the stage (dns, policy, client …)
/// S: 220 mail.example.com *     the server says; `*` is anything, `$id` captures a word, later stands for it
/// S*3: 500 …                    three times
/// S*: 250-*                     as many of these lines as there are
/// S?: 250-SIZE *                in any order among the S? lines that follow each other
/// C: EHLO client.example        the client sends this line
/// C*20: NOOP                    twenty times, at once
/// C-raw: a\nb\x00               the client sends exactly these bytes (\r \n \\ \xNN)
/// C2: … S2: …                   a second session
/// ~ 301s                        time passes
/// + tls                         the client shakes hands; `+ tls fails`: it does not; `+ close`: it goes away
/// ! queue 1                     what must be so: see [TranscriptRun]
/// ```
///
/// With a next hop behind the server:
///
/// ```
/// P: EHLO mail.example.com      the server (Postern) says to the next hop
/// P. text                       a whole text, with its final dot
/// P# 123                        a chunk of so many bytes
/// P~ cut                        a text that ends without its dot, and the connection with it
/// N: 250 mx1.example            the next hop says; `N! …`: in the same write as the line before
/// N+ tls                        the next hop shakes hands; `N+ tls fails`
/// N= cut                        the next hop closes; `late`: it says nothing for longer than it may;
///                               at the beginning `refuse`: it takes no connection, `late`: nor answers;
///                               alone `nobody`: there is no connection
/// P2: … N2: …                   on the second connection to next hops
/// @ name                        the lines of a passage that several cases share
/// ```
public record Transcript(Path file, List<Step> steps) {
    public sealed interface Step {
        int line();
    }

    public record Config(int line, String text) implements Step {}

    public record Client(int line, String session, byte[] bytes) implements Step {}

    public record Server(int line, String session, boolean anyOrder, String text) implements Step {}

    public record ServerLines(int line, String session, String text) implements Step {}

    public record Tick(int line, Duration time) implements Step {}

    public record Event(int line, String session, String what) implements Step {}

    public record Claim(int line, String text) implements Step {}

    /// What happens on the n-th connection to a next hop, as [postern.smtp.client.ScriptedPeer] has it.
    public record Behind(int line, int connection, String script) implements Step {}

    private static final Pattern TALK = Pattern.compile("([CS])([0-9]*)(-raw|\\?)?(?:(\\*)([0-9]+)?)?: ?(.*)");
    private static final Pattern BEHIND = Pattern.compile("([NP])([0-9]*)([:.#~+=!]) ?(.*)");
    private static final Pattern EVENT = Pattern.compile("\\+ ?([0-9]*) *(.*)");

    public static Transcript read(Path file) throws IOException {
        List<Step> steps = new ArrayList<>();
        List<String> lines = Files.readAllLines(file);
        for (int i = 0; i < lines.size(); i++) {
            add(steps, i + 1, lines.get(i));
        }
        return new Transcript(file, steps);
    }

    /// Reads a file of several, each below a line `== name`; `== (name)` is a passage for those that follow.
    public static Map<String, Transcript> readAll(Path file, Map<String, Transcript> passages) throws IOException {
        Map<String, Transcript> all = new LinkedHashMap<>();
        List<Step> steps = new ArrayList<>();
        List<String> lines = Files.readAllLines(file);
        for (int i = 0; i < lines.size(); i++) {
            String line = lines.get(i);
            if (line.startsWith("== ")) {
                steps = new ArrayList<>();
                if (all.put(line.substring(3), new Transcript(file, steps)) != null) {
                    throw new AssertionError(file + ":" + (i + 1) + ": there is one of that name");
                }
            } else if (line.startsWith("@ ")) {
                String name = "(" + line.substring(2) + ")";
                Transcript passage = all.getOrDefault(name, passages.get(name));
                if (passage == null) {
                    throw new AssertionError(file + ":" + (i + 1) + ": no passage: " + line);
                }
                steps.addAll(passage.steps());
            } else {
                add(steps, i + 1, line);
            }
        }
        return all;
    }

    private static void add(List<Step> steps, int number, String line) {
        if (line.isBlank() || line.startsWith("#")) {
            return;
        }
        String rest = line.length() < 2
                ? ""
                : line.substring(2).replaceAll(" {2,}#.*$", "").strip();
        switch (line.charAt(0)) {
            case '>' -> steps.add(new Config(number, rest));
            case '!' -> steps.add(new Claim(number, rest));
            case '~' -> steps.add(new Tick(number, Duration.parse("PT" + rest)));
            case 'N', 'P' -> behind(steps, number, line);
            case '+' -> {
                Matcher event = EVENT.matcher(line);
                steps.add(new Event(
                        number,
                        event.matches() ? event.group(1) : "",
                        event.group(2).strip()));
            }
            default -> talk(steps, number, line);
        }
    }

    private static void behind(List<Step> steps, int number, String line) {
        Matcher behind = BEHIND.matcher(line);
        if (!behind.matches()) {
            throw new AssertionError("line " + number + " is no line of a transcript: " + line);
        }
        String text = behind.group(4);
        String script = switch (behind.group(3).charAt(0)) {
            case '=' -> text.equals("cut") ? "close" : text.equals("late") ? "expire" : text;
            case '+' -> "+ " + text;
            case '!' -> "S! " + text;
            case ':' -> (behind.group(1).equals("N") ? "S: " : "C: ") + text;
            default -> "C" + behind.group(3) + " " + text;
        };
        int connection = behind.group(2).isEmpty() ? 1 : Integer.parseInt(behind.group(2));
        steps.add(new Behind(number, connection, script));
    }

    private static void talk(List<Step> steps, int number, String line) {
        Matcher talk = TALK.matcher(line);
        if (!talk.matches()) {
            throw new AssertionError("line " + number + " is no line of a transcript: " + line);
        }
        String kind = talk.group(3) == null ? "" : talk.group(3);
        int times = talk.group(5) == null ? 1 : Integer.parseInt(talk.group(5));
        String text = talk.group(6);
        if (talk.group(1).equals("C")) {
            byte[] once = kind.equals("-raw") ? unescape(text) : (text + "\r\n").getBytes(StandardCharsets.UTF_8);
            steps.add(new Client(number, talk.group(2), repeat(once, times)));
        } else if (talk.group(4) != null && talk.group(5) == null) {
            steps.add(new ServerLines(number, talk.group(2), text));
        } else {
            for (int i = 0; i < times; i++) {
                steps.add(new Server(number, talk.group(2), kind.equals("?"), text));
            }
        }
    }

    private static byte[] repeat(byte[] once, int times) {
        byte[] all = new byte[once.length * times];
        for (int i = 0; i < times; i++) {
            System.arraycopy(once, 0, all, i * once.length, once.length);
        }
        return all;
    }

    public static byte[] unescape(String text) {
        ByteArrayOutputStream bytes = new ByteArrayOutputStream();
        for (int i = 0; i < text.length(); i++) {
            char c = text.charAt(i);
            if (c != '\\') {
                bytes.writeBytes(Character.toString(c).getBytes(StandardCharsets.UTF_8));
                continue;
            }
            switch (text.charAt(++i)) {
                case 'r' -> bytes.write('\r');
                case 'n' -> bytes.write('\n');
                case 't' -> bytes.write('\t');
                case '\\' -> bytes.write('\\');
                case 'x' -> {
                    bytes.write(Integer.parseInt(text, i + 1, i + 3, 16));
                    i += 2;
                }
                default -> throw new AssertionError("no escape: \\" + text.charAt(i));
            }
        }
        return bytes.toByteArray();
    }
}
