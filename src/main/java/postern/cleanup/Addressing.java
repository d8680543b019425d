package postern.cleanup;

import java.util.List;
import postern.address.Address;
import postern.address.Path;

/// Rewriting and expansion of envelope addresses, as `cleanup` needs them. Answers only when the tables could
/// be asked.
public interface Addressing {
    /// The sender after `sender_canonical_maps` and `canonical_maps`.
    ///
    /// @throws postern.smtp.Reply.Refused (451 4.3.0) when a table could not be asked
    Path sender(Path sender);

    /// What a recipient stands for.
    ///
    /// @param rewritten the recipient after canonical maps
    /// @param to after virtual alias maps: one address or several, never none
    record Expansion(Address rewritten, List<Address> to) {
        /// Whether an alias stood between.
        boolean isAlias() {
            return to.size() > 1 || !to.getFirst().equals(rewritten);
        }
    }

    /// A recipient after canonical and virtual alias maps.
    ///
    /// @throws postern.smtp.Reply.Refused (451 4.3.0) when a table could not be asked or the expansion is too
    ///     large
    Expansion expand(Address recipient);
}
