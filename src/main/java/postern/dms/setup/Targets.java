package postern.dms.setup;

import java.util.ArrayList;
import java.util.List;

/// The recipients of an alias: separated by commas or white space; what stands in quotes is one.
final class Targets {
    /// @param from where it begins in the text
    /// @param to where it ends
    private record Place(int from, int to) {}

    private Targets() {}

    static List<String> of(String text) {
        return places(text).stream()
                .map(place -> text.substring(place.from, place.to))
                .toList();
    }

    static boolean contains(String text, String target) {
        return of(text).stream().anyMatch(target::equalsIgnoreCase);
    }

    /// The text without a target and without the separator that it then has too many. Empty when no target is
    /// left; the same text when it has no such target.
    static String without(String text, String target) {
        List<Place> places = places(text);
        for (int i = places.size() - 1; i >= 0; i--) {
            Place place = places.get(i);
            if (!text.substring(place.from, place.to).equalsIgnoreCase(target)) {
                continue;
            }
            boolean last = i == places.size() - 1;
            int from = last && i > 0 ? places.get(i - 1).to : place.from;
            int to = last ? text.length() : places.get(i + 1).from;
            return without(text.substring(0, from) + text.substring(to), target);
        }
        return places.isEmpty() ? "" : text;
    }

    private static List<Place> places(String text) {
        List<Place> places = new ArrayList<>();
        int from = -1;
        boolean quoted = false;
        for (int i = 0; i < text.length(); i++) {
            char sign = text.charAt(i);
            if (sign == '\\' && quoted) {
                i++;
                continue;
            }
            boolean separates = !quoted && (sign == ',' || Character.isWhitespace(sign));
            if (separates && from >= 0) {
                places.add(new Place(from, i));
                from = -1;
            } else if (!separates && from < 0) {
                from = i;
            }
            quoted ^= sign == '"';
        }
        if (from >= 0) {
            places.add(new Place(from, text.length()));
        }
        return places;
    }
}
