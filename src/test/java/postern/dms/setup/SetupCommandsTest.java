package postern.dms.setup;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Path;
import java.util.ArrayList;
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
        assertThat(setup.run("email", "addd", "a@example.com", "secret")).isEqualTo(2);
        assertThat(setup.err()).as("a password is not shown").startsWith("The command 'email addd' is invalid.\n");
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

    /// What docker-mailserver's own tests pin down.
    @Test
    void bansOfTheServer() {
        List<String> bans = new ArrayList<>();
        setup.server(words -> switch (String.join(" ", words)) {
            case "bans" -> bans;
            case "bans ban 192.0.66.0/24" ->
                List.of((bans.add("custom 192.0.66.0/24 2027-05-02T12:00:00Z") ? "" : "already ")
                        + "banned 192.0.66.0/24");
            case "bans ban 192.0.66.9" -> List.of("already banned 192.0.66.9");
            case "bans unban 192.0.66.4" -> List.of("unbanned 192.0.66.4 from login");
            default -> List.of("not banned " + words.getLast());
        });

        assertThat(setup.done("fail2ban")).contains("No IPs have been banned");
        assertThat(setup.done("fail2ban", "ban", "192.0.66.0/24")).isEqualTo("Banned custom IP: 1\n");
        bans.add("login 192.0.66.4 2027-05-02T12:00:00Z");
        bans.add("login 192.0.66.5 2027-05-02T12:00:00Z");
        assertThat(setup.done("fail2ban"))
                .isEqualTo("Banned in custom: 192.0.66.0/24\nBanned in login: 192.0.66.4 192.0.66.5\n");
        assertThat(setup.done("fail2ban", "status"))
                .contains("Jail list:\tlogin, custom")
                .contains("Banned IP list:\t192.0.66.4 192.0.66.5");
        assertThat(setup.refused("fail2ban", "ban", "192.0.66.9")).contains("already banned");
        assertThat(setup.done("fail2ban", "unban", "192.0.66.4")).isEqualTo("Unbanned IP from login: 1\n");
        assertThat(setup.done("fail2ban", "unban", "192.0.66.8")).isEmpty();
        setup.done("fail2ban", "unban");
        assertThat(setup.err()).contains("You need to specify an IP address: Run");
        setup.done("fail2ban", "ban");
        assertThat(setup.err()).contains("You need to specify an IP address: Run");
        assertThat(setup.refused("fail2ban", "other")).contains("Unknown command 'other'");
    }

    @Test
    void bansNeedAServer() {
        assertThat(setup.refused("fail2ban")).contains("no server runs here");
    }

    @Test
    void whatIsNotHereSaysSo() {
        assertThat(setup.refused("debug", "fetchmail")).contains("there is no fetchmail");
        assertThat(setup.refused("debug", "getmail")).contains("there is no getmail");
        assertThat(setup.refused("debug", "login", "ls")).contains("There is no container");
    }
}
