package postern.admin;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Scanner;
import org.jspecify.annotations.Nullable;
import postern.config.ConfigException;
import postern.net.Connection;
import postern.net.Dialer;
import postern.net.Endpoint;

/// The command line's side of operator commands: asks the running server, or does it itself when none runs.
public final class ControlClient {
    private static final Duration CONNECT_TIME = Duration.ofSeconds(10);
    private static final int IDS_AT_ONCE = 10_000;

    private final Path socket;
    private final Dialer dialer;
    private final StoppedQueue stopped;
    private final Terminal terminal;

    /// @param socket of the server: `postern/control` in `$queue_directory`
    /// @param stopped the queue, when no server answers there
    public ControlClient(Path socket, Dialer dialer, StoppedQueue stopped, Terminal terminal) {
        this.socket = socket;
        this.dialer = dialer;
        this.stopped = stopped;
        this.terminal = terminal;
    }

    /// Runs one command.
    ///
    /// @param words its name and its arguments
    public Exit run(List<String> words) {
        Commands.Row row = words.isEmpty() ? null : Commands.row(words.getFirst());
        if (row == null) {
            terminal.err().print("postern: commands are\n" + Commands.help());
            return Exit.USAGE;
        }
        try {
            return row.readsIds() && words.contains("-") ? forIdsFromInput(words.getFirst()) : once(words);
        } catch (ConfigException e) {
            terminal.err().println("postern: " + e.getMessage());
            return Exit.CONFIG;
        } catch (IOException e) {
            terminal.err().println("postern: " + e.getMessage());
            return Exit.TEMPFAIL;
        } finally {
            terminal.out().flush();
            terminal.err().flush();
        }
    }

    /// Queue ids stand first on each line, as in the output of `mailq`; an `*` or `!` behind them is no part.
    private Exit forIdsFromInput(String name) throws IOException {
        Exit worst = Exit.OK;
        List<String> words = new ArrayList<>(List.of(name));
        Scanner lines = new Scanner(terminal.in(), StandardCharsets.UTF_8);
        while (lines.hasNextLine()) {
            String id = lines.nextLine().strip().replaceFirst("[*!]?(\\s.*)?$", "");
            if (!id.isEmpty()) {
                words.add(id);
            }
            if (words.size() > IDS_AT_ONCE) {
                worst = worse(worst, once(words));
                words.subList(1, words.size()).clear();
            }
        }
        return words.size() > 1 ? worse(worst, once(words)) : worst;
    }

    private static Exit worse(Exit one, Exit other) {
        return one == Exit.OK ? other : one;
    }

    private Exit once(List<String> words) throws IOException {
        Connection connection = connect();
        if (connection != null) {
            try (connection) {
                return ask(connection, words);
            }
        }
        Command command = Commands.command(words.getFirst());
        if (command == null) {
            return Exit.USAGE;
        }
        List<String> arguments = words.subList(1, words.size());
        return stopped.lend(operator -> Commands.run(
                command, arguments, new Command.Scene(operator, null, stopped.mailroom()), terminal.answer()));
    }

    private @Nullable Connection connect() {
        try {
            return dialer.dial(Endpoint.unix(socket.toString()), null, CONNECT_TIME);
        } catch (IOException e) {
            return null;
        }
    }

    private Exit ask(Connection connection, List<String> words) throws IOException {
        for (String word : words) {
            byte[] bytes = word.getBytes(StandardCharsets.UTF_8);
            if (bytes.length > Frame.LONGEST) {
                throw new IOException("argument too long");
            }
            connection.write(Frame.bytes(Frame.ARGUMENT, ByteBuffer.wrap(bytes)));
        }
        connection.write(Frame.bytes(Frame.GO, ByteBuffer.allocate(0)));
        Answer answer = terminal.answer();
        Frame.Reader frames = new Frame.Reader(connection);
        for (Frame frame = frames.read(); frame != null; frame = frames.read()) {
            switch (frame.kind()) {
                case Frame.OUT -> answer.bytes(frame.content());
                case Frame.ERROR -> answer.error(frame.text());
                case Frame.EXIT -> {
                    awaitEnd(frames);
                    return Exit.of(Integer.parseInt(frame.text()));
                }
                default -> throw new IOException("the server speaks another language: is it an older one?");
            }
        }
        throw new IOException("the server left without an answer");
    }

    /// The server hangs up when nothing is left to do: after `stop`, when it is gone.
    private static void awaitEnd(Frame.Reader frames) {
        try {
            Frame more = frames.read();
            while (more != null) {
                more = frames.read();
            }
        } catch (IOException e) {
            // that is an end, too
        }
    }
}
