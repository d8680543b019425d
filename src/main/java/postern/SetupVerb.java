package postern;

import java.io.PrintStream;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import postern.dms.Environment;
import postern.dms.Volume;
import postern.dms.setup.SetupCommands;
import postern.dms.setup.TerminalQuestions;

/// `postern setup [-c CONFIG] [--mail DIR] [--state DIR] COMMAND …`: docker-mailserver's commands on its config
/// volume.
final class SetupVerb {
    private static final Set<String> OPTIONS = Set.of("-c", "--mail", "--state");

    private SetupVerb() {}

    /// Only what stands in front of the command is an option of ours.
    static int run(Arguments arguments, PrintStream out) {
        List<String> words = new ArrayList<>(arguments.rest());
        List<String> options = new ArrayList<>();
        while (!words.isEmpty() && OPTIONS.contains(words.getFirst())) {
            options.add(words.removeFirst());
            if (!words.isEmpty()) {
                options.add(words.removeFirst());
            }
        }
        boolean asksForHelp = words.isEmpty() || words.getFirst().matches("help|-h|--help");
        Arguments given = new Arguments(options);
        Path directory = asksForHelp && options.isEmpty()
                ? Path.of(OperatorVerbs.VOLUME)
                : given.path("-c", OperatorVerbs.VOLUME);
        PrivateRooms rooms = new PrivateRooms(directory, given, System.err);
        Environment environment = Environment.of(new Volume(directory), System.getenv());
        SetupCommands.Output output = new SetupCommands.Output(out, System.err);
        return new SetupCommands(directory, environment, rooms.rooms(), TerminalQuestions.ofProcess(), output)
                .run(words);
    }
}
