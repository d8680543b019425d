package postern.smtp;

/// Knows what became of hand-overs by their ids: whoever commits messages here. Safe for use from many threads.
@FunctionalInterface
public interface Fates {
    /// What became of one.
    enum Fate {
        /// Its message was committed.
        TAKEN,
        /// It was not, and will not be: from this answer on no message can be committed under that id.
        UNKNOWN,
        /// It is under way, or nobody can tell.
        UNDECIDED
    }

    Fate of(HandoverId id);
}
