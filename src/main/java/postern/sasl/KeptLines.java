package postern.sasl;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.concurrent.Executor;
import java.util.function.Consumer;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;
import postern.config.ConfigFiles;
import postern.config.SafeFile;
import postern.log.MailLog;

/// A file of lines that is read at start and written behind what changes them, by another thread: however many
/// changes come while it is written, it is written once more.
final class KeptLines {
    private final @Nullable Path file;
    private final Executor writer;
    private final MailLog log;
    private final String what;
    private boolean changed;
    private boolean writing;

    /// @param file null to keep nothing over a restart
    /// @param writer runs what writes the file
    /// @param what they are, for the log: `bans`
    KeptLines(@Nullable Path file, Executor writer, MailLog log, String what) {
        this.file = file;
        this.writer = writer;
        this.log = log;
        this.what = what;
    }

    /// Reads them; what `line` refuses as an argument is left out with a warning.
    void read(Consumer<String> line) {
        if (file == null || !Files.exists(file)) {
            return;
        }
        try {
            for (String text : Files.readAllLines(file, StandardCharsets.UTF_8)) {
                try {
                    line.accept(text);
                } catch (IllegalArgumentException e) {
                    log.warning("postern", file + ": " + e.getMessage() + ": left out");
                }
            }
        } catch (IOException e) {
            log.warning("postern", what + " of before are not known any more: " + ConfigFiles.why(file, e));
        }
    }

    /// They have changed. May be said under a lock of whom they belong to.
    ///
    /// @param text all of them, asked for when the file is written
    synchronized void save(Supplier<String> text) {
        if (file == null) {
            return;
        }
        changed = true;
        if (!writing) {
            writing = true;
            writer.execute(() -> write(file, text));
        }
    }

    private void write(Path to, Supplier<String> text) {
        while (isDue()) {
            try {
                SafeFile.replace(to, text.get().getBytes(StandardCharsets.UTF_8));
            } catch (IOException e) {
                log.warning("postern", what + " are not kept over a restart: " + ConfigFiles.why(to, e));
            }
        }
    }

    private synchronized boolean isDue() {
        writing = changed;
        changed = false;
        return writing;
    }
}
