package postern.log;

import java.io.IOException;
import java.io.OutputStream;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import org.jspecify.annotations.Nullable;
import postern.config.ConfigFiles;

/// The file that the log goes to, or standard error where there is none or it cannot be written: then with
/// one warning. Used by one thread at a time.
public final class LogFile {
    private final @Nullable Path file;
    private final PrintStream fallback;
    private OutputStream out;

    /// @param file `maillog_file`; null for `fallback`
    public LogFile(@Nullable Path file, PrintStream fallback) {
        this.file = file;
        this.fallback = fallback;
        this.out = open();
    }

    void write(CharSequence text) {
        byte[] bytes = text.toString().getBytes(StandardCharsets.UTF_8);
        try {
            out.write(bytes);
            out.flush();
        } catch (IOException e) {
            fallback.println(
                    "postern: warning: " + file + " cannot be written (" + ConfigFiles.why(e) + "): logging to stderr");
            out = fallback;
            fallback.write(bytes, 0, bytes.length);
            fallback.flush();
        }
    }

    /// Closes the file and opens it again by its name: after logrotate has moved it away.
    void reopen() {
        close();
        out = open();
    }

    void close() {
        if (out != fallback) {
            try {
                out.close();
            } catch (IOException e) {
                fallback.println("postern: warning: " + file + ": " + e.getMessage());
            }
        }
    }

    private OutputStream open() {
        if (file == null) {
            return fallback;
        }
        try {
            return Files.newOutputStream(file, StandardOpenOption.CREATE, StandardOpenOption.APPEND);
        } catch (IOException e) {
            fallback.println("postern: warning: maillog_file " + ConfigFiles.why(file, e)
                    + "; logging to stderr; let the server's user write there, or set maillog_file to another file");
            return fallback;
        }
    }
}
