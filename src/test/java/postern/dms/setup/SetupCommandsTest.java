package postern.dms.setup;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/// The command line itself, as DMS's `setup` has it.
class SetupCommandsTest {
    @TempDir
    private Path directory;

    private SetupRun setup;

    @BeforeEach
    void volume() {
        setup = new SetupRun(directory);
    }

    @Test
    void withoutArgumentsItShowsItsUsage() {
        assertThat(setup.done())
                .contains("This is the main administration command that you use for all your interactions with")
                .contains("setup email add <EMAIL ADDRESS> [<PASSWORD>]");
        assertThat(setup.done("help")).isEqualTo(setup.done(""));
    }

    @Test
    void aCommandThatThereIsNoneOfIsInvalid() {
        assertThat(setup.run("lol", "troll")).isEqualTo(2);
        assertThat(setup.err()).startsWith("The command 'lol troll' is invalid.\n");
        assertThat(setup.run("email")).isEqualTo(2);
        assertThat(setup.run("email", "addd", "a@example.com")).isEqualTo(2);
    }

    @Test
    void helpIsTheFirstArgumentOfACommand() {
        for (List<String> command : List.of(
                List.of("email", "add"),
                List.of("email", "del"),
                List.of("alias", "add"),
                List.of("quota", "set"),
                List.of("relay", "add-domain"),
                List.of("dovecot-master", "del"))) {
            String[] words = {command.get(0), command.get(1), "help"};
            assertThat(setup.done(words)).startsWith("Usage: setup " + String.join(" ", command));
        }
        assertThat(setup.done("config", "dkim", "help"))
                .contains("open-dkim - Configure DKIM (DomainKeys Identified Mail)");
    }

    @Test
    void tooFewArgumentsShowTheUsageAndFail() {
        assertThat(setup.run("email", "add")).isEqualTo(1);
        assertThat(setup.out()).startsWith("Usage: setup email add");
        assertThat(setup.run("alias", "add", "a@example.com")).isEqualTo(1);
        assertThat(setup.run("quota", "set")).isEqualTo(1);
        assertThat(setup.run("relay", "add-domain", "example.com")).isEqualTo(1);
        assertThat(setup.run("email", "restrict")).isEqualTo(1);
        assertThat(setup.run("email", "restrict", "add")).isEqualTo(1);
    }

    @Test
    void whatIsNotHereSaysSo() {
        assertThat(setup.refused("fail2ban")).contains("no bans to list or change yet");
        assertThat(setup.refused("fail2ban", "ban", "192.0.2.1")).contains("no bans");
        assertThat(setup.refused("debug", "fetchmail")).contains("there is no fetchmail");
        assertThat(setup.refused("debug", "getmail")).contains("there is no getmail");
        assertThat(setup.refused("debug", "login", "ls")).contains("There is no container");
    }
}
