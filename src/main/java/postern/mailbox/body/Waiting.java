package postern.mailbox.body;

import java.io.IOException;

/// Waits for a text to be forced. Told on the thread that forces, which waits for it.
public interface Waiting {
    /// The text will last: its place may be written down.
    void forced();

    /// The text is not there.
    void failed(IOException why);
}
