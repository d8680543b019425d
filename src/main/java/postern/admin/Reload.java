package postern.admin;

import java.io.IOException;
import java.util.List;

/// Takes the configuration anew; what is wrong with it stands in the answer, and the old one stays.
final class Reload implements Command {
    @Override
    public Exit run(List<String> arguments, Scene scene, Answer answer) throws IOException {
        Running running = scene.running();
        if (running == null) {
            answer.error("postern: no server runs here");
            return Exit.UNAVAILABLE;
        }
        String wrong = running.reload().get();
        if (!wrong.isEmpty()) {
            answer.error("postern: " + wrong);
            return Exit.CONFIG;
        }
        return Exit.OK;
    }
}
