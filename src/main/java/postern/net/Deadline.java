package postern.net;

import java.time.Duration;

/// When a connection's present line, command or message must be through. Setting it is a volatile write: a
/// session sets it once per command, not per read. When it passes, a waiting read ends as at end of input and
/// a waiting write by closing.
public interface Deadline {
    /// From now on.
    void in(Duration time);

    /// No limit.
    void never();

    /// Whether the last set deadline has passed and ended a read.
    boolean expired();
}
