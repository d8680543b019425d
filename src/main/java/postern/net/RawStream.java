package postern.net;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.ClosedChannelException;
import java.nio.channels.SocketChannel;
import java.time.Duration;
import postern.wire.ByteSink;
import postern.wire.ByteSource;

/// The channel below a connection, with its deadline. TLS, where there is any, lies on top.
///
/// One thread reads and one writes (mostly the same); [#look(long)] is the watching thread's. Only what waits
/// is ended: a session that works for longer than its last deadline finds itself in time once it sets the
/// next.
final class RawStream implements ByteSource, ByteSink, Deadline, Deadlines.Watched {
    /// What a session has for its farewell after a read has expired.
    private static final long FAREWELL = Duration.ofSeconds(10).toMillis();

    private static final long NEVER = Long.MAX_VALUE;

    private final SocketChannel channel;
    private final Deadlines deadlines;
    private volatile long at = NEVER;
    private volatile boolean reading;
    private volatile boolean writing;
    private volatile boolean expired;
    private volatile boolean writeExpired;

    RawStream(SocketChannel channel, Deadlines deadlines) {
        this.channel = channel;
        this.deadlines = deadlines;
        deadlines.watch(this);
    }

    @Override
    public int read(ByteBuffer into) throws IOException {
        if (at != NEVER) {
            long now = deadlines.now();
            if (now >= at) {
                expireRead(now);
            }
        }
        if (expired) {
            return -1;
        }
        reading = true;
        try {
            return channel.read(into);
        } catch (ClosedChannelException e) {
            // Closed from elsewhere: for a reader that is the end of input.
            return -1;
        } finally {
            reading = false;
        }
    }

    @Override
    public void write(ByteBuffer bytes) throws IOException {
        writing = true;
        try {
            while (bytes.hasRemaining()) {
                channel.write(bytes);
            }
        } catch (ClosedChannelException e) {
            throw new IOException(writeExpired ? "Connection timed out" : "connection closed", e);
        } finally {
            writing = false;
        }
    }

    /// Writes what can be written without waiting and says nothing of the rest. Only for a caller who knows
    /// that nobody else reads or writes: changing the mode waits for them.
    void writeAtOnce(ByteBuffer bytes) throws IOException {
        channel.configureBlocking(false);
        channel.write(bytes);
    }

    @Override
    public void in(Duration time) {
        at = deadlines.now() + time.toMillis();
    }

    @Override
    public void never() {
        at = NEVER;
    }

    @Override
    public boolean expired() {
        return expired;
    }

    /// The order matters: who is seen waiting has set its deadline before, so the deadline read after that is
    /// never an older one than the wait's.
    @Override
    public void look(long now) {
        boolean waitsToWrite = writing;
        boolean waitsToRead = reading;
        if (now < at) {
            return;
        }
        if (waitsToWrite) {
            writeExpired = true;
            closeQuietly();
        } else if (waitsToRead) {
            expireRead(now);
        }
    }

    /// Whether a thread waits in a read at this moment.
    boolean waitsToRead() {
        return reading;
    }

    void shutdownInput() {
        try {
            channel.shutdownInput();
        } catch (IOException e) {
            // The peer is gone already; a waiting read has noticed by itself.
        }
    }

    void close() {
        deadlines.forget(this);
        closeQuietly();
    }

    private void expireRead(long now) {
        expired = true;
        at = now + FAREWELL;
        shutdownInput();
    }

    private void closeQuietly() {
        try {
            channel.close();
        } catch (IOException e) {
            // The descriptor is free in any case.
        }
    }
}
