package postern.wire;

import java.nio.charset.StandardCharsets;

/// Windows over a text (one byte per character), for tests.
public final class Windows {
    private Windows() {}

    /// A window whose source gives at most `step` bytes a read.
    public static Window of(String text, int step) {
        return of(text.getBytes(StandardCharsets.ISO_8859_1), step);
    }

    public static Window of(byte[] all, int step) {
        int[] at = {0};
        return new Window(into -> {
            int count = Math.min(Math.min(step, into.remaining()), all.length - at[0]);
            if (count == 0) {
                return -1;
            }
            into.put(all, at[0], count);
            at[0] += count;
            return count;
        });
    }
}
