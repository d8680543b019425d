package postern.mailbox.sql;

import java.io.IOException;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import org.jdbi.v3.core.JdbiException;

/// What somebody waits for while a thread of the store does it.
final class Pending<T> {
    private final CompletableFuture<T> result = new CompletableFuture<>();

    void done(T value) {
        result.complete(value);
    }

    void failed(Throwable why) {
        result.completeExceptionally(why);
    }

    /// Waits.
    ///
    /// @throws IOException when it was refused
    /// @throws IllegalArgumentException when it was asked for wrongly
    T await() throws IOException {
        try {
            return result.join();
        } catch (CompletionException e) {
            Throwable cause = e.getCause() == null ? e : e.getCause();
            switch (cause) {
                case JdbiException refused ->
                    throw new IOException("mailbox store: " + SqliteDatabase.reason(refused), refused);
                case IOException refused -> throw new IOException(refused.getMessage(), refused);
                case IllegalArgumentException wrong -> throw new IllegalArgumentException(wrong.getMessage(), wrong);
                default -> throw new IllegalStateException(cause);
            }
        }
    }
}
