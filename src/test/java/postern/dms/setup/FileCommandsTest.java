package postern.dms.setup;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/// `setup alias`, `quota`, `relay`, `email restrict` and `dovecot-master`, as DMS's own tests pin them.
class FileCommandsTest {
    private static final String VIRTUAL = "postfix-virtual.cf";
    private static final String QUOTAS = "dovecot-quotas.cf";
    private static final String RELAYS = "postfix-relaymap.cf";
    private static final String PASSWORDS = "postfix-sasl-password.cf";
    private static final String MASTERS = "dovecot-masters.cf";

    @TempDir
    private Path directory;

    private SetupRun setup;

    @BeforeEach
    void accounts() throws IOException {
        setup = new SetupRun(directory);
        setup.file(
                "postfix-accounts.cf",
                "quota_user@example.com|{PLAIN}x\nquota_user2@example.com|{PLAIN}x\nuser@example.com|{PLAIN}x\n");
    }

    @Test
    void anAliasCollectsItsRecipients() throws IOException {
        setup.done("alias", "add", "alias@example.com", "target1@forward.com");
        setup.done("alias", "add", "alias@example.com", "target2@forward.com");
        setup.done("alias", "add", "alias2@example.org", "target3@forward.com");
        assertThat(setup.file(VIRTUAL)).isEqualTo("""
                alias@example.com target1@forward.com,target2@forward.com
                alias2@example.org target3@forward.com
                """);

        setup.done("alias", "del", "alias@example.com", "target1@forward.com");
        setup.done("alias", "del", "alias@example.org", "target2@forward.com");
        assertThat(setup.file(VIRTUAL)).isEqualTo("""
                alias@example.com target2@forward.com
                alias2@example.org target3@forward.com
                """);

        setup.done("alias", "del", "alias2@example.org", "target3@forward.com");
        assertThat(setup.file(VIRTUAL)).isEqualTo("alias@example.com target2@forward.com\n");
    }

    @Test
    void anAliasIsAddedOnceAndNeverOverAnAccount() throws IOException {
        setup.done("alias", "add", "@example.com", "user@example.com,other@example.net");
        assertThat(setup.refused("alias", "add", "@example.com", "User@example.com"))
                .contains("'@example.com' is already an alias for recipient: 'User@example.com'");
        assertThat(setup.refused("alias", "add", "user@example.com", "a@example.net"))
                .contains("'user@example.com' is already defined to be an account");
        setup.done("alias", "add", "@example.com", "user@example.com,third@example.net");
        assertThat(setup.file(VIRTUAL))
                .isEqualTo("@example.com user@example.com,other@example.net,third@example.net\n");
    }

    @Test
    void theRestOfTheFileStays() throws IOException {
        setup.file(VIRTUAL, "# mine\r\n\r\nodd line of words\r\na@example.com\t\tb@example.com, c@example.com");
        setup.done("alias", "add", "A@example.com", "d@example.com");
        setup.done("alias", "add", "n@example.com", "d@example.com");
        setup.done("alias", "del", "a@example.com", "c@example.com");
        assertThat(setup.file(VIRTUAL))
                .isEqualTo("# mine\r\n\r\nodd line of words\r\na@example.com\t\tb@example.com, d@example.com\r\n"
                        + "n@example.com d@example.com\r\n");
    }

    @Test
    void bytesThatAreNotUtf8Stay() throws IOException {
        byte[] before = {'#', ' ', (byte) 0xE4, '\n'};
        Files.write(directory.resolve(VIRTUAL), before);
        setup.done("alias", "add", "a@example.com", "b@example.com");
        assertThat(Files.readAllBytes(directory.resolve(VIRTUAL)))
                .startsWith(before)
                .endsWith("a@example.com b@example.com\n".getBytes(StandardCharsets.UTF_8));
    }

    @Test
    void aliasesAreListedAsTheyStand() throws IOException {
        setup.file(
                VIRTUAL,
                "# x\nalias1@localhost.localdomain user1@localhost.localdomain\n"
                        + "@localdomain2.com\tuser1@localhost.localdomain\n");
        assertThat(setup.done("alias", "list")).isEqualTo("""
                * alias1@localhost.localdomain user1@localhost.localdomain

                * @localdomain2.com	user1@localhost.localdomain

                """);
    }

    @Test
    void everyAliasLosesARecipientByUnderscore() throws IOException {
        setup.file(VIRTUAL, "a@example.com x@example.net\nb@example.com y@example.net,x@example.net\n");
        setup.done("alias", "del", "_", "x@example.net");
        assertThat(setup.file(VIRTUAL)).isEqualTo("b@example.com y@example.net\n");
    }

    @Test
    void aQuotaIsSetReplacedAndRemoved() throws IOException {
        setup.done("quota", "set", "quota_user@example.com", "12M");
        setup.refused("quota", "set", "51M", "quota_user@example.com");
        assertThat(setup.refused("quota", "set", "unknown@domain.com", "150M"))
                .contains("'unknown@domain.com' does not exist");
        setup.refused("quota", "set", "quota_user2", "51M");
        assertThat(setup.file(QUOTAS)).isEqualTo("quota_user@example.com:12M\n");
        setup.done("quota", "set", "quota_user@example.com", "26M");
        assertThat(setup.file(QUOTAS)).isEqualTo("quota_user@example.com:26M\n");

        setup.refused("quota", "del", "unknown@domain.com");
        assertThat(setup.file(QUOTAS)).isEqualTo("quota_user@example.com:26M\n");
        setup.done("quota", "del", "quota_user@example.com");
        setup.done("quota", "del", "quota_user@example.com");
        assertThat(setup.file(QUOTAS)).isEmpty();
    }

    @Test
    void aQuotaIsANumberWithAUnit() {
        for (String bad : new String[] {"12", "12MB", "12m", "-1M", "M", "1 G", "99999999999999G", "999999999999T"}) {
            assertThat(setup.refused("quota", "set", "quota_user@example.com", bad))
                    .contains("Invalid quota format. e.g. 302M (B (byte), k (kilobyte), M (megabyte), G (gigabyte)"
                            + " or T (terabyte))");
        }
        for (String good : new String[] {"0", "1B", "1k", "1M", "5G", "2T"}) {
            setup.done("quota", "set", "quota_user@example.com", good);
        }
        setup.typing("10M\n").done("quota", "set", "quota_user@example.com");
        assertThat(setup.typing("").refused("quota", "set", "quota_user@example.com"))
                .contains("Quota must not be empty (use 0 for unlimited quota)");
    }

    @Test
    void relaysAreAddedReplacedAndExcluded() throws IOException {
        setup.done("relay", "add-domain", "example1.org", "smtp.relay1.com", "2525");
        setup.done("relay", "add-domain", "example2.org", "smtp.relay2.com");
        setup.done("relay", "add-domain", "example3.org", "smtp.relay3.com", "2525");
        setup.done("relay", "add-domain", "example3.org", "smtp.relay.com", "587");
        setup.done("relay", "exclude-domain", "example.org");
        assertThat(setup.file(RELAYS)).isEqualTo("""
                @example1.org [smtp.relay1.com]:2525
                @example2.org [smtp.relay2.com]:25
                @example3.org [smtp.relay.com]:587
                @example.org
                """);
        setup.done("relay", "exclude-domain", "example1.org");
        setup.done("relay", "add-domain", "example.org", "smtp.relay4.com");
        assertThat(setup.file(RELAYS)).startsWith("@example1.org\n").endsWith("@example.org [smtp.relay4.com]:25\n");
        setup.refused("relay", "add-domain", "example.org", "smtp.relay4.com", "70000");
        setup.refused("relay", "add-domain", "example.org", "[smtp.relay4.com]:25");
        setup.refused("relay", "add-domain", "", "smtp.relay4.com");
    }

    @Test
    void theLoginAtARelayIsAddedAndReplaced() throws IOException {
        setup.done("relay", "add-auth", "example.org", "smtp_user", "smtp_pass");
        setup.done("relay", "add-auth", "example2.org", "smtp_user2", "smtp_pass2");
        setup.done("relay", "add-auth", "example2.org", "smtp_user2", "smtp_pass_new");
        setup.typing("asked\nasked\n").done("relay", "add-auth", "example3.org", "u");
        assertThat(setup.file(PASSWORDS)).isEqualTo("""
                @example.org smtp_user:smtp_pass
                @example2.org smtp_user2:smtp_pass_new
                @example3.org u:asked
                """);
        assertThat(setup.refused("relay", "add-auth", "example.org", "a:b", "c"))
                .contains("first colon");
        assertThat(setup.refused("relay", "add-auth", "example.org", "a", "c ")).contains("white space");
        assertThat(setup.refused("relay", "add-auth", "example.org", "a", "c\n@x y"))
                .contains("line break");
    }

    @Test
    void usersAreRestrictedAndFreed() throws IOException {
        setup.done("email", "restrict", "add", "send", "lorem@impsum.org");
        assertThat(setup.file("postfix-send-access.cf")).isEqualTo("lorem@impsum.org \t\t REJECT\n");
        assertThat(setup.done("email", "restrict", "list", "send")).isEqualTo("lorem@impsum.org \t\t REJECT\n");
        assertThat(setup.refused("email", "restrict", "add", "send", "lorem@impsum.org"))
                .contains("User 'lorem@impsum.org' already denied to send mails");
        setup.done("email", "restrict", "del", "send", "lorem@impsum.org");
        assertThat(setup.done("email", "restrict", "list", "send")).isEqualTo("Everyone is allowed to send mails\n");

        setup.typing("rec_lorem@impsum.org\n").done("email", "restrict", "add", "receive");
        assertThat(setup.done("email", "restrict", "list", "receive")).matches("rec_lorem@impsum\\.org.*REJECT\n");
        setup.done("email", "restrict", "del", "receive", "rec_lorem@impsum.org");
        assertThat(setup.refused("email", "restrict", "forbid", "send", "a@example.com"))
                .contains("Missing mode: specify 'add', 'del' or 'list'");
        assertThat(setup.refused("email", "restrict", "add", "forward", "a@example.com"))
                .contains("Missing parameters: specify 'send' or 'receive'");
    }

    @Test
    void mastersAreNoAddresses() throws IOException {
        setup.done("dovecot-master", "add", "admin", "secret");
        setup.done("dovecot-master", "add", "Second", "secret");
        assertThat(setup.done("dovecot-master", "list")).isEqualTo("* admin\n\n* second\n\n");
        String before = setup.file(MASTERS);
        setup.done("dovecot-master", "update", "admin", "other");
        assertThat(setup.file(MASTERS)).isNotEqualTo(before).startsWith("admin|{SHA512-CRYPT}$6$");
        assertThat(setup.refused("dovecot-master", "add", "admin", "x")).contains("'admin' already exists");
        assertThat(setup.refused("dovecot-master", "update", "none", "x")).contains("'none' does not exist");
        assertThat(setup.refused("dovecot-master", "del", "admin", "none")).contains("'none' does not exist");
        setup.done("dovecot-master", "del", "admin", "second");
        assertThat(setup.file(MASTERS)).isEmpty();
    }
}
