package postern.smtp.client;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import postern.smtp.Offered;

/// What next hops offer, over a restart.
class HeardTest {
    private static final Features LITTLE = new Features("mx", Map.of("SIZE", "5000", "DSN", ""));
    private static final Features MUCH = new Features("mx", Map.of("8BITMIME", "", "DSN", "", "SMTPUTF8", ""));

    @TempDir
    private Path directory;

    private final List<String> log = new ArrayList<>();

    private Heard heard(String... nextHops) {
        return Heard.in(directory.resolve("heard"), Set.of(nextHops)::contains, (service, text) -> log.add(text));
    }

    @Test
    void everythingIsOfferedUntilOneHasBeenHeard() {
        assertThat(heard("a").all()).isEqualTo(Offered.EVERYTHING);
    }

    @Test
    void whatWasHeardIsKnownAfterARestart() {
        Heard before = heard("a", "b");
        before.say("a", LITTLE);
        before.say("b", MUCH);
        Offered all = new Offered(Set.of("8BITMIME", "SMTPUTF8"), 5000);
        assertThat(before.all()).isEqualTo(all);
        assertThat(heard("a", "b").all()).isEqualTo(all);
        assertThat(heard("b").all()).as("a is no next hop any more").isEqualTo(Offered.EVERYTHING);
        heard("a", "b").say("a", MUCH);
        assertThat(heard("a", "b").all()).isEqualTo(Offered.EVERYTHING);
        assertThat(log).isEmpty();
    }

    @Test
    void whatIsNoLineIsNotLookedAt() throws IOException {
        Files.writeString(
                directory.resolve("heard"),
                "a 5000 DSN,CHUNKING\na\na x -\n\u00ff\n a 1 -\na 99999999999999999999 -\nb 7 ");
        assertThat(heard("a", "b").all()).isEqualTo(new Offered(Set.of("DSN"), 7));
    }

    @Test
    void fileThatCannotBeWrittenIsNoHindrance() throws IOException {
        Heard heard = heard("a");
        Files.delete(directory);
        heard.say("a", LITTLE);
        assertThat(heard.all().sizeLimit()).isEqualTo(5000);
        assertThat(log).singleElement().asString().startsWith("warning: what next hops offer cannot be kept");
        Files.createDirectory(directory);
    }
}
