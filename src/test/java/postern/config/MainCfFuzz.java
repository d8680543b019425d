package postern.config;

import static org.assertj.core.api.Assertions.assertThat;

import com.code_intelligence.jazzer.api.FuzzedDataProvider;
import com.code_intelligence.jazzer.junit.FuzzTest;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

class MainCfFuzz {
    private static final Path DIRECTORY = Path.of("/srv/postern");

    /// Whatever stands in the file, it is read or refused with a line's number; what was read expands or is
    /// refused with a word, is judged, and what postconf prints of it is the same file again.
    @FuzzTest
    void aFileIsReadOrRefused(byte[] bytes) throws IOException {
        MainCfReader read;
        try {
            read = MainCfReader.parse("main.cf", bytes);
        } catch (ConfigException e) {
            assertThat(e).hasMessageMatching("(?s)main\\.cf:\\d+: .+").hasMessageNotContaining("\n");
            return;
        }
        Map<String, String> texts = new LinkedHashMap<>();
        read.settings().forEach((name, setting) -> texts.put(name, setting.text()));
        MainCf main = MainCf.of(DIRECTORY, texts);
        texts.values().forEach(text -> expand(main, text));
        Judgement.of(main, MasterCf.stock());
        StringBuilder printed = new StringBuilder();
        new Postconf(main).print(Postconf.Show.SET, List.of(), printed);
        MainCfReader again = MainCfReader.parse("main.cf", printed.toString().getBytes(StandardCharsets.UTF_8));
        assertThat(again.settings().keySet()).containsExactlyInAnyOrderElementsOf(texts.keySet());
    }

    private static void expand(MainCf main, String text) {
        try {
            main.expand(text);
        } catch (ConfigException e) {
            assertThat(e).message().isNotBlank();
        }
    }

    /// Names that refer to each other in any way end, with a value or a word.
    @FuzzTest
    void namesThatReferToEachOtherEnd(FuzzedDataProvider data) {
        Map<String, String> texts = new LinkedHashMap<>();
        for (String name : List.of("a", "b", "c", "d", "e")) {
            StringBuilder text = new StringBuilder();
            for (int i = data.consumeInt(0, 8); i > 0; i--) {
                text.append(data.pickValue(new String[] {
                    "$a", "$b", "${c}", "$(d)", "${e?", "}", "{", "${{", "==", "<level", "$$", "x", " ", ":", "$",
                    "${a:{"
                }));
            }
            texts.put(name, text.toString());
        }
        MainCf main = MainCf.of(DIRECTORY, texts);
        texts.values().forEach(text -> expand(main, text));
    }

    /// Any word is an address block, which reads back from its own text, or is refused with a word.
    @FuzzTest
    void blocksReadBack(FuzzedDataProvider data) {
        String text = data.consumeRemainingAsAsciiString();
        try {
            Cidr block = Cidr.parse(text);
            assertThat(Cidr.parse(block.toString())).isEqualTo(block);
            assertThat(block.contains(block.network())).isTrue();
        } catch (IllegalArgumentException e) {
            assertThat(e).message().isNotBlank();
        }
    }
}
