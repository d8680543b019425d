package postern.ldap;

import java.util.LinkedHashMap;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;

/// `pass_attrs` and `user_attrs` of Dovecot: which attribute is which field. `userPassword=password` is an
/// attribute as it is; `=home=/var/mail/%{ldap:uid}` a text with attributes in it; `quota=quota_rule=*:bytes=%$` a
/// text with one.
record AttributeMap(Map<String, Source> fields) {
    /// @param attribute in lower case; empty for a text alone
    record Source(String attribute, DovecotText text) {}

    static AttributeMap parse(String text) {
        Map<String, Source> fields = new LinkedHashMap<>();
        for (String part : text.split(",", -1)) {
            String[] sides = part.strip().split("=", 3);
            if (sides.length >= 2) {
                String attribute = sides[0].strip().toLowerCase(Locale.ROOT);
                fields.put(
                        sides[1].strip(), new Source(attribute, new DovecotText(sides.length == 3 ? sides[2] : "%$")));
            }
        }
        return new AttributeMap(fields);
    }

    /// All attributes that are to be asked for.
    Set<String> attributes() {
        Set<String> names = new TreeSet<>();
        fields.values().forEach(source -> {
            names.addAll(source.text().attributes());
            if (!source.attribute().isEmpty()) {
                names.add(source.attribute());
            }
        });
        return names;
    }

    /// A field of an entry; empty when it has it not.
    String field(String name, String user, Entry entry) {
        Source source = fields.get(name);
        if (source == null
                || (!source.attribute().isEmpty()
                        && entry.all(source.attribute()).isEmpty())) {
            return "";
        }
        return source.text().of(user, entry, source.attribute());
    }
}
