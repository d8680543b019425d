package postern.mailbox;

/// How much mail an account may have, in bytes: STORAGE of RFC 9208, which counts in units of 1024. As Dovecot
/// keeps it: while the limit is not passed, one more message may pass it by the grace, a tenth.
///
/// @param limit 0 for none
public record Quota(long limit) {
    public static final Quota NONE = new Quota(0);

    private static final int[] WARNED_OF = {95, 80};
    private static final int GRACE_PART = 10;

    public boolean isLimited() {
        return limit > 0;
    }

    /// Whether a message of this size may come to mail that takes so much already.
    public boolean hasRoom(long used, long size) {
        return !isLimited() || (used <= limit && size <= limit - used + limit / GRACE_PART);
    }

    /// The percentage that its owner is warned of when mail grows: the highest that is reached and was not before; 0
    /// for none.
    public int reached(long before, long after) {
        for (int percent : WARNED_OF) {
            if (isLimited() && isAt(percent, after) && !isAt(percent, before)) {
                return percent;
            }
        }
        return 0;
    }

    private boolean isAt(int percent, long used) {
        return used >= limit / 100.0 * percent;
    }
}
