package postern.peers;

import java.io.IOException;
import java.util.ArrayList;
import java.util.List;

/// Debian's swaks, the mail client for tests.
final class Swaks {
    private Swaks() {}

    /// Sends one message, or does what the options say; returns the dialogue. Status 0 is success, 24 a refused
    /// recipient, 28 a refused login, 29 STARTTLS that failed.
    static Commands.Output tryToSend(String server, String from, String to, String... options) throws IOException {
        List<String> command = new ArrayList<>(
                List.of("swaks", "--server", server, "--helo", "sender.example", "--from", from, "--to", to));
        command.addAll(List.of(options));
        return Commands.tryRun(command.toArray(String[]::new));
    }

    /// Sends one message that must be taken; returns the dialogue.
    static String send(String server, String from, String to, String... options) throws IOException {
        Commands.Output output = tryToSend(server, from, to, options);
        if (output.status() != 0) {
            throw new IOException("swaks ended with " + output.status() + ": " + output.text());
        }
        return output.text();
    }
}
