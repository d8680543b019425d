package postern.admin;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import postern.wire.ByteSink;

/// An answer that goes over the control socket, in large pieces.
final class FramedAnswer implements Answer {
    private final ByteSink sink;
    private Runnable rest = () -> {};
    private final ByteBuffer pending = ByteBuffer.allocate(Frame.LONGEST);

    FramedAnswer(ByteSink sink) {
        this.sink = sink;
    }

    @Override
    public void bytes(ByteBuffer bytes) throws IOException {
        while (bytes.hasRemaining()) {
            if (!pending.hasRemaining()) {
                flush();
            }
            int count = Math.min(pending.remaining(), bytes.remaining());
            pending.put(pending.position(), bytes, bytes.position(), count);
            pending.position(pending.position() + count);
            bytes.position(bytes.position() + count);
        }
    }

    @Override
    public void error(String line) throws IOException {
        flush();
        send(Frame.ERROR, line);
    }

    @Override
    public void afterwards(Runnable what) {
        rest = what;
    }

    void exit(Exit exit) throws IOException {
        flush();
        send(Frame.EXIT, Integer.toString(exit.code()));
        rest.run();
    }

    private void flush() throws IOException {
        if (pending.position() > 0) {
            sink.write(Frame.bytes(Frame.OUT, pending.flip()));
            pending.clear();
        }
    }

    private void send(char kind, String text) throws IOException {
        byte[] bytes = text.getBytes(StandardCharsets.UTF_8);
        sink.write(Frame.bytes(kind, ByteBuffer.wrap(bytes, 0, Math.min(bytes.length, Frame.LONGEST))));
    }
}
