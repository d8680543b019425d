package postern.rewrite;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;
import postern.address.Address;
import postern.config.MainCf;

/// Rewriting and resolving, held against what a real Postfix answered.
class ResolveGoldenTest {
    private final List<String> differences = new ArrayList<>();
    private int rows;

    @Test
    void everyAddressGoesWherePostfixSendsIt() throws IOException {
        for (Golden.Part part : Golden.read("resolve.golden").parts()) {
            MainCf conf = part.conf(Path.of("/nowhere"));
            Routes routes = new Routes(conf, Golden.tables(conf));
            StandardForm form = new StandardForm(conf);
            part.rows().forEach(row -> compare(routes, form, row));
        }
        assertThat(differences).isEmpty();
        assertThat(rows).isGreaterThan(700);
    }

    /// Sender, address, rewritten address, class and flags, transport, next hop, recipient.
    private void compare(Routes routes, StandardForm form, String[] row) {
        rows++;
        String asked = row[0] + " -> " + row[1] + ": ";
        Address address = Address.ofInternal(row[1]);
        String rewritten = form.of(address).internal();
        if (!rewritten.equals(row[2])) {
            differences.add(asked + "rewritten to " + rewritten + ", Postfix " + row[2]);
        }
        String theirs =
                row[3].contains("FAIL") ? "FAIL" : String.join(" ", row[3].replace("ERROR", "BAD"), hop(row), row[6]);
        String ours = text(routes.resolve(sender(row[0]), address));
        if (!ours.equals(theirs)) {
            differences.add(asked + ours + ", Postfix " + theirs);
        }
    }

    private static postern.address.Path sender(String text) {
        return text.isEmpty() ? postern.address.Path.NULL : postern.address.Path.of(Address.ofInternal(text));
    }

    /// For an address that cannot be one Postfix has no transport to speak of.
    private static String hop(String[] row) {
        return row[3].contains("ERROR") ? "-" : row[4] + ":" + row[5];
    }

    private static String text(Resolved resolved) {
        return switch (resolved) {
            case Resolved.TempFail _ -> "FAIL";
            case Resolved.To to ->
                String.join(
                        " ",
                        (to.isBad() ? "BAD," : to.isRouted() ? "ROUTED," : "") + to.addressClass(),
                        to.isBad() ? "-" : to.transport() + ":" + to.nextHop(),
                        to.recipient().internal());
        };
    }
}
