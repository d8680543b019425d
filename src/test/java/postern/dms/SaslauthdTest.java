package postern.dms;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.nio.file.Path;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class SaslauthdTest {
    private static final String DOVECOTS = "(&(objectClass=PostfixBookMailAccount)(uniqueIdentifier=%n))";

    @TempDir
    private Path directory;

    private DmsVolume volume;

    /// docker-mailserver's own example of LDAP.
    @BeforeEach
    void example() {
        volume = new DmsVolume(directory)
                .with("postfix-accounts.cf", "")
                .set("ACCOUNT_PROVISIONER", "LDAP")
                .set("LDAP_SERVER_HOST", "ldap://ldap.example.com")
                .set("LDAP_SEARCH_BASE", "ou=people,dc=localhost,dc=localdomain")
                .set("LDAP_BIND_DN", "cn=admin,dc=localhost,dc=localdomain")
                .set("LDAP_BIND_PW", "admin")
                .set("DOVECOT_PASS_FILTER", DOVECOTS)
                .set("ENABLE_SASLAUTHD", "1")
                .set("SASLAUTHD_MECHANISMS", "ldap")
                .set("SASLAUTHD_LDAP_SERVER", "ldap://ldap.example.com")
                .set("SASLAUTHD_LDAP_BIND_DN", "cn=admin,dc=localhost,dc=localdomain")
                .set("SASLAUTHD_LDAP_PASSWORD", "admin")
                .set("SASLAUTHD_LDAP_SEARCH_BASE", "ou=people,dc=localhost,dc=localdomain")
                .set("SASLAUTHD_LDAP_FILTER", "(&(objectClass=PostfixBookMailAccount)(uniqueIdentifier=%U))");
    }

    private String logins() {
        volume.read();
        return volume.table(DirectoryFiles.DOVECOT);
    }

    @Test
    void theSameDirectoryIsAskedInDovecotsWay() {
        assertThat(logins()).contains("pass_filter = " + DOVECOTS + "\n", "\ntls = no\n");
        assertThat(volume.read().announcements())
                .anyMatch(line -> line.startsWith("ENABLE_SASLAUTHD=1: there is no saslauthd; all logins ask"));
        assertThat(volume.read().warnings()).isEmpty();
    }

    @Test
    void whoSaslauthdWouldNotFindDoesNotLogIn() {
        volume.set("SASLAUTHD_LDAP_FILTER", "");
        assertThat(logins()).contains("pass_filter = (&" + DOVECOTS + "(&(uniqueIdentifier=%n)(mailEnabled=TRUE)))\n");
        volume.set("SASLAUTHD_LDAP_FILTER", "mail=%u@%r");
        assertThat(logins()).contains("pass_filter = (&" + DOVECOTS + "(mail=%n@%d))\n");
    }

    @Test
    void tlsOfSaslauthdIsTlsOfAll() {
        volume.set("SASLAUTHD_LDAP_START_TLS", "yes").set("SASLAUTHD_LDAP_TLS_CACERT_FILE", "/etc/ca.pem");
        assertThat(logins()).contains("\ntls = yes\n", "\ntls_ca_cert_file = /etc/ca.pem\n");
    }

    @Test
    void serverAndBaseMayBeWrittenInAnotherWay() {
        volume.set("SASLAUTHD_LDAP_SERVER", "LDAP.example.com:389/")
                .set("SASLAUTHD_LDAP_SEARCH_BASE", "DC=localhost, dc=localdomain")
                .set("SASLAUTHD_LDAP_AUTH_METHOD", "custom");
        assertThat(logins()).contains("pass_filter = " + DOVECOTS + "\n");
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = ';',
            value = {
                "SASLAUTHD_MECHANISMS; rimap; logins by saslauthd, but for SASLAUTHD_MECHANISMS=ldap",
                "ACCOUNT_PROVISIONER; FILE; logins by saslauthd, but for SASLAUTHD_MECHANISMS=ldap",
                "SASLAUTHD_LDAP_SERVER; ldap://other.example.com; SASLAUTHD_LDAP_SERVER is not the server",
                "SASLAUTHD_LDAP_SEARCH_BASE; ou=mail,dc=localhost,dc=localdomain; SASLAUTHD_LDAP_SEARCH_BASE does not hold",
                "SASLAUTHD_LDAP_AUTH_METHOD; fastbind; SASLAUTHD_LDAP_AUTH_METHOD=fastbind is not how",
                "SASLAUTHD_LDAP_FILTER; (uid=%1); SASLAUTHD_LDAP_FILTER has other variables"
            })
    void whatIsNotTheSameRefusesStart(String name, String value, String why) {
        volume.set(name, value);
        assertThatThrownBy(volume::read)
                .hasMessageContaining("ENABLE_SASLAUTHD=1: not here yet (" + why)
                .hasMessageEndingWith("to start without: POSTERN_WITHOUT=ENABLE_SASLAUTHD");
        volume.set("POSTERN_WITHOUT", "ENABLE_SASLAUTHD").read();
    }
}
