package postern.peers;

import java.io.BufferedReader;
import java.io.Closeable;
import java.io.IOException;
import java.io.InputStreamReader;
import java.io.OutputStream;
import java.net.Socket;
import java.nio.charset.StandardCharsets;

/// A mail client of a few lines, independent of our own code: one connection, one command at a time.
public final class Sender implements Closeable {
    private final Socket socket;
    private final BufferedReader in;
    private final OutputStream out;

    /// Connects and says EHLO.
    public Sender(String host, int port) throws IOException {
        socket = new Socket(host, port);
        socket.setTcpNoDelay(true);
        in = new BufferedReader(new InputStreamReader(socket.getInputStream(), StandardCharsets.ISO_8859_1));
        out = socket.getOutputStream();
        expect("220");
        say("EHLO sender.example");
        expect("250");
    }

    /// Sends one message. Returns once it is answered 250.
    ///
    /// @param text with CR LF line ends and no line that begins with a dot
    /// @throws IOException when anything else is answered or the connection is lost: whether it was taken is
    ///     not known
    public void send(String from, String to, String text) throws IOException {
        say("MAIL FROM:<" + from + ">");
        expect("250");
        say("RCPT TO:<" + to + ">");
        expect("250");
        say("DATA");
        expect("354");
        say(text + ".");
        expect("250");
    }

    /// Sends one line and returns the last line of the answer.
    public String command(String line) throws IOException {
        say(line);
        return answer();
    }

    /// Sends one line and does not wait.
    public void say(String line) throws IOException {
        out.write((line + "\r\n").getBytes(StandardCharsets.ISO_8859_1));
    }

    private void expect(String code) throws IOException {
        String answer = answer();
        if (!answer.startsWith(code)) {
            throw new IOException("expected " + code + ", got " + answer);
        }
    }

    /// The last line of the next answer.
    public String answer() throws IOException {
        String line = in.readLine();
        while (line != null && line.length() > 3 && line.charAt(3) == '-') {
            line = in.readLine();
        }
        if (line == null) {
            throw new IOException("lost connection");
        }
        return line;
    }

    @Override
    public void close() throws IOException {
        socket.close();
    }
}
