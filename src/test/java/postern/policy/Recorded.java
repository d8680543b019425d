package postern.policy;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/// A dialogue with a real Postfix, from `src/test/golden/policy`: `> name = value` and `> dns …` are what it
/// was configured with, `C:` what was said, `S:` what it answered (its last line), `O:` what we answer where
/// we differ on purpose. Each XCLIENT begins a new connection.
///
/// @param settings without the `>`
public record Recorded(Path file, List<String> settings, List<Step> steps) {
    /// @param line in the file, of the answer
    public record Step(
            int line,
            String command,
            String theirs,
            @Nullable String ours) {}

    public static Stream<Path> files() throws IOException {
        return Files.list(Path.of("src/test/golden/policy")).sorted();
    }

    public static Recorded read(Path file) throws IOException {
        List<String> settings = new ArrayList<>();
        List<Step> steps = new ArrayList<>();
        String command = "";
        int number = 0;
        for (String line : Files.readAllLines(file)) {
            number++;
            String text = line.length() > 3 ? line.substring(3) : "";
            if (line.startsWith("> ")) {
                settings.add(line.substring(2));
            } else if (line.startsWith("C: ")) {
                command = text;
            } else if (line.startsWith("S: ") && !command.isEmpty()) {
                steps.add(new Step(number, command, text, null));
                command = "";
            } else if (line.startsWith("O: ")) {
                Step step = steps.removeLast();
                steps.add(new Step(number, step.command, step.theirs, text));
            }
        }
        return new Recorded(file, settings, steps);
    }

    /// Whether a Postfix without DNS and logins of our making can say it again.
    boolean needsNoWorld() {
        return settings.stream().noneMatch(line -> line.startsWith("dns "))
                && steps.stream().noneMatch(step -> step.command.contains("LOGIN="));
    }
}
