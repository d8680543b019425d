package postern.queue;

import postern.address.Address;
import postern.address.Path;
import postern.rewrite.Resolved;

/// Where mail from a sender to a recipient goes: `rewrite.Routes`, handed over by the role class.
@FunctionalInterface
public interface Router {
    /// May block on a table. A table that could not be asked is [Resolved.TempFail], never a guess.
    Resolved resolve(Path sender, Address recipient);
}
