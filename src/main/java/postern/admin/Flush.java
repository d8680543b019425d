package postern.admin;

import java.io.IOException;
import java.util.List;

/// Tries waiting mail now: `postqueue -f` and `-s`.
final class Flush implements Command {
    @Override
    public Exit run(List<String> arguments, Scene scene, Answer answer) throws IOException {
        if (arguments.size() > 1) {
            answer.error("postern: flush takes one site, or nothing for all mail");
            return Exit.USAGE;
        }
        scene.operator().flush(arguments.isEmpty() ? "" : arguments.getFirst());
        return Exit.OK;
    }
}
