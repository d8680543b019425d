package postern.policy;

import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import postern.config.ConfigException;
import postern.config.Parameter;
import postern.config.Spelling;

/// Turns the words of a restriction list into restrictions, once, at start. A word that is no restriction is
/// an error that names where it stands.
final class RestrictionCompiler {
    static final Parameter<List<String>> SMTPD_RESTRICTION_CLASSES = Parameter.list("smtpd_restriction_classes", "")
            .doc("names of lists of restrictions that stand in lists as one");

    static final List<Parameter<?>> PARAMETERS = List.of(SMTPD_RESTRICTION_CLASSES);

    private final PolicyContext context;
    private final Restrictions restrictions;
    private final PermitLog permits;
    private final Set<String> classes;
    private final Map<String, RestrictionList> compiled = new HashMap<>();
    private final Deque<String> open = new ArrayDeque<>();

    RestrictionCompiler(PolicyContext context, SenderLogin logins) {
        this.context = context;
        this.permits = new PermitLog(context);
        this.classes = new HashSet<>(context.conf(SMTPD_RESTRICTION_CLASSES));
        this.restrictions = new Restrictions(context, this, logins);
    }

    /// The words of one list while it is being read.
    final class Words {
        private final String where;
        private final List<String> words;
        private int next;

        private Words(String where, List<String> words) {
            this.where = where;
            this.words = words;
        }

        boolean hasNext() {
            return next < words.size();
        }

        /// The argument of a restriction.
        String argument(String restriction, String what) {
            if (!hasNext()) {
                throw new IllegalArgumentException(restriction + " needs " + what + " behind it");
            }
            return words.get(next++);
        }

        /// A `type:table`, perhaps in braces.
        String table(String restriction) {
            String table = argument(restriction, "a type:table");
            String bare = table.startsWith("{") && table.endsWith("}")
                    ? table.substring(1, table.length() - 1).strip()
                    : table;
            if (bare.indexOf(':') < 1) {
                throw new IllegalArgumentException(
                        restriction + " needs a type:table behind it, not \"" + table + "\"");
            }
            return bare;
        }

        Restriction restriction() {
            String word = words.get(next++);
            String name = word.toLowerCase(Locale.ROOT);
            if (name.equals("warn_if_reject")) {
                if (!hasNext()) {
                    throw new IllegalArgumentException("warn_if_reject needs a restriction behind it");
                }
                Restriction restriction = restriction();
                return check -> check.warning(restriction);
            }
            if (classes.contains(word)) {
                return ofClass(word);
            }
            if (word.indexOf(':') > 0) {
                return restrictions.bareTable(word);
            }
            Restriction restriction = restrictions.named(name, this);
            if (restriction == null) {
                throw new IllegalArgumentException(
                        "unknown smtpd restriction: \"" + word + "\"" + Spelling.meant(name, Restrictions.names()));
            }
            return permits.around(name, restriction);
        }
    }

    /// The list of a parameter.
    RestrictionList list(Parameter<List<String>> parameter) {
        String where = context.conf().origin(parameter.name()) + ": " + parameter;
        return list(new Words(where, context.conf(parameter)), parameter.name());
    }

    /// A list that stands in a table.
    ///
    /// @throws ConfigException when it is none
    synchronized RestrictionList inline(String text) {
        try {
            return list(
                    new Words(
                            "access table entry \"" + text + "\"",
                            Parameter.list("list", "").parse(text)),
                    text);
        } catch (IllegalArgumentException e) {
            throw new ConfigException(e.getMessage() == null ? text : e.getMessage(), e);
        }
    }

    private RestrictionList list(Words words, String name) {
        List<Restriction> list = new ArrayList<>();
        try {
            while (words.hasNext()) {
                list.add(words.restriction());
            }
        } catch (IllegalArgumentException | ConfigException e) {
            String message = String.valueOf(e.getMessage());
            throw new ConfigException(message.startsWith(words.where) ? message : words.where + ": " + message, e);
        }
        return new RestrictionList(name, list);
    }

    private Restriction ofClass(String name) {
        RestrictionList known = compiled.get(name);
        if (known != null) {
            return known;
        }
        if (open.contains(name)) {
            throw new ConfigException("the restriction class " + name + " stands in itself");
        }
        if (!context.conf().isSet(name)) {
            throw new ConfigException("the restriction class " + name + " needs a definition: " + name + " = …");
        }
        open.push(name);
        try {
            RestrictionList list = list(Parameter.list(name, ""));
            compiled.put(name, list);
            return list;
        } finally {
            open.pop();
        }
    }
}
