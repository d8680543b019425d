package postern.admin;

import java.io.IOException;
import java.util.ArrayList;
import java.util.List;

/// Reads every message whole.
final class Check implements Command {
    @Override
    public Exit run(List<String> arguments, Scene scene, Answer answer) throws IOException {
        List<String> problems = new ArrayList<>();
        int good = scene.operator().check(problems::add);
        for (String problem : problems) {
            answer.error("postern: " + problem);
        }
        answer.line(good + (good == 1 ? " message" : " messages") + " can be read, " + problems.size() + " cannot");
        return problems.isEmpty() ? Exit.OK : Exit.UNAVAILABLE;
    }
}
