package postern.rewrite;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import postern.address.Address;
import postern.config.MainCf;
import postern.lookup.Tables;

/// Canonical maps, masquerading and virtual aliases, held against what stood in a real Postfix's queue.
class ExpandGoldenTest {
    @TempDir
    Path directory;

    @Test
    void envelopesBecomeWhatPostfixMakesOfThem() throws IOException {
        Golden golden = Golden.read("expand.golden");
        Files.writeString(directory.resolve("virtual"), golden.table());
        List<String> differences = new ArrayList<>();
        int rows = 0;
        for (Golden.Part part : golden.parts()) {
            MainCf conf = part.conf(directory);
            Tables tables = Golden.tables(conf);
            LocalDomains local = new LocalDomains(conf, tables);
            Canonical canonical = new Canonical(conf, tables, local);
            VirtualAlias virtual = new VirtualAlias(conf, tables, local);
            for (String[] row : part.rows()) {
                rows++;
                List<String> theirs = Arrays.asList(row).subList(2, row.length);
                List<String> ours = row[0].equals("sender")
                        ? List.of(canonical(canonical, Canonical.Place.ENVELOPE_SENDER, row[1])
                                .internal())
                        : expanded(virtual, canonical(canonical, Canonical.Place.ENVELOPE_RECIPIENT, row[1]));
                if (!ours.equals(theirs)) {
                    differences.add(row[0] + " " + row[1] + ": " + ours + ", Postfix " + theirs);
                }
            }
        }
        assertThat(differences).isEmpty();
        assertThat(rows).isGreaterThan(150);
    }

    private static Address canonical(Canonical canonical, Canonical.Place place, String address) {
        return switch (canonical.rewrite(place, Address.ofInternal(address))) {
            case Rewritten.To(Address to) -> to;
            case Rewritten.TempFail(String reason) -> new Address(reason, "failed");
        };
    }

    private static List<String> expanded(VirtualAlias virtual, Address address) {
        return switch (virtual.expand(address)) {
            case Expanded.To(List<Address> to) ->
                to.stream().map(Address::internal).toList();
            case Expanded.TempFail(String reason) -> List.of(reason);
            case Expanded.Unreasonable _ -> List.of("451 4.6.0 Alias expansion error");
        };
    }
}
