package postern.dms.setup;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.OptionalLong;
import postern.dms.Environment;
import postern.dms.Volume;

/// A config volume and commands run on it, with what they said.
final class SetupRun {
    private final Path directory;
    private final Map<String, String> variables = new HashMap<>();
    private final Map<String, Long> mail = new HashMap<>();
    private final List<String> removed = new ArrayList<>();
    private ByteArrayOutputStream out = new ByteArrayOutputStream();
    private ByteArrayOutputStream err = new ByteArrayOutputStream();
    private final List<String> keys = new ArrayList<>();
    private String typed = "";
    private Rooms.Server server = words -> {
        throw new IOException("no server runs here");
    };

    SetupRun(Path directory) {
        this.directory = directory;
    }

    SetupRun with(String variable, String value) {
        variables.put(variable, value);
        return this;
    }

    /// What the standard input has for the next command.
    SetupRun typing(String lines) {
        typed = lines;
        return this;
    }

    SetupRun withMail(String account, long bytes) {
        mail.put(account, bytes);
        return this;
    }

    /// An account whose keys for SCRAM were learned.
    SetupRun withKeys(String account) {
        keys.add(account);
        return this;
    }

    /// Who answers for the server; by default none runs.
    SetupRun server(Rooms.Server asked) {
        server = asked;
        return this;
    }

    /// Accounts whose mail was removed.
    List<String> removed() {
        return removed;
    }

    /// Runs one command; returns the exit code.
    int run(String... words) {
        out = new ByteArrayOutputStream();
        err = new ByteArrayOutputStream();
        Rooms rooms = new Rooms(
                account -> OptionalLong.of(mail.getOrDefault(account, 0L)),
                account -> removed.add(account),
                server,
                (account, stored) -> keys.contains(account));
        SetupCommands.Output output = new SetupCommands.Output(
                new PrintStream(out, true, StandardCharsets.UTF_8), new PrintStream(err, true, StandardCharsets.UTF_8));
        Questions questions = TerminalQuestions.of(new ByteArrayInputStream(typed.getBytes(StandardCharsets.UTF_8)));
        typed = "";
        Environment environment = Environment.of(new Volume(directory), variables);
        return new SetupCommands(directory, environment, rooms, questions, output).run(List.of(words));
    }

    /// Runs a command that does what it is asked.
    String done(String... words) {
        int code = run(words);
        assertThat(code).as("exit code; it said: %s", err()).isZero();
        return out();
    }

    /// Runs a command that refuses; returns why.
    String refused(String... words) {
        int code = run(words);
        assertThat(code).as("exit code; it said: %s", out()).isEqualTo(1);
        return err();
    }

    String out() {
        return out.toString(StandardCharsets.UTF_8);
    }

    String err() {
        return err.toString(StandardCharsets.UTF_8);
    }

    SetupRun file(String name, String text) throws IOException {
        Path file = directory.resolve(name);
        Files.createDirectories(file.getParent());
        Files.writeString(file, text);
        return this;
    }

    String file(String name) throws IOException {
        return Files.readString(directory.resolve(name));
    }

    boolean has(String name) {
        return Files.exists(directory.resolve(name));
    }
}
