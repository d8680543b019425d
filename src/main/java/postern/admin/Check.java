package postern.admin;

import java.io.IOException;
import java.util.ArrayList;
import java.util.List;

/// Reads every message whole, and proves the mailboxes.
final class Check implements Command {
    @Override
    public Exit run(List<String> arguments, Scene scene, Answer answer) throws IOException {
        List<String> problems = new ArrayList<>();
        int good = scene.operator().check(problems::add);
        int unreadable = problems.size();
        Mailroom mailroom = scene.mailroom();
        if (mailroom != null) {
            problems.addAll(mailroom.check());
        }
        for (String problem : problems) {
            answer.error("postern: " + problem);
        }
        answer.line(good + (good == 1 ? " message" : " messages") + " can be read, " + unreadable + " cannot");
        if (mailroom != null) {
            int wrong = problems.size() - unreadable;
            answer.line(wrong == 0 ? "the mailboxes are sound" : "the mailboxes are not sound: " + wrong + " faults");
        }
        return problems.isEmpty() ? Exit.OK : Exit.UNAVAILABLE;
    }
}
