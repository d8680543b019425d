package postern.smtp.client;

import java.io.EOFException;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.security.cert.CertificateException;
import java.time.Duration;
import org.jspecify.annotations.Nullable;
import postern.net.Connection;
import postern.net.TlsFacts;
import postern.net.TlsSettings;
import postern.smtp.Reply;
import postern.wire.Window;

/// Commands out and replies in, over one connection: collects commands so that a batch is one write, keeps
/// the time limit of each phase, and turns what the network does into a [SmtpFailure] in Postfix's words.
final class Chat {
    private static final int LONGEST_COMMAND = 8 * 1024;

    private final Connection connection;
    private final TargetHost host;
    private final Timeouts timeouts;
    private Window window;
    private ReplyReader replies;
    private @Nullable ByteBuffer out;
    private boolean strict;
    private boolean usable = true;
    private @Nullable Budget budget;

    Chat(Connection connection, TargetHost host, Timeouts timeouts) {
        this.connection = connection;
        this.host = host;
        this.timeouts = timeouts;
        window = new Window(connection);
        replies = new ReplyReader(window);
    }

    TargetHost host() {
        return host;
    }

    @Nullable
    TlsFacts tls() {
        return connection.tls();
    }

    /// From now on each step has what is left of this, where that is less than its own limit; null for an end
    /// of that.
    void within(@Nullable Budget left) {
        budget = left;
    }

    private Duration limit(Phase phase) {
        Duration own = timeouts.of(phase);
        return budget == null ? own : budget.of(own);
    }

    /// From now on replies may be answers to several commands: a line that is no reply ends the dialog.
    void pipelining(boolean on) {
        strict = on;
    }

    /// Whether the connection has not been lost, and the peer has not said that it closes.
    boolean isUsable() {
        return usable;
    }

    /// Appends ASCII or UTF-8 text to the batch.
    ///
    /// @throws IllegalArgumentException at a control character: nothing of ours can end a command line early
    Chat put(String text) {
        boolean ascii = true;
        for (int i = 0; i < text.length(); i++) {
            char c = text.charAt(i);
            if (c < ' ' || c == 127) {
                throw new IllegalArgumentException("control character in a command: " + (int) c);
            }
            ascii &= c < 128;
        }
        if (!ascii) {
            byte[] bytes = text.getBytes(StandardCharsets.UTF_8);
            room(bytes.length).put(bytes);
            return this;
        }
        ByteBuffer into = room(text.length());
        for (int i = 0; i < text.length(); i++) {
            into.put((byte) text.charAt(i));
        }
        return this;
    }

    /// Ends the command line.
    void end() {
        room(2).put((byte) '\r').put((byte) '\n');
    }

    /// The batch, with room for `length` more bytes.
    private ByteBuffer room(int length) {
        ByteBuffer into = batch();
        if (into.remaining() < length) {
            throw new IllegalArgumentException("a command of " + length + " bytes");
        }
        return into;
    }

    /// Whether the batch still takes a command of any length that there is.
    boolean hasRoom() {
        return batch().remaining() >= LONGEST_COMMAND;
    }

    /// The batch itself, to put message text behind the commands.
    ByteBuffer batch() {
        ByteBuffer into = out;
        if (into == null) {
            into = Buffers.lend();
            out = into;
        }
        return into;
    }

    /// Sends the batch, in one write.
    void flush(Phase phase) throws SmtpFailure {
        ByteBuffer batch = batch();
        if (batch.position() > 0) {
            write(batch.flip(), phase);
            batch.clear();
        }
    }

    /// Sends bytes as they are.
    void write(ByteBuffer bytes, Phase phase) throws SmtpFailure {
        connection.deadline().in(limit(phase));
        try {
            connection.write(bytes);
        } catch (IOException e) {
            throw gone(phase);
        }
    }

    /// Sends one command and waits for its reply.
    Reply ask(String command, Phase phase) throws SmtpFailure {
        put(command).end();
        flush(phase);
        return reply(phase);
    }

    /// Waits for the next reply.
    Reply reply(Phase phase) throws SmtpFailure {
        connection.deadline().in(limit(phase));
        try {
            Reply reply = replies.read(strict);
            if (reply.code() == 421 || reply.code() == 521) {
                usable = false;
            }
            return reply;
        } catch (ReplyReader.Malformed e) {
            usable = false;
            throw SmtpFailure.malformed(host, phase);
        } catch (EOFException e) {
            throw gone(phase);
        } catch (IOException e) {
            throw gone(phase);
        }
    }

    private SmtpFailure gone(Phase phase) {
        usable = false;
        return connection.deadline().expired() ? SmtpFailure.timedOut(host, phase) : SmtpFailure.lost(host, phase);
    }

    /// How many bytes the peer has sent that nobody asked for, as far as they have been read.
    int unasked() {
        return window.available();
    }

    /// Shakes hands. What was learned in clear is forgotten by the caller.
    ///
    /// @throws SmtpFailure when the handshake fails; the connection is then of no more use
    void startTls(TlsSettings settings) throws SmtpFailure {
        connection.deadline().in(limit(Phase.TLS));
        try {
            connection.startTls(settings);
        } catch (IOException e) {
            usable = false;
            throw SmtpFailure.tls(host, reason(e));
        }
        window = new Window(connection);
        replies = new ReplyReader(window);
    }

    private static String reason(IOException failure) {
        for (Throwable cause = failure; cause != null; cause = cause.getCause()) {
            if (cause instanceof CertificateException && cause.getMessage() != null) {
                return cause.getMessage();
            }
        }
        return "Cannot start TLS: handshake failure";
    }

    /// Gives back what is lent: the dialog has nothing to say for a while.
    void rest() {
        ByteBuffer lent = out;
        if (lent != null) {
            out = null;
            Buffers.giveBack(lent);
        }
        window.narrow();
        connection.deadline().never();
    }

    /// No further message goes over this connection.
    void giveUp() {
        usable = false;
    }

    /// Ends the connection, without a word.
    void cut() {
        usable = false;
        rest();
        connection.close();
    }
}
