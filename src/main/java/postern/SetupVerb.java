package postern;

import java.io.IOException;
import java.io.PrintStream;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.OptionalLong;
import postern.dms.Environment;
import postern.dms.Volume;
import postern.dms.setup.Rooms;
import postern.dms.setup.SetupCommands;
import postern.dms.setup.TerminalQuestions;

/// `postern setup [-c CONFIG] COMMAND …`: docker-mailserver's commands on its config volume.
final class SetupVerb {
    private static final String CONFIG = "/tmp/docker-mailserver";

    private SetupVerb() {}

    /// Only what stands in front of the command is an option of ours.
    static int run(Arguments arguments, PrintStream out) {
        List<String> words = new ArrayList<>(arguments.rest());
        List<String> options = new ArrayList<>();
        while (!words.isEmpty() && words.getFirst().equals("-c")) {
            options.add(words.removeFirst());
            if (!words.isEmpty()) {
                options.add(words.removeFirst());
            }
        }
        boolean asksForHelp = words.isEmpty() || words.getFirst().matches("help|-h|--help");
        Path directory = asksForHelp && options.isEmpty() ? Path.of(CONFIG) : new Arguments(options).path("-c", CONFIG);
        Environment environment = Environment.of(new Volume(directory), System.getenv());
        SetupCommands.Output output = new SetupCommands.Output(out, System.err);
        return new SetupCommands(directory, environment, rooms(), TerminalQuestions.ofProcess(), output).run(words);
    }

    /// Without a store that this process may open.
    private static Rooms rooms() {
        return new Rooms(address -> OptionalLong.empty(), address -> {
            throw new IOException("the mail of " + address + " is not removed: there is no mailbox store yet");
        });
    }
}
