package postern.ldap;

import java.util.Locale;
import org.jspecify.annotations.Nullable;
import postern.config.ConfigException;

/// What a table asks for a key.
record LdapQuery(KeyPattern base, KeyPattern filter, Question.Scope scope, Question.Limits limits) {
    /// @throws ConfigException naming file and line
    static LdapQuery of(LdapFile file) {
        if (file.given("search_base") == null) {
            throw file.error("search_base", "it must be set: search_base = dc=example, dc=com");
        }
        KeyPattern filter =
                pattern(file, "query_filter", FilterText.of(file.text("query_filter", "mailacceptinggeneralid=%s")));
        String sample = filter.expand("user@a.b.c.d.e.f.g.h.example.com", Escape.FILTER);
        String wrong = sample == null ? null : Directory.objection(sample);
        if (wrong != null) {
            throw file.error("query_filter", wrong);
        }
        int most = file.number("size_limit", file.number("expansion_limit", 0, 0, 999_999_999), 0, 999_999_999);
        return new LdapQuery(
                pattern(file, "search_base", file.text("search_base", "")),
                filter,
                scope(file),
                new Question.Limits(most, file.number("dereference", 0, 0, 3)));
    }

    private static KeyPattern pattern(LdapFile file, String name, String text) {
        try {
            return new KeyPattern(text);
        } catch (IllegalArgumentException e) {
            throw file.error(name, String.valueOf(e.getMessage()));
        }
    }

    private static Question.Scope scope(LdapFile file) {
        return switch (file.text("scope", "sub").toLowerCase(Locale.ROOT)) {
            case "sub" -> Question.Scope.SUB;
            case "one" -> Question.Scope.ONE;
            case "base" -> Question.Scope.BASE;
            default -> throw file.error("scope", "sub, one or base is needed");
        };
    }

    /// The question for a key; null when the key lacks a part that is asked with.
    @Nullable
    Question about(String key, ResultAttributes attributes) {
        String where = base.expand(key, Escape.NAME);
        String what = filter.expand(key, Escape.FILTER);
        return where == null || what == null ? null : new Question(where, scope, what, attributes.all(), limits);
    }
}
