package postern.mailbox.sql;

import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.util.Objects;
import org.jdbi.v3.core.Handle;

/// Brings the tables to the version this program knows: `1.sql`, `2.sql` …, each in one transaction.
final class Schema {
    private static final int VERSION = 3;

    private Schema() {}

    /// @throws IOException when the store was written by a newer program
    static void upgrade(Handle handle) throws IOException {
        handle.execute("CREATE TABLE IF NOT EXISTS schema_version (version INTEGER NOT NULL)");
        int version = handle.createQuery("SELECT COALESCE(MAX(version), 0) FROM schema_version")
                .mapTo(Integer.class)
                .one();
        if (version > VERSION) {
            throw new IOException("the mailbox store has version " + version + ", and this program knows " + VERSION
                    + " at most: it was written by a newer one");
        }
        for (int next = version + 1; next <= VERSION; next++) {
            String script = script(next);
            int to = next;
            handle.useTransaction(inside -> {
                inside.createScript(script).execute();
                inside.execute("INSERT INTO schema_version (version) VALUES (?)", to);
            });
        }
    }

    private static String script(int version) throws IOException {
        try (InputStream in = Schema.class.getResourceAsStream(version + ".sql")) {
            return new String(Objects.requireNonNull(in, version + ".sql").readAllBytes(), StandardCharsets.UTF_8);
        }
    }
}
