package postern.admin;

import java.io.IOException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;
import postern.log.MailLog;
import postern.net.Connection;
import postern.net.Listener;
import postern.queue.Operator;

/// Answers operator commands over the control socket, `postern/control` in `$queue_directory`: to be served
/// by a `net.UnixListener`, which lets nobody in but the server's own user and root.
public final class ControlServer implements Listener.Session {
    private static final Duration COMMAND_TIME = Duration.ofSeconds(30);
    private static final int MOST_ARGUMENTS = 100_000;

    private final Command.Scene scene;
    private final MailLog log;

    /// @param mailroom null on a public server
    public ControlServer(Operator operator, Running running, @Nullable Mailroom mailroom, MailLog log) {
        this.scene = new Command.Scene(operator, running, mailroom);
        this.log = log;
    }

    @Override
    public void serve(Connection connection) {
        try {
            connection.deadline().in(COMMAND_TIME);
            List<String> words = words(new Frame.Reader(connection));
            if (words != null) {
                connection.deadline().never();
                answer(words, new FramedAnswer(connection));
            }
        } catch (IOException e) {
            log.warning("postern", "control: " + e.getMessage());
        }
    }

    private void answer(List<String> words, FramedAnswer answer) throws IOException {
        Command command = words.isEmpty() ? null : Commands.command(words.getFirst());
        if (command == null) {
            answer.error("postern: no such command");
            answer.exit(Exit.USAGE);
        } else {
            answer.exit(Commands.run(command, words.subList(1, words.size()), scene, answer));
        }
    }

    /// Command and arguments; null when the peer left or spoke too much.
    private static @Nullable List<String> words(Frame.Reader frames) throws IOException {
        List<String> words = new ArrayList<>();
        for (Frame frame = frames.read(); frame != null; frame = frames.read()) {
            if (frame.kind() == Frame.GO) {
                return words;
            }
            if (words.size() == MOST_ARGUMENTS) {
                throw new IOException("too many arguments");
            }
            words.add(frame.text());
        }
        return null;
    }
}
