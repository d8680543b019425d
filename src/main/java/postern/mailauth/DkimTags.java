package postern.mailauth;

import java.util.LinkedHashMap;
import java.util.Map;
import java.util.regex.Pattern;

/// A list of tags, as signatures and key records have them (RFC 6376 §3.2). White space within values is left out:
/// none of those that are asked for has any that counts.
record DkimTags(Map<String, String> values, boolean isWellFormed) {
    /// `b=` with its value, wherever it stands.
    private static final Pattern SIGNATURE = Pattern.compile("(^[^:]*:|;)(\\s*b\\s*=)[^;]*", Pattern.DOTALL);

    static DkimTags of(String text) {
        Map<String, String> values = new LinkedHashMap<>();
        boolean wellFormed = true;
        for (String part : text.split(";", -1)) {
            if (part.isBlank()) {
                continue;
            }
            int equals = part.indexOf('=');
            String name = equals < 0 ? "" : part.substring(0, equals).strip();
            boolean isNew = values.putIfAbsent(name, part.substring(equals + 1).replaceAll("[ \t\r\n]+", "")) == null;
            wellFormed &= isNew && name.matches("[A-Za-z][A-Za-z0-9_]*");
        }
        return new DkimTags(values, wellFormed);
    }

    /// The tags of a whole field, its name in front.
    static DkimTags ofField(String field) {
        return of(field.substring(field.indexOf(':') + 1));
    }

    /// A signature field as it was when it was signed: `b=` is empty.
    static String withoutSignature(String field) {
        return SIGNATURE.matcher(field).replaceFirst("$1$2");
    }

    boolean has(String name) {
        return values.containsKey(name);
    }

    /// The value, or empty.
    String get(String name) {
        return getOrElse(name, "");
    }

    String getOrElse(String name, String otherwise) {
        return values.getOrDefault(name, otherwise);
    }
}
