package postern.smtp;

import java.util.HashSet;
import java.util.Set;

/// What of our extensions a client is offered, when those behind us cannot honour all.
///
/// @param without keywords of extensions that are not, in upper case
/// @param sizeLimit bytes of a message; 0 when nobody sets a limit
public record Offered(Set<String> without, long sizeLimit) {
    public static final Offered EVERYTHING = new Offered(Set.of(), 0);

    public Offered {
        without = Set.copyOf(without);
    }

    /// What both can honour.
    public Offered and(Offered other) {
        if (other.equals(EVERYTHING)) {
            return this;
        }
        Set<String> all = new HashSet<>(without);
        all.addAll(other.without);
        return new Offered(all, smaller(other.sizeLimit));
    }

    /// The smaller of two limits, where 0 is none.
    public long smaller(long limit) {
        return limit == 0 || (sizeLimit > 0 && sizeLimit < limit) ? sizeLimit : limit;
    }
}
