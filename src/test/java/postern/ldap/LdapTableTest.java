package postern.ldap;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import postern.config.ConfigException;
import postern.config.MainCf;
import postern.lookup.Lookup;
import postern.lookup.Table;
import postern.lookup.TableContext;
import postern.lookup.Tables;

/// `ldap:` tables against the SDK's own server.
class LdapTableTest {
    @TempDir
    private Path directory;

    private final TestDirectory ldap = new TestDirectory()
            .person("you", "you@example.com", "secret", "mailAlias: alias@example.com", "mailAlias: chef@example.com")
            .person("me", "me@example.com", "secret", "mailGroupMember: all@example.com", "mail: ich@example.com");
    private Instant now = Instant.parse("2026-11-22T10:00:00Z");
    private final Directories directories = new Directories(() -> now);
    private final List<String> log = new ArrayList<>();

    @AfterEach
    void close() {
        directories.close();
        ldap.close();
    }

    private Table table(String... lines) throws IOException {
        String common = "server_host = " + ldap.url() + "\nbind_dn = " + TestDirectory.ADMIN
                + "\nbind_pw = admin\nsearch_base = " + TestDirectory.BASE + "\ntimeout = 2\n";
        Path file = directory.resolve("table.cf");
        Files.writeString(file, common + String.join("\n", lines) + "\n");
        return open("ldap:" + file);
    }

    private Table open(String spec) {
        MainCf conf = MainCf.of(directory, Map.of());
        TableContext context = new TableContext(
                conf, (service, text) -> log.add(text), TableContext.of(conf).dialer(), () -> now);
        return new Tables(context, Map.of("ldap", directories::table)).open(spec);
    }

    private static String found(Lookup answer) {
        return answer instanceof Lookup.Found(String value) ? value : answer.toString();
    }

    /// The five questions of docker-mailserver's own files.
    @Test
    void findsAddressesAliasesGroupsAndDomains() throws IOException {
        Table users = table("query_filter = (&(mail=%s)(mailEnabled=TRUE))", "result_attribute = mail");
        assertThat(found(users.find("You@Example.com"))).isEqualTo("you@example.com");
        assertThat(users.find("nobody@example.com")).isEqualTo(Lookup.NOT_FOUND);
        Table aliases = table("query_filter = (&(mailAlias=%s)(mailEnabled=TRUE))", "result_attribute = mail");
        assertThat(found(aliases.find("chef@example.com"))).isEqualTo("you@example.com");
        Table groups = table("query_filter = (&(mailGroupMember=%s)(mailEnabled=TRUE))", "result_attribute = mail");
        assertThat(found(groups.find("all@example.com"))).isEqualTo("me@example.com,ich@example.com");
        Table domains = table("query_filter = (mail=*@%s)", "result_attribute = mail");
        assertThat(domains.find("example.com")).isInstanceOf(Lookup.Found.class);
        assertThat(domains.find("example.net")).isEqualTo(Lookup.NOT_FOUND);
        Table senders = table("query_filter = (mail=%s)", "result_attribute = mail, uniqueIdentifier");
        assertThat(found(senders.find("you@example.com"))).isEqualTo("you@example.com,you");
    }

    /// OpenLDAP takes filters with white space between their parts; docker-mailserver's own tests have such.
    @Test
    void takesFiltersAsOpenLdapReadsThem() throws IOException {
        Table spaced = table(
                "query_filter = (&(mailAlias=%s) (| (objectClass=PostfixBookMailForward)"
                        + " (&(objectClass=PostfixBookMailAccount)(mailEnabled=TRUE)) ))",
                "result_attribute = mail");
        assertThat(found(spaced.find("alias@example.com"))).isEqualTo("you@example.com");
        assertThat(table("query_filter = (|)", "result_attribute = mail").find("you@example.com"))
                .as("matches nothing (RFC 4526)")
                .isEqualTo(Lookup.NOT_FOUND);
        assertThat(found(table("query_filter = mail=%s", "result_attribute = mail")
                        .find("you@example.com")))
                .isEqualTo("you@example.com");
    }

    /// A user name `*)(uid=*` is no LDAP injection, in filters or in names.
    @ParameterizedTest
    @ValueSource(
            strings = {"*", "*)(uid=*", "*)(|(mail=*", "you@example.com)(mail=*", "\\2a", "' or 1=1--", "%u", "\0", "ü*"
            })
    void keysAreData(String key) throws IOException {
        Table users = table("query_filter = (mail=%s)", "result_attribute = mail");
        assertThat(users.find(key)).isEqualTo(Lookup.NOT_FOUND);
        Table based = open("ldap:" + writeBased());
        assertThat(based.find(key + "@example.com")).isEqualTo(Lookup.NOT_FOUND);
        assertThat(based.find("x,ou=people")).isEqualTo(Lookup.NOT_FOUND);
        assertThat(found(based.find("you"))).isEqualTo("you@example.com");
    }

    private Path writeBased() throws IOException {
        return Files.writeString(
                directory.resolve("based.cf"),
                "server_host = " + ldap.url() + "\nbind = no\nsearch_base = uniqueIdentifier=%u," + TestDirectory.BASE
                        + "\nscope = base\nquery_filter = (objectClass=*)\nresult_attribute = mail\n");
    }

    @Test
    void aQuestionThatLacksItsPartOfTheKeyIsNotAsked() throws IOException {
        Table table = table("query_filter = (&(mail=%u@%d)(mail=*@%2.%1))", "result_attribute = mail");
        int before = ldap.searches();
        assertThat(table.find("you")).isEqualTo(Lookup.NOT_FOUND);
        assertThat(table.find("@example.com")).isEqualTo(Lookup.NOT_FOUND);
        assertThat(table.find("you@localhost")).isEqualTo(Lookup.NOT_FOUND);
        assertThat(ldap.searches()).isEqualTo(before);
        assertThat(found(table.find("you@example.com"))).isEqualTo("you@example.com");
    }

    @Test
    void formatsResultsAndAsksForItsDomainsOnly() throws IOException {
        Table table = table(
                "query_filter = (mail=%s)",
                "result_attribute = mail", "result_format = %u+%U@%d.%2 100%%", "domain = example.com");
        assertThat(found(table.find("you@example.com"))).isEqualTo("you+you@example.com.example 100%");
        int before = ldap.searches();
        assertThat(table.find("you@example.net")).isEqualTo(Lookup.NOT_FOUND);
        assertThat(table.find("you")).isEqualTo(Lookup.NOT_FOUND);
        assertThat(table.find("@example.com")).isEqualTo(Lookup.NOT_FOUND);
        assertThat(ldap.searches()).isEqualTo(before);
    }

    /// Groups of Active Directory: members are names of further entries (`special_result_attribute`), and the
    /// group's own address is no result (`leaf_result_attribute`).
    @Test
    void groupsLeadToTheirMembers() throws IOException {
        ldap.add(
                "cn=team," + TestDirectory.BASE,
                "objectClass: group",
                "mail: team@example.com",
                "member: uniqueIdentifier=you," + TestDirectory.BASE,
                "member: cn=inner," + TestDirectory.BASE,
                "member: cn=gone," + TestDirectory.BASE);
        ldap.add(
                "cn=inner," + TestDirectory.BASE,
                "objectClass: group",
                "mail: inner@example.com",
                "member: cn=team," + TestDirectory.BASE,
                "member: ldap:///" + TestDirectory.BASE + "?mail?sub?(uniqueIdentifier=me)");
        String[] lines = {
            "query_filter = (&(objectClass=group)(mail=%s))",
            "result_attribute =",
            "leaf_result_attribute = mail",
            "special_result_attribute = member"
        };
        assertThat(found(table(lines).find("team@example.com")))
                .as("the circle ends")
                .isEqualTo("you@example.com,me@example.com,ich@example.com");
        String[] shallow = java.util.Arrays.copyOf(lines, 5);
        shallow[4] = "recursion_limit = 1";
        assertThat(table(shallow).find("team@example.com")).isInstanceOf(Lookup.TempFail.class);
        shallow[4] = "expansion_limit = 2";
        assertThat(table(shallow).find("team@example.com"))
                .isInstanceOfSatisfying(
                        Lookup.TempFail.class, fail -> assertThat(fail.reason()).contains("expansion_limit"));
    }

    @Test
    void terminalAttributesStandAlone() throws IOException {
        ldap.add(
                "cn=list," + TestDirectory.BASE,
                "objectClass: group",
                "mail: list@example.com",
                "maildrop: list@lists.example.com",
                "member: uniqueIdentifier=you," + TestDirectory.BASE);
        assertThat(found(table(
                                "query_filter = (mail=%s)",
                                "result_attribute = mail",
                                "terminal_result_attribute = maildrop",
                                "special_result_attribute = member")
                        .find("list@example.com")))
                .isEqualTo("list@lists.example.com");
    }

    /// A dead directory is never "no such user".
    @Test
    void aDirectoryThatIsAwayIsATemporaryFailure() throws IOException {
        Table users = table("query_filter = (mail=%s)", "result_attribute = mail");
        assertThat(found(users.find("you@example.com"))).isEqualTo("you@example.com");
        int port = ldap.port();
        ldap.stop();
        assertThat(users.find("me@example.com")).isInstanceOf(Lookup.TempFail.class);
        assertThat(found(users.find("you@example.com")))
                .as("asked a moment ago")
                .isEqualTo("you@example.com");
        now = now.plusSeconds(6);
        assertThat(users.find("you@example.com")).isInstanceOf(Lookup.TempFail.class);
        assertThat(users.find("nobody@example.com")).isInstanceOf(Lookup.TempFail.class);
        assertThat(log).anyMatch(line -> line.contains("lookup error"));
        ldap.start();
        assertThat(ldap.port()).isEqualTo(port);
        now = now.plusSeconds(2);
        assertThat(found(users.find("me@example.com"))).isEqualTo("me@example.com,ich@example.com");
    }

    @Test
    void aDirectoryThatDoesNotAnswerIsATemporaryFailure() throws IOException {
        Table users = table("query_filter = (mail=%s)", "result_attribute = mail");
        ldap.hang();
        assertThat(users.find("you@example.com")).isInstanceOf(Lookup.TempFail.class);
        ldap.goOn();
        now = now.plusSeconds(2);
        assertThat(found(users.find("you@example.com"))).isEqualTo("you@example.com");
    }

    @Test
    void aConnectionThatTheServerClosedIsMadeAnew() throws IOException {
        Table users = table("query_filter = (mail=%s)", "result_attribute = mail");
        assertThat(found(users.find("you@example.com"))).isEqualTo("you@example.com");
        ldap.stop();
        ldap.start();
        assertThat(found(users.find("me@example.com"))).isEqualTo("me@example.com,ich@example.com");
    }

    @Test
    void theSecondServerAnswersWhenTheFirstIsAway() throws IOException {
        Path file = Files.writeString(
                directory.resolve("two.cf"),
                "server_host = ldap://127.0.0.1:1 " + ldap.url() + "\nsearch_base = " + TestDirectory.BASE
                        + "\nquery_filter = (mail=%s)\nresult_attribute = mail\n");
        assertThat(found(open("ldap:" + file).find("you@example.com"))).isEqualTo("you@example.com");
    }

    @Test
    void aWrongPasswordOfOurOwnIsATemporaryFailure() throws IOException {
        assertThat(table("bind_pw = wrong", "query_filter = (mail=%s)").find("you@example.com"))
                .isInstanceOf(Lookup.TempFail.class);
        assertThat(log).noneMatch(line -> line.contains("wrong"));
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "query_filter = (mail=%s",
                "query_filter = (mail=%x)",
                "scope = tree",
                "bind = sasl",
                "version = 2",
                "start_tls = perhaps",
                "timeout = soon",
                "server_host = ldapi://%2Frun%2Fldapi",
                "server_host = ldap://a:99999",
                "result_format = 100%",
                "dereference = 4",
                "tls_ca_cert_file = /nowhere/ca.pem\nstart_tls = yes\ntls_require_cert = yes\ntls_cert = /nowhere\ntls_key = /nowhere",
                "no setting"
            })
    void whatCannotBeUsedIsRefusedByFileAndLine(String line) {
        assertThatThrownBy(() -> table(line))
                .isInstanceOf(ConfigException.class)
                .hasMessageContaining("/");
    }

    @Test
    void theTypeIsUnknownToAServerWithoutTheLibrary() {
        Tables tables = new Tables(TableContext.of(MainCf.of(directory, Map.of())));
        assertThatThrownBy(() -> tables.open("ldap:/etc/x.cf"))
                .isInstanceOf(ConfigException.class)
                .hasMessageStartingWith("unsupported table type \"ldap\"");
    }
}
