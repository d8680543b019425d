package postern.message;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;

/// The boundaries of the multiparts that are open, the innermost last (RFC 2046 §5.1). What they take is
/// bounded: so many, each so long.
final class Boundaries {
    /// Postfix lets two more than `mime_nesting_limit` pass.
    private static final int GRACE = 2;

    private final int most;
    private final int longest;
    private final List<Open> open = new ArrayList<>();

    private record Open(byte[] boundary, boolean digest) {}

    /// What a line is.
    enum Line {
        NONE,
        PART,
        DIGEST_PART,
        END
    }

    /// @param nesting `mime_nesting_limit`
    /// @param longest bytes of a boundary that count (`mime_boundary_length_limit`)
    Boundaries(int nesting, int longest) {
        this.most = nesting + GRACE;
        this.longest = longest;
    }

    /// Opens a multipart. Returns false when there are too many.
    boolean push(byte[] boundary, boolean digest) {
        if (open.size() >= most) {
            return false;
        }
        open.add(new Open(Arrays.copyOf(boundary, Math.min(boundary.length, longest)), digest));
        return true;
    }

    /// What a line is, and closes the multiparts that it ends. What follows a boundary does not matter: some
    /// programs put something there, and the boundary kept may be cut off.
    Line match(byte[] bytes, int from, int to) {
        if (to - from <= 2 || bytes[from] != '-' || bytes[from + 1] != '-') {
            return Line.NONE;
        }
        for (int i = open.size() - 1; i >= 0; i--) {
            Open candidate = open.get(i);
            int end = from + 2 + candidate.boundary.length;
            if (end <= to && Arrays.equals(bytes, from + 2, end, candidate.boundary, 0, candidate.boundary.length)) {
                boolean last = end + 2 <= to && bytes[end] == '-' && bytes[end + 1] == '-';
                open.subList(last ? i : i + 1, open.size()).clear();
                return last ? Line.END : candidate.digest ? Line.DIGEST_PART : Line.PART;
            }
        }
        return Line.NONE;
    }
}
