package postern.queue;

import org.jspecify.annotations.Nullable;

/// What a record of the log is. The codes are the format: they are never given a new meaning.
///
/// A code that is not listed here was written by a newer minor version. Its record belongs to the message
/// whose id it carries: it is not understood, goes where the message goes, and ends with it.
enum RecordKind {
    /// A piece of a message's text.
    BODY(1),
    /// A message: from here on it exists. [MailRecord]
    MAIL(2),
    /// A message is gone. The payload is the [SegmentName] of its MAIL record.
    DONE(3),
    /// All that has become of a message, which waits (or is active, with some recipients finished). [State]
    LATER(4),
    /// The same of a message that is held.
    HOLD(5),
    /// The last record of a closed segment: its [Rows].
    FOOTER(6);

    private static final RecordKind[] KINDS = values();

    private final int code;

    RecordKind(int code) {
        this.code = code;
    }

    int code() {
        return code;
    }

    /// The kind of a code; null when it is not one of this version's.
    static @Nullable RecordKind of(int code) {
        return code >= 1 && code <= KINDS.length ? KINDS[code - 1] : null;
    }
}
