package postern.admin;

import java.io.IOException;
import java.nio.file.Path;
import java.util.List;

/// Copies the mailboxes and the configuration into a directory.
final class Backup implements Command {
    @Override
    public Exit run(List<String> arguments, Scene scene, Answer answer) throws IOException {
        if (arguments.size() != 1) {
            throw new IllegalArgumentException("backup wants one directory to write to");
        }
        List<String> problems = scene.mailboxes().backup(Path.of(arguments.getFirst()), answer::line);
        for (String problem : problems) {
            answer.error("postern: " + problem);
        }
        return problems.isEmpty() ? Exit.OK : Exit.UNAVAILABLE;
    }
}
