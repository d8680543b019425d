package postern.sasl;

import org.jspecify.annotations.Nullable;

/// Who is asked about logins besides the files.
///
/// @param directory of those who are in no file
public record Elsewhere(@Nullable LoginDirectory directory) {
    /// Nobody.
    public static final Elsewhere NOBODY = new Elsewhere(null);
}
