package postern.admin;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;

/// What a command says: to a terminal, or over the control socket to one.
interface Answer {
    /// Bytes for standard output.
    void bytes(ByteBuffer bytes) throws IOException;

    /// A line for standard error.
    void error(String line) throws IOException;

    /// What is to be done when whoever asked has the whole answer.
    void afterwards(Runnable rest);

    /// A line for standard output.
    default void line(String line) throws IOException {
        bytes(ByteBuffer.wrap((line + "\n").getBytes(StandardCharsets.UTF_8)));
    }
}
