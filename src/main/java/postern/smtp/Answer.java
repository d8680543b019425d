package postern.smtp;

import java.util.List;

/// The answer to a message whose text is complete.
///
/// @param forAll of a client that can hear but one reply; of every recipient where `each` is empty
/// @param each where recipients have answers of their own: one for each that was accepted, in their order
public record Answer(Reply forAll, List<Reply> each) {
    public Answer {
        each = List.copyOf(each);
    }

    /// The same for all recipients.
    public Answer(Reply forAll) {
        this(forAll, List.of());
    }
}
