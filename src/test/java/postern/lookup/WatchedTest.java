package postern.lookup;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.attribute.FileTime;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import postern.config.ConfigException;
import postern.config.MainCf;
import postern.log.MailLog;

class WatchedTest {
    private static final Duration LOOK = Duration.ofMillis(1001);

    @TempDir
    Path directory;

    private final Clock clock = new Clock();
    private final List<String> logged = new ArrayList<>();

    private Tables tables() {
        MailLog log = (service, text) -> logged.add(text);
        MainCf conf = MainCf.of(directory, Map.of());
        return new Tables(new TableContext(conf, log, TableContext.of(conf).dialer(), clock));
    }

    /// Writes a file and dates it, since what was written just now is not taken yet.
    private void write(String name, String text, Duration ago) throws IOException {
        Path file = directory.resolve(name);
        Files.writeString(file, text);
        Files.setLastModifiedTime(file, FileTime.from(clock.instant().minus(ago)));
    }

    @Test
    void aChangedFileIsTakenAtTheNextLook() throws IOException {
        write("t", "a 1\n", Duration.ofHours(1));
        Table table = tables().open("hash:t");
        write("t", "a 2\n", Duration.ofMinutes(1));
        assertThat(table.find("a")).isEqualTo(new Lookup.Found("1"));
        clock.advance(LOOK);
        assertThat(table.find("a")).isEqualTo(new Lookup.Found("2"));
        assertThat(logged).isEmpty();
    }

    @Test
    void aFileThatIsBeingWrittenWaitsUntilItRests() throws IOException {
        write("t", "a 1\nb 1\n", Duration.ofHours(1));
        Table table = tables().open("hash:t");
        clock.advance(LOOK);
        write("t", "a 2\n", Duration.ZERO);
        assertThat(table.find("b")).as("half written").isEqualTo(new Lookup.Found("1"));
        clock.advance(LOOK);
        write("t", "a 2\nb 2\n", Duration.ZERO);
        assertThat(table.find("b")).as("still changing").isEqualTo(new Lookup.Found("1"));
        clock.advance(LOOK);
        assertThat(table.find("b")).isEqualTo(new Lookup.Found("2"));
    }

    @Test
    void aReplacedFileOfTheSameSizeAndTimeIsNoticed() throws IOException {
        write("t", "a 1\n", Duration.ofHours(1));
        Table table = tables().open("hash:t");
        write("new", "a 2\n", Duration.ofHours(1));
        Files.move(directory.resolve("new"), directory.resolve("t"), StandardCopyOption.REPLACE_EXISTING);
        clock.advance(LOOK);
        assertThat(table.find("a")).isEqualTo(new Lookup.Found("2"));
    }

    @Test
    void aBrokenVersionIsRefusedOnceAndTheOneBeforeStays() throws IOException {
        write("t", "/a/ 1\n", Duration.ofHours(1));
        Table table = tables().open("regexp:t");
        write("t", "/(/ 2\n", Duration.ofMinutes(1));
        clock.advance(LOOK);
        assertThat(table.find("a")).isEqualTo(new Lookup.Found("1"));
        clock.advance(LOOK);
        assertThat(table.find("a")).isEqualTo(new Lookup.Found("1"));
        assertThat(logged).singleElement().asString().contains("t, line 1").endsWith("keeping the version before");
        write("t", "/a/ 3\n", Duration.ofSeconds(30));
        clock.advance(LOOK);
        assertThat(table.find("a")).isEqualTo(new Lookup.Found("3"));
    }

    @Test
    void aFileThatIsGoneFailsForNowAfterAWhileAndComesBack() throws IOException {
        write("t", "a 1\n", Duration.ofHours(1));
        Table table = tables().open("hash:t");
        Files.delete(directory.resolve("t"));
        clock.advance(LOOK);
        assertThat(table.find("a")).isEqualTo(new Lookup.Found("1"));
        clock.advance(Duration.ofSeconds(11));
        assertThat(table.find("a")).isInstanceOf(Lookup.TempFail.class);
        assertThat(table.find("b")).isInstanceOf(Lookup.TempFail.class);
        assertThat(logged).hasSize(1);
        write("t", "a 2\n", Duration.ofMinutes(1));
        clock.advance(LOOK);
        assertThat(table.find("a")).isEqualTo(new Lookup.Found("2"));
    }

    @Test
    void aClockSetBackDoesNotStopTheLooking() throws IOException {
        write("t", "a 1\n", Duration.ofDays(10));
        Table table = tables().open("hash:t");
        clock.advance(Duration.ofDays(-1));
        write("t", "a 2\n", Duration.ofDays(5));
        assertThat(table.find("a")).isEqualTo(new Lookup.Found("2"));
    }

    @Test
    void aMissingFileIsAnErrorThatNamesParameterAndFile() {
        assertThatThrownBy(() -> tables().open("main.cf:3: transport_maps", List.of("hash:transport")))
                .isInstanceOf(ConfigException.class)
                .hasMessageContaining("main.cf:3: transport_maps")
                .hasMessageContaining(directory.resolve("transport").toString())
                .hasMessageContaining("No such file or directory");
    }

    @Test
    void aliasesNeedNotBeThere() throws IOException {
        Table aliases = tables().openAliases("hash:aliases");
        assertThat(aliases.find("root")).isInstanceOf(Lookup.TempFail.class);
        write("aliases", "# who\nRoot: me, you\n\"a b\": c\n:include: no\nbroken\n", Duration.ofMinutes(1));
        clock.advance(LOOK);
        assertThat(aliases.find("root")).isEqualTo(new Lookup.Found("me, you"));
        assertThat(aliases.find("a b")).isEqualTo(new Lookup.Found("c"));
        assertThat(aliases.find("broken")).isEqualTo(Lookup.NOT_FOUND);
    }

    @Test
    void aHundredThousandEntriesStayCompact() throws IOException {
        StringBuilder text = new StringBuilder();
        for (int i = 0; i < 100_000; i++) {
            text.append("user").append(i).append("@example.com OK\n");
        }
        CompactMap map = TextTable.compile(text.toString().getBytes(), "t", logged::add);
        assertThat(map.size()).isEqualTo(100_000);
        assertThat(map.bytes()).isLessThan(text.length() + 100_000 * 12);
        assertThat(map.get("user0@example.com")).isEqualTo("OK");
        assertThat(map.get("user99999@example.com")).isEqualTo("OK");
        assertThat(map.get("user100000@example.com")).isNull();
    }
}
