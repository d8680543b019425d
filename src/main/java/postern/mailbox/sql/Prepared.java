package postern.mailbox.sql;

import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.SQLException;
import java.util.HashMap;
import java.util.Map;
import org.jdbi.v3.core.Handle;
import org.jdbi.v3.core.JdbiException;

/// The statements that every delivery needs, bound without JDBI's work around each, which took more than running
/// them. Belongs to the connection's thread; the statements end with the connection.
final class Prepared {
    private final Connection connection;
    private final Map<String, PreparedStatement> statements = new HashMap<>();

    Prepared(Handle handle) {
        this.connection = handle.getConnection();
    }

    /// Runs a statement that changes rows.
    ///
    /// @param values `Long`, `Integer`, `String` or `byte[]`, for its question marks
    /// @return how many rows it has changed
    int update(String sql, Object... values) {
        try {
            PreparedStatement statement = statements.get(sql);
            if (statement == null) {
                statement = connection.prepareStatement(sql);
                statements.put(sql, statement);
            }
            for (int i = 0; i < values.length; i++) {
                switch (values[i]) {
                    case Long number -> statement.setLong(i + 1, number);
                    case Integer number -> statement.setInt(i + 1, number);
                    case String text -> statement.setString(i + 1, text);
                    case byte[] bytes -> statement.setBytes(i + 1, bytes);
                    default -> throw new IllegalArgumentException("" + values[i].getClass());
                }
            }
            return statement.executeUpdate();
        } catch (SQLException e) {
            forget(sql);
            throw new Refused(sql, e);
        }
    }

    /// The driver finalizes a statement that failed, as when the disk is full: the next time it is prepared anew.
    private void forget(String sql) {
        PreparedStatement failed = statements.remove(sql);
        try {
            if (failed != null) {
                failed.close();
            }
        } catch (SQLException e) {
            // it was closed
        }
    }

    /// What the database says no to, as JDBI says it.
    private static final class Refused extends JdbiException {
        private static final long serialVersionUID = 1;

        Refused(String sql, SQLException cause) {
            super(sql, cause);
        }
    }
}
