package postern.dms;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.Map;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import postern.config.ConfigException;

class AccountsTest {
    private static final String HASH = DmsVolume.HASH;

    @TempDir
    private Path directory;

    private DmsVolume volume;

    @BeforeEach
    void volume() {
        volume = new DmsVolume(directory);
    }

    private void assertRefused(String message) {
        assertThatThrownBy(volume::read).isInstanceOf(ConfigException.class).hasMessage(message);
    }

    @Test
    void accountsAreReadAsDmsReadsThem() {
        volume.with(
                "postfix-accounts.cf",
                "# comment\r\n\r\n  You@Example.com|" + HASH + "\r\nmbox@example.com|" + HASH
                        + "|userdb_mail=mbox:~/mail:INBOX=~/inbox\r\nbare@example.org|" + HASH.substring(14)
                        + "\r\nplain@example.org|{PLAIN}a b`\\c");
        Accounts accounts = volume.read().accounts();
        assertThat(accounts.all().keySet())
                .containsExactly("you@example.com", "mbox@example.com", "bare@example.org", "plain@example.org");
        assertThat(accounts.all().get("mbox@example.com").password()).isEqualTo(HASH);
        assertThat(accounts.all().get("bare@example.org").password()).isEqualTo(HASH);
        assertThat(accounts.all().get("plain@example.org").password()).isEqualTo("{PLAIN}a b`\\c");
        assertThat(accounts.domains()).containsExactly("example.com", "example.org");
        assertThat(volume.table("vhost")).isEqualTo("example.com\nexample.org\n");
    }

    @Test
    void ofTwoLinesForOneAccountTheFirstCounts() {
        volume.with("postfix-accounts.cf", DmsVolume.YOU + "YOU@example.com|{PLAIN}other\n");
        DmsConfig config = volume.read();
        assertThat(config.accounts().all().get("you@example.com").password()).isEqualTo(HASH);
        assertThat(config.warnings())
                .containsExactly("postfix-accounts.cf:2: you@example.com is there already (postfix-accounts.cf:1):"
                        + " this line has no effect");
    }

    @Test
    void aQuotaBehindTheHashCountsAndOtherFieldsAreNamed() {
        volume.set("POSTFIX_MAILBOX_SIZE_LIMIT", "1000")
                .with(
                        "postfix-accounts.cf",
                        "a@example.com|" + HASH + "|userdb_quota_rule=*:storage=2M userdb_mail=mbox:~/mail\n"
                                + "b@example.com|" + HASH + "| userdb_quota_storage_size=3GiB  nodelay=y \n"
                                + "c@example.com|" + HASH + "|userdb_quota_rule=*:bytes=7 proxy host=192.0.2.1\n"
                                + "d@example.com|" + HASH + "|userdb_quota_rule=Trash:storage=+5M xyz\n"
                                + "e@example.com|" + HASH + "|userdb_quota_rule=*:storage=4|\n")
                .with("dovecot-quotas.cf", "c@example.com:1M\nC@example.com:2M\n");
        DmsConfig config = volume.read();
        assertThat(config.accounts().all().values().stream().map(Accounts.Account::quota))
                .containsExactly(2L << 20, 3L << 30, 1L << 20, 1000L, 1000L);
        assertThat(config.warnings())
                .containsExactly(
                        "dovecot-quotas.cf:2: c@example.com is there already: this line has no effect",
                        "postfix-accounts.cf:1: userdb_mail has no effect here: mail lies in the store",
                        "postfix-accounts.cf:2: nodelay has no effect here: the answer to a wrong password waits for"
                                + " everybody",
                        "postfix-accounts.cf:3: proxy has no effect here: logins are not passed on to another server",
                        "postfix-accounts.cf:3: host has no effect here: logins are not passed on to another server",
                        "postfix-accounts.cf:4: userdb_quota_rule has no effect here: a limit is"
                                + " userdb_quota_rule=*:bytes=5G, or a line of dovecot-quotas.cf",
                        "postfix-accounts.cf:4: xyz has no effect here: it is no field that is known here",
                        "postfix-accounts.cf:5: userdb_quota_rule has no effect here: a limit is"
                                + " userdb_quota_rule=*:bytes=5G, or a line of dovecot-quotas.cf");
        volume.set("ENABLE_QUOTAS", "0");
        assertThat(volume.read().accounts().all().values().stream().map(Accounts.Account::quota))
                .containsOnly(0L);
    }

    @Test
    void anAccountWithNologinHasMailAndNoLogin() {
        volume.with(
                        "postfix-accounts.cf",
                        "you@example.com|" + HASH + "|nologin\nb@example.com|" + HASH + "\nc@example.com|" + HASH
                                + "|fail=y\n")
                .with("postfix-virtual.cf", "info@example.com you@example.com\n");
        DmsConfig config = volume.read();
        assertThat(config.accounts().all().keySet())
                .containsExactly("you@example.com", "b@example.com", "c@example.com");
        assertThat(config.accounts().logins().keySet()).containsExactly("b@example.com");
        assertThat(volume.table("users")).isEqualTo("b@example.com|" + HASH + "|b@example.com\n");
        assertThat(DmsVolume.way(config, "", "you@example.com")).isEqualTo("mailbox:example.com");
        assertThat(config.warnings()).isEmpty();
    }

    @Test
    void anAccountThatMayLogInFromSomeNetworksOnlyRefusesStart() {
        volume.with("postfix-accounts.cf", "you@example.com|" + HASH + "|allow_nets=192.0.2.0/24\n");
        assertRefused("postfix-accounts.cf:1: allow_nets: not here yet\nto start without: POSTERN_WITHOUT=allow_nets");
        volume.set("POSTERN_WITHOUT", "allow_nets");
        assertThat(volume.read().warnings())
                .containsExactly("postfix-accounts.cf:1: allow_nets has no effect here: the account may log in from"
                        + " everywhere");
    }

    @Test
    void badLinesAreNamedWithoutTheirPassword() {
        volume.with("postfix-accounts.cf", "\nyou|" + HASH + "\n");
        assertRefused("postfix-accounts.cf:2: \"you\" should include the domain (eg: user@example.com)");
        volume.with("postfix-accounts.cf", "you@example.com\n");
        assertRefused("postfix-accounts.cf:1: user@domain|{SCHEME}hash is needed, not \"you@example.com\"");
        volume.with("postfix-accounts.cf", "../up@example.com|" + HASH + "\n");
        assertRefused("postfix-accounts.cf:1: \"../up@example.com\" should include the domain (eg: user@example.com)");
        volume.with("postfix-accounts.cf", DmsVolume.YOU + "me@example.com|{ROT13}frperg\n");
        assertThatThrownBy(volume::read)
                .hasMessageStartingWith("postfix-accounts.cf:2: {ROT13} is not a known scheme")
                .hasMessageNotContaining("frperg");
        volume.with("postfix-accounts.cf", "a@b.c|{PLAIN}x\nd\u00e9@b.c|x".getBytes(StandardCharsets.ISO_8859_1));
        assertRefused("postfix-accounts.cf:2: not UTF-8; save the file as UTF-8");
        volume.with("postfix-accounts.cf", "a@b.c|{PLAIN}x\n\nd\0@b.c|x");
        assertRefused("postfix-accounts.cf:3: a NUL byte; remove it");
    }

    @Test
    void quotasAreBytes() {
        volume.set("POSTFIX_MAILBOX_SIZE_LIMIT", "1000")
                .with("postfix-accounts.cf", DmsVolume.YOU + "b@example.com|" + HASH + "\nc@example.com|" + HASH + "\n")
                .with("dovecot-quotas.cf", "You@example.com:5G\nb@example.com:0\ngone@example.com:1k\n");
        DmsConfig config = volume.read();
        assertThat(config.accounts().all().values().stream().map(Accounts.Account::quota))
                .containsExactly(5L << 30, 0L, 1000L);
        assertThat(config.warnings()).containsExactly("dovecot-quotas.cf: gone@example.com is no account");
        volume.set("ENABLE_QUOTAS", "0");
        assertThat(volume.read().accounts().all().values().stream().map(Accounts.Account::quota))
                .containsOnly(0L);
    }

    @Test
    void unitsOfQuotasAreThoseOfDms() {
        assertThat(Accounts.bytes("0")).isZero();
        assertThat(Accounts.bytes("7B")).isEqualTo(7);
        assertThat(Accounts.bytes("7k")).isEqualTo(7 << 10);
        assertThat(Accounts.bytes("7M")).isEqualTo(7 << 20);
        assertThat(Accounts.bytes("7T")).isEqualTo(7L << 40);
        for (String wrong : new String[] {"7", "7K", "7g", "-1M", "", "M", "1.5G", "999999999999T"}) {
            assertThat(Accounts.bytes(wrong)).as(wrong).isNull();
        }
        volume.with("dovecot-quotas.cf", "\nyou@example.com:lots\n");
        assertRefused("dovecot-quotas.cf:2: user@domain:LIMIT is needed, LIMIT a number with B, k, M, G or T, or 0; not"
                + " \"you@example.com:lots\"");
    }

    @Test
    void aliasesOfAnAccountLogInWithItsPassword() {
        volume.with(
                "postfix-virtual.cf",
                "Info@example.com out@else.example,YOU@example.com\n@alias.example you@example.com\n"
                        + "out@example.com x@else.example\n");
        Accounts accounts = volume.read().accounts();
        assertThat(accounts.logins().keySet()).containsExactly("you@example.com", "info@example.com");
        assertThat(accounts.logins().get("info@example.com").address()).isEqualTo("you@example.com");
        assertThat(volume.table("users"))
                .isEqualTo(DmsVolume.YOU.strip() + "|you@example.com\ninfo@example.com|" + HASH + "|you@example.com\n");
        volume.set("ENABLE_QUOTAS", "0");
        assertThat(volume.read().accounts().logins().keySet()).containsExactly("you@example.com");
    }

    @Test
    void mastersHaveANameThatIsNoAddress() {
        volume.with("dovecot-masters.cf", "admin|" + HASH + "\n");
        assertThat(volume.read().accounts().masters()).containsEntry("admin", HASH);
        volume.with("dovecot-masters.cf", "Admin|" + HASH + "\nadmin|{PLAIN}x\n");
        assertThat(volume.read().accounts().masters()).containsExactly(Map.entry("admin", HASH));
        assertThat(volume.read().warnings())
                .containsExactly("dovecot-masters.cf:2: admin is there already: this line has no effect");
        volume.with("dovecot-masters.cf", "admin@example.com|" + HASH + "\n");
        assertRefused("dovecot-masters.cf:1: name|{SCHEME}hash is needed, the name without @ and *");
    }

    @Test
    void aPostmasterWithoutMailboxIsToldOf() {
        volume.set("POSTMASTER_ADDRESS", "");
        DmsConfig config = volume.read();
        assertThat(config.postmaster()).isEqualTo("postmaster@example.com");
        assertThat(config.warnings())
                .containsExactly("POSTMASTER_ADDRESS: postmaster@example.com is neither account nor alias: nobody gets"
                        + " its mail");
        volume.with("postfix-virtual.cf", "postmaster@example.com you@example.com\n");
        assertThat(volume.read().warnings()).isEmpty();
        assertThat(volume.set("POSTMASTER_ADDRESS", "YOU@example.com").read().warnings())
                .isEmpty();
    }
}
