package postern.dms;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.Test;

/// docs/dms-variables.md is made of the table of variables: `-Dupdate=true` writes it.
class VariablesPageTest {
    private static final Path PAGE = Path.of("docs/dms-variables.md");

    @Test
    void thePageIsThatOfTheTable() throws IOException {
        if (Boolean.getBoolean("update")) {
            Files.writeString(PAGE, VariablesPage.text());
        }
        assertThat(Files.readString(PAGE)).isEqualTo(VariablesPage.text());
    }

    @Test
    void detailsBelongToVariablesThatAreThere() {
        List<String> names = Variables.rows().stream().map(Variables.Row::name).toList();
        assertThat(names).doesNotHaveDuplicates();
        assertThat(Variables.rows().stream().map(Variables.Row::of).filter(of -> !of.isEmpty()))
                .isSubsetOf(names);
    }
}
