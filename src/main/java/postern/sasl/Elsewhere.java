package postern.sasl;

import org.jspecify.annotations.Nullable;

/// Who is asked about logins besides the files.
///
/// @param directory of those who are in no file
/// @param tokens tells whose a token is
public record Elsewhere(
        @Nullable LoginDirectory directory, @Nullable TokenProvider tokens) {
    /// Nobody.
    public static final Elsewhere NOBODY = new Elsewhere(null, null);

    /// The same, and a provider of tokens.
    public Elsewhere with(@Nullable TokenProvider provider) {
        return new Elsewhere(directory, provider);
    }
}
