package postern.mailbox.body;

import java.io.IOException;
import java.util.List;
import java.util.Map;

/// Who lives in the segments: what compaction asks of those who keep the places.
public interface Residents {
    /// A text that is named somewhere.
    ///
    /// @param size bytes of the text
    record Resident(long id, TextPlace place, long size) {}

    /// Bytes of the texts that live in each segment; none for segments without.
    Map<Long, Long> live() throws IOException;

    /// The texts of a segment by id, at most so many, with ids above one.
    List<Resident> in(long segment, long above, int most) throws IOException;

    /// Writes new places down for those that still live where they were; returns when that is forced to disk.
    ///
    /// @param moved the texts as they were, and where they are now as well
    void moved(Map<Resident, TextPlace> moved) throws IOException;
}
