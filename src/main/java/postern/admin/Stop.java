package postern.admin;

import java.io.IOException;
import java.util.List;

/// Stops the server. The connection stays until the process is gone, so that whoever asked knows when.
final class Stop implements Command {
    @Override
    public Exit run(List<String> arguments, Scene scene, Answer answer) throws IOException {
        Running running = scene.running();
        if (running == null) {
            answer.error("postern: no server runs here");
            return Exit.UNAVAILABLE;
        }
        answer.afterwards(running.stop());
        return Exit.OK;
    }
}
