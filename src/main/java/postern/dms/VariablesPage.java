package postern.dms;

import java.util.stream.Collectors;
import postern.dms.Variables.Row;

/// The page about the variables, out of their table.
final class VariablesPage {
    private static final String HEAD = """
            # docker-mailserver's variables

            What each does at `postern private`, from the process or from `mailserver.env` in the config volume; `NAME__FILE` names a
            file that holds the value of `NAME`. One that is not here yet refuses start where it was set to something else than its
            default, unless `POSTERN_WITHOUT` names it. (This page is made from `dms-variables.tsv`.)

            | variable | default | here |
            |---|---|---|
            """;

    private VariablesPage() {}

    static String text() {
        return HEAD + Variables.rows().stream().map(VariablesPage::row).collect(Collectors.joining());
    }

    private static String row(Row row) {
        String standard = row.standard().isEmpty() ? "" : "`" + row.standard() + "`";
        return "| `" + row.name() + "` | " + standard + " | " + here(row) + " |\n";
    }

    private static String here(Row row) {
        String why = row.why().isEmpty() ? "" : ": " + row.why();
        return switch (row.state()) {
            case WORKS -> "works" + why;
            case NONE -> "no effect" + why;
            case LACKS -> "not here yet" + why;
            case DETAIL -> "see `" + row.of() + "`";
        };
    }
}
