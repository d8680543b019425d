package postern.peers;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Instant;
import java.util.List;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;
import postern.mailauth.Canonicalization;
import postern.mailauth.DkimKey;
import postern.mailauth.DkimKeys;
import postern.mailauth.DkimOutcome;
import postern.mailauth.DkimSigner;
import postern.mailauth.SignedFields;
import postern.mailauth.SigningIdentity;

/// Our signatures before those who verify them: Debian's dkimpy and opendkim.
class DkimPeersTest {
    private static final DkimKeys.Made RSA = DkimKeys.rsa(2048, "mail", "example.com");
    private static final DkimKeys.Made ED = DkimKeys.ed25519("ed", "example.com");
    private static final String HEADER = "From: A <a@example.com>\r\nTo: b@example.net\r\nSubject: one\r\n  two \r\n"
            + "Date: Fri, 20 Nov 2026 10:00:00 +0000\r\nMessage-ID: <1@example.com>\r\n\r\n";

    /// For each signature from the top whether it holds, by the records of a file.
    private static final String DKIMPY = """
            import dkim, sys
            zone = dict(line.rstrip('\\n').split(' ', 1) for line in open(sys.argv[2]))
            message = open(sys.argv[1], 'rb').read()
            def txt(name, timeout=5):
                record = zone.get(name.decode().rstrip('.'))
                return record.encode() if record else None
            check = dkim.DKIM(message)
            print(' '.join(str(check.verify(idx=i, dnsfunc=txt)) for i in range(int(sys.argv[3]))))
            """;

    @TempDir
    Path directory;

    static List<String> messages() {
        return List.of(
                HEADER + "text\r\n",
                HEADER,
                HEADER + "\r\n\r\n\r\n",
                HEADER + "  two  spaces\t\r\n \r\nand trailing lines\r\n\r\n\r\n",
                HEADER + "8-bit \u00e9\u00ff and .\r\n.\r\n..\r\n",
                HEADER + "x".repeat(50_000) + "\r\n" + "lines\r\n".repeat(20_000),
                HEADER.replace("one", "\u00c3\u00bcber").replace("b@example.net", "b@example.net,\r\n\tc@example.net"),
                "Subject: from comes last\r\nfrom : a@example.com\r\n\r\nx\r\n".replace("from :", "FROM:"));
    }

    @BeforeEach
    void zone() throws IOException {
        Files.writeString(
                directory.resolve("zone"),
                "mail._domainkey.example.com " + RSA.dnsRecord() + "\ned._domainkey.example.com " + ED.dnsRecord()
                        + "\n");
    }

    @ParameterizedTest
    @MethodSource("messages")
    void dkimpyVerifiesBothKindsOfKeys(String text) throws IOException {
        Commands.need("dkimverify");
        Files.writeString(directory.resolve("check.py"), DKIMPY);
        Path message = signed(text, identities());

        String said = Commands.run(
                "/usr/bin/python3",
                directory.resolve("check.py").toString(),
                message.toString(),
                directory.resolve("zone").toString(),
                "4");
        assertThat(said.strip()).isEqualTo("True True True True");
    }

    @ParameterizedTest
    @MethodSource("messages")
    void opendkimVerifies(String text) throws IOException {
        Commands.need("opendkim");
        Path conf = directory.resolve("opendkim.conf");
        Files.writeString(
                conf, "Mode v\nTestPublicKeys " + directory.resolve("zone") + "\nSocket local:/nonexistent\n");
        for (SigningIdentity identity : identities()) {
            if (identity.selector().equals("mail")) {
                Path message = signed(text, List.of(identity));
                String said = Commands.run("/usr/sbin/opendkim", "-x", conf.toString(), "-t", message.toString());
                assertThat(said)
                        .as("%s", identity.form())
                        .contains("verification (s=mail, d=example.com, 2048-bit key) succeeded");
            }
        }
    }

    @Test
    void opendkimSeesAChange() throws IOException {
        Commands.need("opendkim");
        Path conf = directory.resolve("opendkim.conf");
        Files.writeString(
                conf, "Mode v\nTestPublicKeys " + directory.resolve("zone") + "\nSocket local:/nonexistent\n");
        Path message = signed(HEADER + "text\r\n", List.of(identities().getFirst()));
        Files.writeString(message, Files.readString(message).replace("text", "other"));

        Commands.Output said = Commands.tryRun("/usr/sbin/opendkim", "-x", conf.toString(), "-t", message.toString());
        assertThat(said.text()).doesNotContain("succeeded");
    }

    /// Each key in the forms of both layouts, and with nothing relaxed.
    private static List<SigningIdentity> identities() {
        SigningIdentity.Form simple =
                new SigningIdentity.Form(Canonicalization.SIMPLE, Canonicalization.SIMPLE, SignedFields.USUAL);
        return List.of(
                identity("mail", RSA, SigningIdentity.Form.OPENDKIM),
                identity("ed", ED, SigningIdentity.Form.RSPAMD),
                identity("mail", RSA, simple),
                identity("ed", ED, SigningIdentity.Form.OPENDKIM));
    }

    private static SigningIdentity identity(String selector, DkimKeys.Made made, SigningIdentity.Form form) {
        return new SigningIdentity("example.com", selector, null, DkimKey.of(made.privatePem()), form);
    }

    private Path signed(String text, List<SigningIdentity> by) throws IOException {
        ByteBuffer rest = ByteBuffer.wrap(text.getBytes(StandardCharsets.ISO_8859_1));
        DkimSigner signer = new DkimSigner(author -> by, Instant::now);
        DkimOutcome outcome = signer.sign(into -> {
            int count = Math.min(rest.remaining(), into.remaining());
            into.put(rest.slice(rest.position(), count));
            rest.position(rest.position() + count);
            return count == 0 ? -1 : count;
        });
        assertThat(outcome).isInstanceOf(DkimOutcome.Added.class);
        Path message = directory.resolve("message.eml");
        Files.writeString(message, ((DkimOutcome.Added) outcome).fields() + text, StandardCharsets.ISO_8859_1);
        return message;
    }
}
