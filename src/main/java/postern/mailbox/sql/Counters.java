package postern.mailbox.sql;

import java.util.EnumMap;
import org.jdbi.v3.core.Handle;

/// The ids that were given last. Belongs to the committer: an id that was given in a transaction which failed is
/// left out.
final class Counters {
    /// What has ids.
    enum Kind {
        ACCOUNT("account"),
        MAILBOX("mailbox"),
        TEXT("text");

        private final String row;

        Kind(String row) {
            this.row = row;
        }
    }

    private final EnumMap<Kind, Long> last = new EnumMap<>(Kind.class);
    private final EnumMap<Kind, Long> written = new EnumMap<>(Kind.class);

    Counters(Handle handle) {
        for (Kind kind : Kind.values()) {
            long value = handle.createQuery("SELECT last FROM counters WHERE name = ?")
                    .bind(0, kind.row)
                    .mapTo(Long.class)
                    .one();
            last.put(kind, value);
            written.put(kind, value);
        }
    }

    long next(Kind kind) {
        return last.merge(kind, 1L, Long::sum);
    }

    /// Writes down what was given, in the transaction that gave it.
    void save(Prepared statements) {
        last.forEach((kind, value) -> {
            if (!value.equals(written.get(kind))) {
                statements.update("UPDATE counters SET last = ? WHERE name = ?", value, kind.row);
            }
        });
    }

    /// What was saved lasts.
    void saved() {
        written.putAll(last);
    }
}
