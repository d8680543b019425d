package postern.config;

import java.util.Collection;
import java.util.Map;
import java.util.TreeMap;
import java.util.function.Function;
import java.util.stream.Collectors;
import postern.config.ParameterRow.Difference;
import postern.config.ParameterRow.Effect;

/// `docs/parameters.md`, made of `parameters.tsv` and of what the code says about the parameters it declares.
public final class ParametersPage {
    private static final String OURS = "postern_";

    private final Map<String, Parameter<?>> declared;

    public ParametersPage(Collection<Parameter<?>> declared) {
        this.declared = declared.stream()
                .collect(Collectors.toMap(
                        Parameter::name, Function.identity(), ParametersPage::betterTold, TreeMap::new));
    }

    private static Parameter<?> betterTold(Parameter<?> one, Parameter<?> other) {
        return one.doc().isEmpty() ? other : one;
    }

    /// The page as Markdown.
    public String markdown() {
        StringBuilder page = new StringBuilder("""
                # Parameters

                Generated from `src/main/resources/parameters.tsv` and from the code; a test holds that it is up to date
                (`JAVA_TOOL_OPTIONS=-Dupdate=true ./dev quick postern.ParametersTest`, twice, writes it anew).

                All names of Postfix 3.7 are known. What a name does when it is set to something else than its default
                is one of four things: it works; it has no effect here, for a reason that costs nothing; the server
                warns, with file and line; or the server refuses to start, because ignoring it could weaken security or
                send mail elsewhere. `postern postconf -c DIR` prints a configuration with what each line does.

                ## Our own

                """);
        table(page, true);
        page.append("\n## Works as in Postfix\n\n");
        table(page, false);
        page.append(
                "\n## Other defaults than Postfix's\n\n| name | here | Postfix 3.7 | reason |\n|---|---|---|---|\n");
        for (ParameterRow row : Parameters.rows().values()) {
            Difference difference = row.difference();
            if (difference != null) {
                page.append("| `%s` | %s | %s | %s |\n"
                        .formatted(
                                row.name(),
                                code(row.defaultText()),
                                code(difference.postfixDefault()),
                                difference.reason()));
            }
        }
        reasons(page, Effect.REFUSES, "Refuses start");
        reasons(page, Effect.WARNS, "Warns");
        reasons(page, Effect.NONE, "No effect here");
        return page.toString();
    }

    private void table(StringBuilder page, boolean ours) {
        page.append("| name | default | |\n|---|---|---|\n");
        for (ParameterRow row : Parameters.rows().values()) {
            if (row.effect() == Effect.WORKS && row.name().startsWith(OURS) == ours && !isOfFamily(row)) {
                Parameter<?> parameter = declared.get(row.name());
                page.append("| `%s` | %s | %s |\n"
                        .formatted(
                                row.name(),
                                code(row.defaultText()),
                                parameter == null ? "" : parameter.doc().replace("|", "\\|")));
            }
        }
    }

    /// Names with the same reason stand together.
    private static void reasons(StringBuilder page, Effect effect, String title) {
        Map<String, String> names = new TreeMap<>();
        for (ParameterRow row : Parameters.rows().values()) {
            if (row.effect() == effect && !isOfFamily(row)) {
                names.merge(row.because(), "`" + row.name() + "`", (all, next) -> all + ", " + next);
            }
        }
        page.append("\n## ").append(title).append("\n\n");
        names.forEach((because, which) -> page.append("- Because ")
                .append(because.replace("<", "&lt;"))
                .append(":\n  ")
                .append(which)
                .append(".\n"));
    }

    /// Whether the row only repeats its family's.
    private static boolean isOfFamily(ParameterRow row) {
        if (row.name().startsWith(Parameters.FAMILY)) {
            return false;
        }
        return Parameters.rows().values().stream()
                .filter(family -> family.name().startsWith(Parameters.FAMILY))
                .anyMatch(family -> row.name().endsWith(family.name().substring(Parameters.FAMILY.length() - 1))
                        && row.defaultText().equals(family.defaultText()));
    }

    private static String code(String text) {
        return text.isEmpty() ? "" : "`` " + text.replace("|", "\\|") + " ``";
    }
}
