package postern.admin;

import java.io.InputStream;
import java.io.PrintStream;
import java.nio.ByteBuffer;

/// Where the command line reads and writes.
public record Terminal(InputStream in, PrintStream out, PrintStream err) {
    /// An answer that is shown here.
    Answer answer() {
        return new Answer() {
            @Override
            public void bytes(ByteBuffer bytes) {
                byte[] all = new byte[bytes.remaining()];
                bytes.get(all);
                out.write(all, 0, all.length);
            }

            @Override
            public void error(String line) {
                out.flush();
                err.println(line);
            }

            @Override
            public void afterwards(Runnable rest) {
                rest.run();
            }
        };
    }
}
