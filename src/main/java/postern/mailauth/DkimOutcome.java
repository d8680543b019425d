package postern.mailauth;

import java.util.List;

/// What signing a message has come to.
public sealed interface DkimOutcome {
    /// @param fields that go in front of the text: whole lines, the last with its line end
    record Added(String fields, List<SigningIdentity> by) implements DkimOutcome {}

    /// @param why in opendkim's words
    record NotAdded(String why) implements DkimOutcome {}
}
