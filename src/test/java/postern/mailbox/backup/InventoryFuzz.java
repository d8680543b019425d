package postern.mailbox.backup;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.code_intelligence.jazzer.api.FuzzedDataProvider;
import com.code_intelligence.jazzer.junit.FuzzTest;
import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.util.List;
import org.junit.jupiter.api.Test;
import postern.mailbox.backup.Inventory.Entry;
import postern.mailbox.backup.Inventory.Kind;

/// What is read is what was written, and nothing but that: no text is read as an inventory that leads elsewhere.
class InventoryFuzz {
    @FuzzTest
    void anyNameComesBack(FuzzedDataProvider data) {
        String name = data.consumeRemainingAsString();
        byte[] bytes = inventory("config/" + name).bytes();
        try {
            Inventory read = Inventory.parse(bytes);
            assertThat(read.bytes()).isEqualTo(bytes);
            assertThat(("/" + read.entries().getFirst().name() + "/")).doesNotContain("/../");
        } catch (IllegalArgumentException e) {
            assertThat(e).hasMessageContaining("no path inside of a backup");
        }
    }

    @FuzzTest
    void anySealedTextIsReadOrRefused(FuzzedDataProvider data) {
        String lines = data.consumeRemainingAsString();
        String sealed =
                lines + "end " + Seal.of(lines.getBytes(StandardCharsets.UTF_8)).sum() + "\n";
        try {
            Inventory.parse(sealed.getBytes(StandardCharsets.UTF_8));
        } catch (IllegalArgumentException e) {
            assertThat(e.getMessage()).isNotEmpty();
        }
    }

    private static Inventory inventory(String name) {
        Seal seal = new Seal("0".repeat(64), 5);
        return new Inventory(
                7,
                Instant.parse("2026-11-03T12:00:00Z"),
                "a store",
                List.of(new Entry(Kind.FILE, seal, "rw-r-----", "files.7/" + name, name)));
    }

    @Test
    void namesOfAllKindsComeBack() {
        for (String name : List.of("a b", "100%", "%20", "line\nend 0", "ü", "a/b.c")) {
            Inventory written = inventory(name);
            assertThat(Inventory.parse(written.bytes())).isEqualTo(written);
        }
    }

    @Test
    void aNameThatLeadsElsewhereIsRefused() {
        for (String name : List.of("..", "a/../../b", "/etc/passwd", "a//b", "./a", "")) {
            assertThatThrownBy(() -> Inventory.parse(inventory(name).bytes()))
                    .as(name)
                    .isInstanceOf(IllegalArgumentException.class)
                    .hasMessageContaining("no path inside of a backup");
        }
    }

    @Test
    void everyCutTextIsRefused() {
        byte[] bytes = inventory("a").bytes();
        for (int length = 0; length < bytes.length; length++) {
            byte[] cut = java.util.Arrays.copyOf(bytes, length);
            assertThatThrownBy(() -> Inventory.parse(cut)).isInstanceOf(IllegalArgumentException.class);
        }
    }
}
