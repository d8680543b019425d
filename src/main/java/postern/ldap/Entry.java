package postern.ldap;

import java.util.List;
import java.util.Locale;
import java.util.Map;

/// What a directory has under one name.
///
/// @param values by the attribute's name in lower case; in the directory's order
record Entry(String dn, Map<String, List<String>> values) {
    /// The values of an attribute; none when the entry has it not.
    List<String> all(String attribute) {
        return values.getOrDefault(attribute.toLowerCase(Locale.ROOT), List.of());
    }

    /// The first value of an attribute, or an empty text.
    String first(String attribute) {
        List<String> all = all(attribute);
        return all.isEmpty() ? "" : all.getFirst();
    }
}
