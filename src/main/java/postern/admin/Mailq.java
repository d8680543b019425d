package postern.admin;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.util.ArrayList;
import java.util.List;
import java.util.function.Consumer;
import postern.queue.Listing;
import postern.queue.QueueId;

/// Lists the queue as mailq(1) does, or with `-j` as `postqueue -j` does.
final class Mailq implements Command {
    @Override
    public Exit run(List<String> arguments, Scene scene, Answer answer) throws IOException {
        List<String> ids = new ArrayList<>(arguments);
        boolean json = ids.remove("-j");
        MailqText text = new MailqText();
        Consumer<Listing> show = listing -> write(answer, json ? MailqJson.line(listing) : text.entry(listing));
        try {
            if (ids.isEmpty()) {
                scene.operator().list(show);
            } else {
                for (String id : ids) {
                    Listing listing = scene.operator().show(QueueId.parse(id));
                    if (listing != null) {
                        show.accept(listing);
                    }
                }
            }
        } catch (UncheckedIOException e) {
            throw e.getCause();
        }
        if (!json) {
            answer.line(text.end());
        }
        return Exit.OK;
    }

    private static void write(Answer answer, String text) {
        try {
            answer.line(text);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }
}
