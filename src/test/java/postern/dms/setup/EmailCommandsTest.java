package postern.dms.setup;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.nio.file.attribute.UserPrincipal;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/// `setup email`, as DMS's own tests pin it.
class EmailCommandsTest {
    private static final String ACCOUNTS = "postfix-accounts.cf";
    private static final String VIRTUAL = "postfix-virtual.cf";
    private static final String HASH = "\\{SHA512-CRYPT\\}\\$6\\$[./A-Za-z0-9]{16}\\$[./A-Za-z0-9]{86}";

    @TempDir
    private Path directory;

    private SetupRun setup;

    @BeforeEach
    void volume() {
        setup = new SetupRun(directory);
    }

    @Test
    void theFirstAccountMakesTheFile() throws IOException {
        assertThat(setup.done("email", "add", "user3@domain.tld", "mypassword")).isEmpty();
        assertThat(setup.file(ACCOUNTS)).matches("user3@domain\\.tld\\|" + HASH + "\n");
        assertThat(PosixFilePermissions.toString(Files.getPosixFilePermissions(directory.resolve(ACCOUNTS))))
                .isEqualTo("rw-r-----");
    }

    @Test
    void whatRootMakesIsTheVolumeOwners() throws IOException {
        assumeTrue("root".equals(System.getProperty("user.name")), "only root may give files away");
        UserPrincipal nobody =
                directory.getFileSystem().getUserPrincipalLookupService().lookupPrincipalByName("nobody");
        Files.setOwner(directory, nobody);
        setup.done("email", "add", "user3@domain.tld", "mypassword");
        assertThat(Files.getOwner(directory.resolve(ACCOUNTS))).isEqualTo(nobody);
    }

    @Test
    void anAccountNeedsItsDomain() {
        assertThat(setup.refused("email", "add", "user_without_domain", "mypassword"))
                .contains("'user_without_domain' should include the domain (eg: user@example.com)");
        assertThat(setup.refused("email", "add", "user@", "mypassword")).contains("should include the domain");
        assertThat(setup.refused("email", "add", "@example.com", "mypassword")).contains("should include the domain");
        assertThat(setup.has(ACCOUNTS)).isFalse();
    }

    @Test
    void upperCaseIsLoweredWithAWarning() throws IOException {
        setup.done("email", "add", "USeRx@domain.tld", "mypassword");
        assertThat(setup.err())
                .contains("'USeRx@domain.tld' has uppercase letters and will be normalized to 'userx@domain.tld'");
        assertThat(setup.file(ACCOUNTS)).startsWith("userx@domain.tld|");
    }

    @Test
    void anAccountOrAnAliasOfThatNameRefusesIt() throws IOException {
        setup.file(VIRTUAL, "alias@domain.tld user@domain.tld\n");
        setup.done("email", "add", "user@domain.tld", "mypassword");
        assertThat(setup.refused("email", "add", "user@domain.tld", "other"))
                .contains("'user@domain.tld' already exists");
        assertThat(setup.refused("email", "add", "User@Domain.TLD", "other")).contains("already exists");
        assertThat(setup.refused("email", "add", "alias@domain.tld", "other"))
                .contains("'alias@domain.tld' is already defined as an alias");
        setup.done("email", "add", "alia@domain.tld", "other");
    }

    @Test
    void whatWouldBreakTheFileIsNoAccount() {
        for (String bad : new String[] {
            "a b@example.com",
            "a|b@example.com",
            "../a@example.com",
            "#a@example.com",
            "a\nroot@example.com",
            "a\u0000@example.com"
        }) {
            assertThat(setup.refused("email", "add", bad, "mypassword")).contains("cannot be an account");
        }
        assertThat(setup.has(ACCOUNTS)).isFalse();
    }

    @Test
    void aPasswordIsAskedForTwiceWhenItIsNotGiven() throws IOException {
        setup.typing("secret\nsecret\n").done("email", "add", "a@example.com");
        setup.typing("secret\n").done("email", "add", "b@example.com");
        assertThat(setup.typing("secret\nother\n").refused("email", "add", "c@example.com"))
                .contains("Passwords do not match!");
        assertThat(setup.typing("\n").refused("email", "add", "c@example.com")).contains("Password must not be empty");
        assertThat(setup.typing("").refused("email", "add", "c@example.com")).contains("Password must not be empty");
        assertThat(setup.file(ACCOUNTS)).doesNotContain("c@example.com");
    }

    @Test
    void aPasswordThatTheLocaleSpoiledIsRefused() {
        assertThat(setup.refused("email", "add", "a@example.com", "gr\uFFFDn")).contains("set LC_ALL=C.UTF-8");
    }

    @Test
    void updateChangesTheHashAlone() throws IOException {
        String before = """
                # accounts
                 first@example.com|{PLAIN}one|userdb_mail=mbox:~/mail:INBOX=~/inbox

                Second@example.com|{PLAIN}two
                """;
        setup.file(ACCOUNTS, before.replace("\n", "\r\n"));
        setup.done("email", "update", "first@example.com", "new");
        setup.done("email", "update", "second@example.com", "new");
        assertThat(setup.file(ACCOUNTS).replaceAll(HASH, "HASH")).isEqualTo("""
                # accounts
                 first@example.com|HASH|userdb_mail=mbox:~/mail:INBOX=~/inbox

                Second@example.com|HASH
                """.replace("\n", "\r\n"));
        assertThat(setup.refused("email", "update", "third@example.com", "new"))
                .contains("'third@example.com' does not exist");
    }

    @Test
    void deletingAnAccountLeavesThoseWithSimilarNames() throws IOException {
        for (String name : new String[] {"user3", "auser3", "a.ser3"}) {
            setup.done("email", "add", name + "@domain.tld", "mypassword");
        }
        setup.done("email", "del", "-y", "user3@domain.tld");
        assertThat(setup.file(ACCOUNTS))
                .doesNotContain("\nuser3@")
                .doesNotStartWith("user3@")
                .contains("auser3@domain.tld|")
                .contains("a.ser3@domain.tld|");
        assertThat(setup.removed()).containsExactly("user3@domain.tld");
        assertThat(setup.refused("email", "del", "-y", "user3@domain.tld"))
                .contains("'user3@domain.tld' does not exist");
    }

    @Test
    void anAccountTakesItsQuotaAndItsAliasesWithIt() throws IOException {
        setup.file(ACCOUNTS, "a@example.com|{PLAIN}x\nb@example.com|{PLAIN}x\n")
                .file("dovecot-quotas.cf", "# limits\na@example.com:5G\nb@example.com:1G\n")
                .file(VIRTUAL, """
                        # aliases
                        only@example.com\ta@example.com
                        both@example.com a@example.com,b@example.com
                        spaced@example.com  b@example.com , A@example.com
                        other@example.com aa@example.com
                        folded@example.com a@example.com,
                          b@example.com
                        """);
        setup.done("email", "del", "-n", "a@example.com");
        assertThat(setup.out()).contains("Mailbox data explicitly kept (using -n).");
        assertThat(setup.file(ACCOUNTS)).isEqualTo("b@example.com|{PLAIN}x\n");
        assertThat(setup.file("dovecot-quotas.cf")).isEqualTo("# limits\nb@example.com:1G\n");
        assertThat(setup.file(VIRTUAL)).isEqualTo("""
                # aliases
                both@example.com b@example.com
                spaced@example.com  b@example.com
                other@example.com aa@example.com
                folded@example.com b@example.com
                """);
        assertThat(setup.removed()).isEmpty();
    }

    @Test
    void mailIsKeptUnlessItIsAskedFor() throws IOException {
        setup.file(ACCOUNTS, "a@example.com|x\nb@example.com|x\nc@example.com|x\nd@example.com|x\n");
        assertThat(setup.typing("\n").done("email", "del", "a@example.com"))
                .contains("The mailbox data will not be deleted.");
        setup.done("email", "del", "b@example.com");
        assertThat(setup.removed()).isEmpty();
        setup.typing("y\n").done("email", "del", "c@example.com", "d@example.com");
        assertThat(setup.removed()).containsExactly("c@example.com", "d@example.com");
        assertThat(setup.file(ACCOUNTS)).isEmpty();
    }

    @Test
    void deletingWithoutAccountsIsNoError() {
        assertThat(setup.done("email", "del", "-y", "user3@domain.tld")).isEmpty();
        assertThat(setup.refused("email", "del", "-x", "user3@domain.tld")).contains("The option '-x' is unknown");
        assertThat(setup.refused("email", "del", "-y")).contains("No account specified");
    }

    @Test
    void theListHasMailQuotaAndAliases() throws IOException {
        setup.file(ACCOUNTS, "# mine\nuser1@localhost.localdomain|x\nuser2@otherdomain.tld|x|extra\n")
                .file("dovecot-quotas.cf", "user2@otherdomain.tld:50M\n")
                .file(
                        VIRTUAL,
                        "alias1@localhost.localdomain user1@localhost.localdomain\n"
                                + "test@localhost.localdomain ext@example.com,user1@localhost.localdomain\n")
                .withMail("user2@otherdomain.tld", 12 * 1024 * 1024);
        assertThat(setup.done("email", "list")).isEqualTo("""
                * user1@localhost.localdomain ( 0 / ~ ) [0%]
                    [ aliases -> alias1@localhost.localdomain, test@localhost.localdomain ]

                * user2@otherdomain.tld ( 12M / 50M ) [24%]

                """);
    }

    @Test
    void withoutQuotasTheListHasNone() throws IOException {
        setup.file(ACCOUNTS, "user1@localhost.localdomain|x\n").with("ENABLE_QUOTAS", "0");
        assertThat(setup.done("email", "list").lines()).first().isEqualTo("* user1@localhost.localdomain");
    }

    @Test
    void theLimitOfAllIsShownWhereThereIsNoOther() throws IOException {
        setup.file(ACCOUNTS, "a@example.com|x\nb@example.com|x\n")
                .file("dovecot-quotas.cf", "b@example.com:0\n")
                .with("POSTFIX_MAILBOX_SIZE_LIMIT", "1048576")
                .withMail("a@example.com", 1536);
        assertThat(setup.done("email", "list"))
                .contains("* a@example.com ( 1.5K / 1.0M ) [0%]")
                .contains("* b@example.com ( 0 / ~ ) [0%]");
    }

    @Test
    void thereIsNothingToListWithoutAccounts() throws IOException {
        assertThat(setup.refused("email", "list")).contains("postfix-accounts.cf' does not exist");
        setup.file(ACCOUNTS, "# none\n");
        assertThat(setup.refused("email", "list")).contains("postfix-accounts.cf' is empty, nothing to list");
    }

    @Test
    void listShowsWhoLacksKeysForScram() throws IOException {
        setup.file(
                "postfix-accounts.cf",
                "a@example.com|{SHA512-CRYPT}$6$x$y\nb@example.com|{PLAIN}x\nc@example.com|$6$x$z\n");
        assertThat(setup.done("email", "list")).doesNotContain("SCRAM");
        setup.with("POSTERN_SCRAM_LEARN", "1").withKeys("c@example.com");

        assertThat(setup.done("email", "list"))
                .containsPattern("\\* a@example.com [^*]*\\[ no SCRAM keys \\]")
                .doesNotContainPattern("\\* [bc]@example.com [^*]*\\[ no SCRAM keys \\]");
    }

    @Test
    void aByteOrderMarkIsNoPartOfTheFirstAccount() throws IOException {
        setup.file(ACCOUNTS, "\uFEFFa@example.com|{PLAIN}x\r\nb@example.com|{PLAIN}x");
        setup.done("email", "update", "a@example.com", "new");
        setup.done("email", "add", "c@example.com", "new");
        assertThat(setup.file(ACCOUNTS).replaceAll(HASH, "HASH"))
                .isEqualTo("\uFEFFa@example.com|HASH\r\nb@example.com|{PLAIN}x\r\nc@example.com|HASH\r\n");
        setup.done("email", "del", "-n", "a@example.com");
        assertThat(setup.done("email", "list")).startsWith("* b@example.com");
    }

    @Test
    void withADirectoryNobodyIsListedAndFilesHaveNoEffect() throws IOException {
        setup.file(ACCOUNTS, "a@example.com|{PLAIN}x\n").file("mailserver.env", "ACCOUNT_PROVISIONER=LDAP\n");
        assertThat(setup.refused("email", "list"))
                .contains(
                        "Accounts are listed with ACCOUNT_PROVISIONER=FILE only: those of a directory it lists itself");
        setup.done("email", "add", "b@example.com", "new");
        assertThat(setup.err())
                .contains("With ACCOUNT_PROVISIONER=LDAP accounts and aliases are in the directory: the files of"
                        + " 'email add' have no effect");
        setup.done("email", "restrict", "add", "send", "b@example.com");
        assertThat(setup.err()).isEmpty();
    }

    @Test
    void appPasswordsAreShownOnceAndTakenAway() throws IOException {
        setup.file("postfix-accounts.cf", "a@example.com|{PLAIN}x\n");
        String phone =
                setup.done("email", "apppass", "add", "A@example.com", "phone").strip();
        String laptop =
                setup.done("email", "apppass", "add", "a@example.com", "laptop").strip();

        assertThat(phone).matches("([a-z2-5]{4}-){4}[a-z2-5]{4}").isNotEqualTo(laptop);
        assertThat(setup.file("postfix-accounts-app.cf"))
                .containsPattern("a@example.com\\|phone\\|\\{SCRAM-SHA-256}4096,")
                .doesNotContain(phone);
        assertThat(setup.done("email", "apppass", "list")).isEqualTo("* a@example.com phone\n* a@example.com laptop\n");
        assertThat(setup.refused("email", "apppass", "add", "a@example.com", "phone"))
                .contains("already");
        assertThat(setup.refused("email", "apppass", "add", "b@example.com", "phone"))
                .contains("does not exist");
        assertThat(setup.refused("email", "apppass", "add", "a@example.com", "my phone"))
                .contains("A label is made of");
        setup.done("email", "apppass", "del", "a@example.com", "phone");
        assertThat(setup.done("email", "apppass", "list", "a@example.com")).isEqualTo("* a@example.com laptop\n");
        assertThat(setup.refused("email", "apppass", "del", "a@example.com", "phone"))
                .contains("no such one");
        setup.done("email", "del", "-n", "a@example.com");
        assertThat(setup.file("postfix-accounts-app.cf")).isBlank();
    }

    @Test
    void certificatesAreKnownByTheirFingerprints() throws IOException {
        String fingerprint = "ab:".repeat(31) + "ab";
        setup.file("postfix-accounts.cf", "a@example.com|{PLAIN}x\n");
        setup.done("email", "cert", "add", "a@example.com", fingerprint);

        assertThat(setup.file("postfix-accounts-cert.cf")).isEqualTo("a@example.com|" + "AB".repeat(32) + "\n");
        assertThat(setup.refused("email", "cert", "add", "a@example.com", fingerprint))
                .contains("already");
        assertThat(setup.refused("email", "cert", "add", "a@example.com", "ab:cd"))
                .contains("neither a file nor");
        setup.done("email", "cert", "del", "a@example.com", fingerprint);
        assertThat(setup.done("email", "cert", "list")).isEmpty();
    }
}
