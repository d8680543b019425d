package postern.peers;

import java.io.Closeable;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.nio.charset.StandardCharsets;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicReference;

/// A wire between two mail servers that breaks at a given point, once: it is told where, passes everything on until
/// then, cuts both ends, and passes everything on again.
public final class LossyWire implements Closeable {
    /// Where it breaks.
    public enum Break {
        NOWHERE,
        /// The message has been taken, and the reply that says so is lost.
        BEFORE_REPLY,
        /// The end of the text is lost.
        BEFORE_END
    }

    private final ServerSocket socket = new ServerSocket(0, 100, InetAddress.getLoopbackAddress());
    private final int to;
    private final AtomicReference<Break> next = new AtomicReference<>(Break.NOWHERE);
    private final AtomicInteger breaks = new AtomicInteger();

    /// @param to port on loopback
    public LossyWire(int to) throws IOException {
        this.to = to;
        Thread.ofVirtual().start(this::accept);
    }

    public int port() {
        return socket.getLocalPort();
    }

    /// Breaks there, the next time.
    public void at(Break where) {
        next.set(where);
    }

    /// How often it broke.
    public int breaks() {
        return breaks.get();
    }

    private void accept() {
        while (!socket.isClosed()) {
            try {
                Socket here = socket.accept();
                try {
                    Socket there = new Socket(InetAddress.getLoopbackAddress(), to);
                    here.setTcpNoDelay(true);
                    there.setTcpNoDelay(true);
                    Thread.ofVirtual().start(() -> pass(here, there, true));
                    Thread.ofVirtual().start(() -> pass(there, here, false));
                } catch (IOException e) {
                    here.close();
                }
            } catch (IOException e) {
                return;
            }
        }
    }

    /// @param out whether this is the way of the text
    private void pass(Socket from, Socket into, boolean out) {
        byte[] bytes = new byte[64 * 1024];
        try (from;
                into) {
            InputStream in = from.getInputStream();
            OutputStream on = into.getOutputStream();
            String tail = "";
            for (int count = in.read(bytes); count >= 0; count = in.read(bytes)) {
                String seen = tail + new String(bytes, 0, count, StandardCharsets.ISO_8859_1);
                if (breaksHere(seen, out)) {
                    on.write(bytes, 0, out ? count - 1 : 0);
                    on.flush();
                    return;
                }
                on.write(bytes, 0, count);
                tail = seen.substring(Math.max(0, seen.length() - 4));
            }
        } catch (IOException e) {
            // one end is gone, and so is the other now
        }
    }

    private boolean breaksHere(String seen, boolean out) {
        boolean end = seen.endsWith("\r\n.\r\n") || (seen.contains("BDAT ") && seen.contains(" LAST\r\n"));
        boolean here = out
                ? end && next.compareAndSet(Break.BEFORE_END, Break.NOWHERE)
                : (seen.contains("queued as") || seen.contains("delivered as"))
                        && next.compareAndSet(Break.BEFORE_REPLY, Break.NOWHERE);
        breaks.addAndGet(here ? 1 : 0);
        return here;
    }

    @Override
    public void close() throws IOException {
        socket.close();
    }
}
