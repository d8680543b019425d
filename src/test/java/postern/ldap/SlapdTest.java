package postern.ldap;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.stream.Collectors;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import postern.config.MainCf;
import postern.lookup.Lookup;
import postern.lookup.Table;
import postern.lookup.TableContext;
import postern.lookup.Tables;
import postern.peers.Commands;
import postern.peers.PublicDirectory;
import postern.sasl.LoginDirectory;

/// Debian's slapd, in a directory and a process of its own, with postmap(1) beside us on the same tables.
class SlapdTest {
    private static final String ADMIN = "cn=admin,dc=example,dc=com";

    @TempDir
    private Path directory;

    private final Directories directories = new Directories(InstantSource.system());
    private final int port = port();
    private Process slapd;

    private static int port() {
        try {
            return PublicDirectory.freePort();
        } catch (IOException e) {
            throw new IllegalStateException(e);
        }
    }

    @BeforeEach
    void start() throws IOException {
        Commands.need("openssl", "slapd", "slapadd", "slappasswd");
        // GnuTLS, which slapd has, does not read an EC key as the JDK writes it.
        Commands.run(
                "openssl",
                "req",
                "-x509",
                "-newkey",
                "rsa:2048",
                "-nodes",
                "-subj",
                "/CN=localhost",
                "-addext",
                "subjectAltName=DNS:localhost",
                "-days",
                "2",
                "-keyout",
                directory.resolve("key.pem").toString(),
                "-out",
                directory.resolve("cert.pem").toString());
        Files.createDirectories(directory.resolve("db"));
        Path conf = Files.writeString(directory.resolve("slapd.conf"), """
                include /etc/ldap/schema/core.schema
                include /etc/ldap/schema/cosine.schema
                include /etc/ldap/schema/inetorgperson.schema
                include /etc/ldap/schema/misc.schema
                modulepath /usr/lib/ldap
                moduleload back_mdb
                pidfile @/slapd.pid
                TLSCACertificateFile @/cert.pem
                TLSCertificateFile @/cert.pem
                TLSCertificateKeyFile @/key.pem
                database mdb
                suffix "dc=example,dc=com"
                rootdn "cn=admin,dc=example,dc=com"
                rootpw admin
                directory @/db
                maxsize 10485760
                access to attrs=userPassword by anonymous auth by * none
                access to * by users read by * none
                """.replace("@", directory.toString()));
        Path data = Files.writeString(directory.resolve("data.ldif"), ldif());
        Commands.run("/usr/sbin/slapadd", "-f", conf.toString(), "-l", data.toString());
        slapd = new ProcessBuilder(
                        "/usr/sbin/slapd", "-f", conf.toString(), "-h", "ldap://127.0.0.1:" + port + "/", "-d", "0")
                .redirectErrorStream(true)
                .redirectOutput(directory.resolve("slapd.log").toFile())
                .start();
        Commands.await("slapd", Duration.ofSeconds(60), () -> Commands.answers("127.0.0.1:" + port));
    }

    private static String ldif() throws IOException {
        String hash = Commands.run("/usr/sbin/slappasswd", "-s", "secret").strip();
        return """
                dn: dc=example,dc=com
                objectClass: dcObject
                objectClass: organization
                dc: example
                o: example

                dn: ou=people,dc=example,dc=com
                objectClass: organizationalUnit
                ou: people

                dn: uid=you,ou=people,dc=example,dc=com
                objectClass: inetOrgPerson
                objectClass: inetLocalMailRecipient
                uid: you
                cn: You (there)
                sn: You
                mail: you@example.com
                mailLocalAddress: chef@example.com
                userPassword: HASH

                dn: uid=me,ou=people,dc=example,dc=com
                objectClass: inetOrgPerson
                objectClass: inetLocalMailRecipient
                uid: me
                cn: Me
                sn: Me
                mail: me@example.com
                mail: ich@example.com
                mailLocalAddress: all@example.com
                userPassword: HASH

                dn: cn=team,ou=people,dc=example,dc=com
                objectClass: groupOfNames
                objectClass: inetLocalMailRecipient
                cn: team
                mailLocalAddress: team@example.com
                member: uid=you,ou=people,dc=example,dc=com
                member: uid=me,ou=people,dc=example,dc=com
                member: uid=gone,ou=people,dc=example,dc=com
                """.replace("HASH", hash);
    }

    @AfterEach
    void stop() {
        directories.close();
        if (slapd != null) {
            slapd.destroy();
            slapd.onExit().join();
        }
    }

    private Path file(String name, String... lines) throws IOException {
        return Files.writeString(
                directory.resolve(name),
                "server_host = ldap://localhost:" + port + "\nbind_dn = " + ADMIN
                        + "\nbind_pw = admin\nversion = 3\nsearch_base = ou=people,dc=example,dc=com\n"
                        + String.join("\n", lines) + "\n");
    }

    private Table open(Path file) {
        TableContext context = TableContext.of(MainCf.of(directory, Map.of()));
        return new Tables(context, Map.of("ldap", directories::table)).open("ldap:" + file);
    }

    private static String ours(Table table, String key) {
        return switch (table.find(key)) {
            case Lookup.Found(String value) -> value;
            case Lookup.NotFound() -> "";
            case Lookup.TempFail(String reason) -> "failed: " + reason;
        };
    }

    /// What postmap(1) finds, and what we do.
    @Test
    void tablesSayWhatPostmapSays() throws IOException {
        Commands.need("postmap");
        Commands.leaveOutUnless(
                Commands.run("postconf", "-m").contains("ldap"),
                "Postfix has no ldap: tables: apt-get install postfix-ldap");
        List<Path> files = List.of(
                file("users", "query_filter = (mail=%s)", "result_attribute = mail"),
                file(
                        "aliases",
                        "query_filter = (&(mailLocalAddress=%s) (objectClass=inetOrgPerson) )",
                        "result_attribute = mail"),
                file("domains", "query_filter = (mail=*@%s)", "result_attribute = uid", "size_limit = 9"),
                file(
                        "team",
                        "query_filter = mailLocalAddress=%s",
                        "result_attribute =",
                        "special_result_attribute = member",
                        "leaf_result_attribute = mail"),
                file(
                        "parts",
                        "query_filter = (&(uid=%u)(mail=*@%2.%1))",
                        "result_attribute = mail",
                        "result_format = %u at %d (%S)"),
                file("own", "query_filter = (mail=%s)", "result_attribute = mail", "domain = example.com"),
                file("none", "query_filter = (|)", "result_attribute = mail"),
                file("few", "query_filter = (mail=*@%d)", "result_attribute = mail", "expansion_limit = 1"));
        List<String> keys = List.of(
                "you@example.com",
                "YOU@Example.com",
                "ich@example.com",
                "chef@example.com",
                "all@example.com",
                "team@example.com",
                "example.com",
                "example.net",
                "you",
                "@example.com",
                "you@sub.example.com",
                "*",
                "*)(uid=*",
                "y\\6fu@example.com",
                "nobody@example.com",
                "(you)@example.com");
        List<String> different = new ArrayList<>();
        for (Path file : files) {
            Table table = open(file);
            for (String key : keys) {
                Commands.Output theirs = Commands.tryRun("/usr/sbin/postmap", "-q", key, "ldap:" + file);
                String found = theirs.text()
                        .lines()
                        .filter(line -> !line.startsWith("postmap: "))
                        .collect(Collectors.joining());
                String answer = ours(table, key);
                boolean failed = theirs.text().contains("postmap: fatal");
                boolean same = failed ? answer.startsWith("failed") : answer.equals(found);
                if (!same) {
                    different.add(file.getFileName() + " " + key + ": postmap " + theirs + ", ours " + answer);
                }
            }
        }
        assertThat(different).isEmpty();
    }

    /// TLS is verified as the table says: with the authority named it holds, without it does not.
    @Test
    void tlsIsVerifiedAsConfigured() throws IOException {
        String[] lines = {"query_filter = (mail=%s)", "result_attribute = mail", "start_tls = yes", "", ""};
        assertThat(ours(open(file("any", lines)), "you@example.com")).isEqualTo("you@example.com");
        lines[3] = "tls_require_cert = yes";
        assertThat(ours(open(file("strict", lines)), "you@example.com")).startsWith("failed");
        lines[4] = "tls_ca_cert_file = " + directory.resolve("cert.pem");
        assertThat(ours(open(file("known", lines)), "you@example.com")).isEqualTo("you@example.com");
        Path other = Files.writeString(
                directory.resolve("other"),
                Files.readString(directory.resolve("known")).replace("ldap://localhost:", "ldap://127.0.0.1:"));
        assertThat(ours(open(other), "you@example.com"))
                .as("the certificate is made out to localhost")
                .startsWith("failed");
    }

    @Test
    void passwordsAreReadOrTried() throws IOException {
        for (String way : List.of(
                "dn = " + ADMIN + "\ndnpass = admin\n",
                "dn = uid=me,ou=people,dc=example,dc=com\ndnpass = secret\nauth_bind = yes\n")) {
            Path file = Files.writeString(
                    directory.resolve("dovecot-ldap.conf.ext"),
                    "uris = ldap://localhost:" + port + "\nbase = ou=people,dc=example,dc=com\n" + way
                            + "pass_filter = (uid=%Ln)\nuser_filter = (mail=%{user})\npass_attrs = mail=user,userPassword=password\n"
                            + "user_attrs = =home=/var/mail/%{ldap:uid}\ntls = yes\ntls_ca_cert_file = "
                            + directory.resolve("cert.pem") + "\n");
            LoginDirectory logins = LdapLogins.open(file, List.of("mail"), directories, new ArrayList<>());
            LoginDirectory.Person you = Objects.requireNonNull(logins.find("you"));
            assertThat(you.login().account()).isEqualTo("you@example.com");
            assertThat(you.login().name()).isEqualTo("you@example.com");
            if (way.contains("auth_bind")) {
                assertThat(you.stored()).isEmpty();
                assertThat(you.isPassword("secret")).isTrue();
                assertThat(you.isPassword("wrong")).isFalse();
                assertThat(you.isPassword(""))
                        .as("an unauthenticated bind (RFC 4513 §5.1.2)")
                        .isFalse();
            } else {
                assertThat(you.stored()).startsWith("{SSHA}");
            }
            assertThat(logins.find("nobody")).isNull();
            assertThat(logins.find("*")).isNull();
        }
    }
}
