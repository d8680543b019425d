package postern.config;

import java.util.Collection;
import org.jspecify.annotations.Nullable;

/// Finds the name that a misspelt one is likely to mean.
public final class Spelling {
    private Spelling() {}

    /// What to put behind a name that nobody knows: ` (is smtpd_timeout meant?)`, or nothing.
    public static String meant(String name, Collection<String> known) {
        String nearest = nearest(name, known);
        return nearest == null ? "" : " (is " + nearest + " meant?)";
    }

    /// The known name that takes fewest letters added, left out, changed or swapped; null when none is near.
    static @Nullable String nearest(String name, Collection<String> known) {
        String nearest = null;
        int least = Math.clamp(name.length() / 5, 1, 3) + 1;
        for (String candidate : known) {
            if (Math.abs(candidate.length() - name.length()) < least) {
                int distance = distance(name, candidate);
                if (distance < least) {
                    least = distance;
                    nearest = candidate;
                }
            }
        }
        return nearest;
    }

    private static int distance(String left, String right) {
        int[][] cost = new int[left.length() + 1][right.length() + 1];
        for (int i = 0; i <= left.length(); i++) {
            for (int j = 0; j <= right.length(); j++) {
                cost[i][j] = i == 0 ? j : j == 0 ? i : least(cost, left, right, i, j);
            }
        }
        return cost[left.length()][right.length()];
    }

    private static int least(int[][] cost, String left, String right, int i, int j) {
        int change = left.charAt(i - 1) == right.charAt(j - 1) ? 0 : 1;
        int least = Math.min(cost[i - 1][j - 1] + change, Math.min(cost[i - 1][j], cost[i][j - 1]) + 1);
        boolean swapped = i > 1
                && j > 1
                && left.charAt(i - 1) == right.charAt(j - 2)
                && left.charAt(i - 2) == right.charAt(j - 1);
        return swapped ? Math.min(least, cost[i - 2][j - 2] + 1) : least;
    }
}
