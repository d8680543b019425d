package postern.dms.setup;

import java.io.ByteArrayOutputStream;
import java.io.Console;
import java.io.IOException;
import java.io.InputStream;
import java.nio.ByteBuffer;
import java.nio.charset.CharacterCodingException;
import java.nio.charset.StandardCharsets;
import org.jspecify.annotations.Nullable;

/// Asks at the terminal; without one, answers are lines of the standard input and prompts are not shown.
public final class TerminalQuestions implements Questions {
    private static final int LONGEST_LINE = 4096;
    private final @Nullable Console terminal;
    private final InputStream in;

    private TerminalQuestions(@Nullable Console terminal, InputStream in) {
        this.terminal = terminal;
        this.in = in;
    }

    /// The terminal when both ends of the process are one, else its standard input.
    public static TerminalQuestions ofProcess() {
        Console console = System.console();
        return new TerminalQuestions(console != null && console.isTerminal() ? console : null, System.in);
    }

    /// The lines of a stream, in UTF-8.
    static TerminalQuestions of(InputStream in) {
        return new TerminalQuestions(null, in);
    }

    @Override
    public @Nullable String line(String prompt) throws IOException {
        return terminal == null ? read() : terminal.readLine("%s", prompt);
    }

    @Override
    public @Nullable String secret(String prompt) throws IOException {
        if (terminal == null) {
            return read();
        }
        char[] typed = terminal.readPassword("%s", prompt);
        // an end in the midst of it is no answer, and no consent either
        return typed == null ? "" : new String(typed);
    }

    /// Byte by byte: what stands behind the line is not ours.
    private @Nullable String read() throws IOException {
        ByteArrayOutputStream line = new ByteArrayOutputStream();
        int next = in.read();
        if (next < 0) {
            return null;
        }
        for (; next >= 0 && next != '\n'; next = in.read()) {
            if (line.size() == LONGEST_LINE) {
                throw Refusal.of("The answer is longer than " + LONGEST_LINE + " bytes");
            }
            line.write(next);
        }
        try {
            String text = StandardCharsets.UTF_8
                    .newDecoder()
                    .decode(ByteBuffer.wrap(line.toByteArray()))
                    .toString();
            return text.endsWith("\r") ? text.substring(0, text.length() - 1) : text;
        } catch (CharacterCodingException e) {
            throw Refusal.of("The answer is not UTF-8");
        }
    }
}
