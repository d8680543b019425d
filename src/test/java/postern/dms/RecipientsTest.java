package postern.dms;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import postern.address.Address;
import postern.lookup.Tables;
import postern.rewrite.Expanded;
import postern.rewrite.Listing;
import postern.rewrite.LocalDomains;
import postern.rewrite.VirtualAlias;

/// Who gets mail for an address.
class RecipientsTest {
    @TempDir
    private Path directory;

    private DmsVolume volume;

    @BeforeEach
    void volume() {
        volume = new DmsVolume(directory)
                .with(
                        "postfix-accounts.cf",
                        "you@example.com|" + DmsVolume.HASH + "\nqa@example.com|" + DmsVolume.HASH + "\n");
    }

    private static List<String> who(DmsConfig config, String recipient) {
        Tables tables = DmsVolume.tables(config);
        VirtualAlias aliases = new VirtualAlias(config.conf(), tables, new LocalDomains(config.conf(), tables));
        return switch (aliases.expand(Address.ofInternal(recipient))) {
            case Expanded.To(List<Address> to) ->
                to.stream().map(Address::internal).toList();
            case Expanded.TempFail(String reason) -> List.of(reason);
            case Expanded.Unreasonable(String reason) -> List.of(reason);
        };
    }

    @Test
    void aliasesGoBeforeExpressionsTheseBeforeAccountsTheseBeforeTheCatchAll() {
        volume.with(
                        "postfix-virtual.cf",
                        "sales@example.com you@example.com\nsales+eu@example.com qa@example.com\n"
                                + "@example.com qa@example.com\n")
                .with("postfix-regexp.cf", "/^(sales|test).*@example\\.com$/ re@else.example\n");
        DmsConfig config = volume.read();
        assertThat(who(config, "sales@example.com")).containsExactly("you@example.com");
        assertThat(who(config, "sales+eu@example.com")).containsExactly("qa@example.com");
        assertThat(who(config, "sales+us@example.com")).containsExactly("you+us@example.com");
        assertThat(who(config, "salesman+us@example.com")).containsExactly("re@else.example");
        assertThat(who(config, "test7@example.com")).containsExactly("re@else.example");
        assertThat(who(config, "you@example.com")).containsExactly("you@example.com");
        assertThat(who(config, "you+list@example.com")).containsExactly("you+list@example.com");
        assertThat(who(config, "anybody@example.com")).containsExactly("qa@example.com");
        assertThat(config.announcements())
                .contains("you@example.com keeps its own mail, which docker-mailserver gives to qa@example.com"
                        + " (postfix-virtual.cf:3: @example.com); POSTERN_CATCHALL=dms gives it there")
                .noneMatch(line -> line.startsWith("qa@example.com keeps"));
    }

    @Test
    void anExpressionGoesBeforeAnAccount() {
        volume.with("postfix-regexp.cf", "/^you@/ re@else.example\n")
                .with("postfix-virtual.cf", "@example.com qa@example.com\n");
        assertThat(who(volume.read(), "you@example.com")).containsExactly("re@else.example");
    }

    @Test
    void dmssOrderIsAVariableAway() {
        volume.with(
                        "postfix-virtual.cf",
                        "sales@example.com you@example.com\nqa@example.com qa@example.com\n@example.com qa@example.com\n")
                .with("postfix-regexp.cf", "/^sales\\+/ re@else.example\n")
                .set("POSTERN_CATCHALL", "dms");
        DmsConfig config = volume.read();
        assertThat(who(config, "you@example.com")).containsExactly("qa@example.com");
        assertThat(who(config, "sales@example.com")).containsExactly("qa@example.com");
        assertThat(who(config, "sales+us@example.com")).containsExactly("re@else.example");
        assertThat(config.announcements()).noneMatch(line -> line.contains("keeps its own mail"));
    }

    @Test
    void mailForNamesOfThisHostFollowsTheAliases() {
        volume.with(
                        "postfix-aliases.cf",
                        "devnull: /dev/null\nlist: :include:/tmp/docker-mailserver/list\nroot: x@y.example\n")
                .with("list", "# members\nyou@example.com, qa@example.com\nthird@else.example\n")
                .with("postfix-virtual.cf", "bad@example.com devnull\n")
                .set("POSTMASTER_ADDRESS", "you@example.com");
        DmsConfig config = volume.read();
        assertThat(who(config, "root@mail.example.com")).containsExactly("you@example.com");
        assertThat(who(config, "postmaster@mail.example.com")).containsExactly("you@example.com");
        assertThat(who(config, "list@localhost"))
                .containsExactly("you@example.com", "qa@example.com", "third@else.example");
        assertThat(who(config, "bad@example.com")).containsExactly("devnull@mail.example.com");
        assertThat(DmsVolume.way(config, "", "devnull@mail.example.com")).startsWith("discard:");
        assertThat(DmsVolume.routes(config).known(Address.ofInternal("devnull@mail.example.com")))
                .isEqualTo(Listing.LISTED);
        assertThat(DmsVolume.routes(config).known(Address.ofInternal("nobody@mail.example.com")))
                .isInstanceOf(Listing.Unlisted.class);
        assertThat(config.warnings())
                .containsExactly("postfix-aliases.cf:3: root goes to POSTMASTER_ADDRESS: this line has no effect");
        assertThat(config.watched()).contains(volume.directory.resolve("list"));
    }

    @Test
    void discardsStandBeforeTheUsersTransports() {
        volume.with("postfix-aliases.cf", "devnull: /dev/null\n")
                .with("postfix-main.cf", "transport_maps = inline:{ else.example=smtp:[10.0.0.1] }\n");
        DmsConfig config = volume.read();
        assertThat(DmsVolume.way(config, "", "devnull@mail.example.com")).startsWith("discard:");
        assertThat(DmsVolume.way(config, "", "a@else.example")).isEqualTo("smtp:[10.0.0.1]");
        assertThat(config.conf().origin("transport_maps")).isEqualTo("postfix-main.cf:1");
    }

    @Test
    void commandsAndFilesAreRefusedByName() {
        volume.with("postfix-aliases.cf", "a: you@example.com\nprog: \"|/usr/bin/vacation you\"\n");
        assertThatThrownBy(volume::read)
                .hasMessage("postfix-aliases.cf:2: \"|/usr/bin/vacation you\": commands and files get no mail here;"
                        + " an address is needed, /dev/null, or :include:/path");
        volume.with("postfix-aliases.cf", "a: :include:/nowhere/at/all\n");
        assertThatThrownBy(volume::read).hasMessage("postfix-aliases.cf:1: /nowhere/at/all: no such file");
        volume.with("postfix-aliases.cf", "nobody\n");
        assertThatThrownBy(volume::read)
                .hasMessage("postfix-aliases.cf:1: an alias is name: target, the name without a domain");
    }

    @Test
    void anIncludedFileMayBeOfWindows() {
        volume.with("list", "\uFEFFyou@example.com,\r\n# nobody\r\nout@else.example")
                .with("postfix-aliases.cf", "team: :include:/tmp/docker-mailserver/list\r\n");
        volume.read();
        assertThat(volume.table("aliases")).contains("team you@example.com, out@else.example\n");
    }

    @Test
    void aLineThatGoesOnWithNoneIsNamed() {
        volume.with("postfix-virtual.cf", "  a@example.com you@example.com\n")
                .with("postfix-aliases.cf", "\tb: you@example.com\n");
        assertThat(volume.read().warnings())
                .containsExactly(
                        "postfix-virtual.cf:1: logical line must not start with whitespace: \"a@example.com"
                                + " you@example.com\" is left out",
                        "postfix-aliases.cf:1: logical line must not start with whitespace: \"b: you@example.com\" is"
                                + " left out");
    }

    @Test
    void anAliasWithoutTargetsIsRefused() {
        volume.with("postfix-virtual.cf", "# aliases\na@example.com\n");
        assertThatThrownBy(volume::read)
                .hasMessage("postfix-virtual.cf:2: an alias needs its targets: a@example.com user@example.com");
    }

    @Test
    void unknownAndKnownRecipientsAreTold() {
        DmsConfig config = volume.read();
        assertThat(DmsVolume.routes(config).known(Address.ofInternal("you@example.com")))
                .isEqualTo(Listing.LISTED);
        assertThat(DmsVolume.routes(config).known(Address.ofInternal("you+x@example.com")))
                .isEqualTo(Listing.LISTED);
        assertThat(DmsVolume.routes(config)
                        .known(Address.ofInternal("no@example.com"))
                        .toString())
                .contains("5.1.1 User unknown in virtual mailbox table");
    }
}
