package postern.dms.setup;

import static org.assertj.core.api.Assertions.assertThat;

import com.code_intelligence.jazzer.api.FuzzedDataProvider;
import com.code_intelligence.jazzer.junit.FuzzTest;
import java.nio.charset.StandardCharsets;
import java.util.List;

class KeyedLinesFuzz {
    private static final String KEY = "key@example.com";

    @FuzzTest(maxDuration = "10s")
    void whatIsNotChangedStaysToTheByte(FuzzedDataProvider data) {
        Layout layout = data.pickValue(Layout.values());
        byte[] before = data.consumeRemainingAsBytes();
        KeyedLines lines = KeyedLines.of(before, layout);
        assertThat(lines.bytes()).isEqualTo(before);
        if (lines.has(KEY)) {
            return;
        }
        List<KeyedLines.Entry> entries = lines.entries();
        lines.add(KEY, "value");
        assertThat(lines.entries()).hasSize(entries.size() + 1);
        assertThat(lines.entries().subList(0, entries.size())).isEqualTo(entries);
        lines.put(KEY, "other");
        assertThat(lines.entries().getLast().value()).isEqualTo("other");
        assertThat(lines.remove(KEY)).isTrue();
        assertThat(lines.entries()).isEqualTo(entries);
        assertThat(new String(lines.bytes(), StandardCharsets.ISO_8859_1))
                .startsWith(new String(before, StandardCharsets.ISO_8859_1));
    }

    @FuzzTest(maxDuration = "10s")
    void aChangedEntryLeavesTheOthers(FuzzedDataProvider data) {
        Layout layout = data.pickValue(Layout.values());
        int chosen = data.consumeInt(0, 100);
        // what is no UTF-8 stays so, whichever entry changes
        String text = "# \u00FF\n" + new String(data.consumeRemainingAsBytes(), StandardCharsets.ISO_8859_1);
        KeyedLines lines = KeyedLines.of(text.getBytes(StandardCharsets.ISO_8859_1), layout);
        List<KeyedLines.Entry> before = lines.entries();
        if (before.isEmpty()) {
            return;
        }
        int at = chosen % before.size();
        lines.change(before.get(at), "value");
        KeyedLines again = KeyedLines.of(lines.bytes(), layout);
        assertThat(again.entries()).hasSameSizeAs(before);
        for (int i = 0; i < before.size(); i++) {
            assertThat(again.entries().get(i).key()).isEqualTo(before.get(i).key());
            assertThat(again.entries().get(i).value())
                    .isEqualTo(i == at ? "value" : before.get(i).value());
        }
        again.remove(again.entries().get(at));
        assertThat(again.entries()).hasSize(before.size() - 1);
    }

    @FuzzTest(maxDuration = "10s")
    void aTargetIsTakenOutAloneAndWhole(FuzzedDataProvider data) {
        String text = data.consumeRemainingAsString();
        List<String> targets = Targets.of(text);
        if (targets.isEmpty()) {
            assertThat(Targets.without(text, "a@example.com")).isEmpty();
            return;
        }
        String target = targets.get(targets.size() / 2);
        assertThat(Targets.of(Targets.without(text, target)))
                .isEqualTo(targets.stream()
                        .filter(other -> !other.equalsIgnoreCase(target))
                        .toList());
    }
}
