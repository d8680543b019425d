package postern.queue;

import java.time.Instant;
import java.util.BitSet;
import java.util.List;

/// A message and what has become of it so far, as read back from the log.
///
/// @param open places in `mail.recipients()` that are not finished
/// @param tries how often it has been deferred
/// @param due when it is to be tried again
/// @param held whether it waits for `release`
/// @param warned whether the sender has been told of the delay
/// @param reasons why each recipient waits, by place; empty where not known
public record Queued(
        Mail mail, BitSet open, int tries, Instant due, boolean held, boolean warned, List<String> reasons) {}
