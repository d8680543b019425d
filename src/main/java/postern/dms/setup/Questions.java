package postern.dms.setup;

import java.io.IOException;
import org.jspecify.annotations.Nullable;

/// Asks whoever runs the command.
public interface Questions {
    /// @return null at the end of the input
    @Nullable
    String line(String prompt) throws IOException;

    /// The same, without showing what is typed.
    @Nullable
    String secret(String prompt) throws IOException;
}
