package postern.peers;

import java.io.BufferedInputStream;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.net.Socket;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/// An IMAP client of a few lines, independent of ours. A character is a byte.
public final class ImapTalk implements AutoCloseable {
    private static final Pattern LITERAL = Pattern.compile("\\{(\\d+)}$");

    /// A message as the server shows it.
    ///
    /// @param flags in alphabetical order
    public record Seen(long uid, String flags, String date, long size, String text) {}

    private final Socket socket;
    private final InputStream in;
    private int tag;

    ImapTalk(String host, int port) throws IOException {
        socket = new Socket(host, port);
        socket.setSoTimeout(60_000);
        in = new BufferedInputStream(socket.getInputStream());
        line();
    }

    private void send(String text) throws IOException {
        socket.getOutputStream().write(text.getBytes(StandardCharsets.ISO_8859_1));
    }

    private String line() throws IOException {
        ByteArrayOutputStream line = new ByteArrayOutputStream();
        for (int next = in.read(); next != '\n'; next = in.read()) {
            if (next < 0) {
                throw new IOException("the server has gone: " + line);
            }
            line.write(next);
        }
        return line.toString(StandardCharsets.ISO_8859_1).stripTrailing();
    }

    /// A command that must succeed; the untagged responses, literals in their places.
    public List<String> ask(String command) throws IOException {
        String name = "t" + ++tag;
        send(name + " " + command + "\r\n");
        return answer(name, command);
    }

    private List<String> answer(String name, String command) throws IOException {
        List<String> lines = new ArrayList<>();
        while (true) {
            StringBuilder line = new StringBuilder(line());
            Matcher literal = LITERAL.matcher(line);
            while (literal.find()) {
                byte[] bytes = in.readNBytes(Integer.parseInt(literal.group(1)));
                line.append('\n').append(new String(bytes, StandardCharsets.ISO_8859_1));
                line.append(line());
                literal = LITERAL.matcher(line);
            }
            String text = line.toString();
            if (text.startsWith(name + " ")) {
                if (!text.startsWith(name + " OK")) {
                    throw new IOException(command + ": " + text);
                }
                return lines;
            }
            lines.add(text);
        }
    }

    /// @param flags `(\Seen word)`
    public void append(String mailbox, String flags, String date, String text) throws IOException {
        String name = "t" + ++tag;
        send(name + " APPEND " + mailbox + " " + flags + " \"" + date + "\" {" + text.length() + "}\r\n");
        line();
        send(text + "\r\n");
        answer(name, "APPEND");
    }

    /// All messages of a mailbox.
    public List<Seen> messages(String mailbox) throws IOException {
        ask("EXAMINE " + mailbox);
        List<Seen> seen = new ArrayList<>();
        for (String line : ask("UID FETCH 1:* (FLAGS INTERNALDATE RFC822.SIZE BODY.PEEK[])")) {
            Matcher parts = Pattern.compile("(?s)\\* \\d+ FETCH \\(UID (\\d+) FLAGS \\((.*?)\\) INTERNALDATE \"(.*?)\" "
                            + "RFC822.SIZE (\\d+) BODY\\[] \\{\\d+}\n(.*)\\)")
                    .matcher(line);
            if (parts.matches()) {
                String flags = String.join(
                        " ",
                        List.of(parts.group(2).split(" ")).stream()
                                .filter(flag -> !flag.equals("\\Recent"))
                                .sorted()
                                .toList());
                seen.add(new Seen(
                        Long.parseLong(parts.group(1)),
                        flags,
                        parts.group(3),
                        Long.parseLong(parts.group(4)),
                        parts.group(5)));
            }
        }
        return seen;
    }

    /// `UIDVALIDITY`, `UIDNEXT` …
    public long status(String mailbox, String item) throws IOException {
        String answer = ask("STATUS " + mailbox + " (" + item + ")").getFirst();
        return Long.parseLong(answer.replaceFirst("(?s).*\\(" + item + " (\\d+)\\).*", "$1"));
    }

    @Override
    public void close() throws IOException {
        socket.close();
    }
}
