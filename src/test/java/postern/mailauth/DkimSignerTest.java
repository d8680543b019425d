package postern.mailauth;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.security.GeneralSecurityException;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import postern.address.Address;
import postern.wire.ByteSource;

class DkimSignerTest {
    private static final Instant NOW = Instant.ofEpochSecond(1_800_000_000);
    private static final DkimKeys.Made RSA = DkimKeys.rsa(2048, "mail", "example.com");
    private static final DkimKeys.Made ED = DkimKeys.ed25519("ed", "example.com");
    private static final SigningIdentity BY_RSA = new SigningIdentity(
            "example.com", "mail", null, DkimKey.of(RSA.privatePem()), SigningIdentity.Form.OPENDKIM);
    private static final SigningIdentity BY_ED =
            new SigningIdentity("example.com", "ed", null, DkimKey.of(ED.privatePem()), SigningIdentity.Form.RSPAMD);
    private static final Map<String, String> KEYS = Map.of("mail", published(RSA), "ed", published(ED));
    private static final String TEXT = """
            Received: from client (client [192.0.2.1]) by mail.example.com; Fri, 20 Nov 2026 10:00:00 +0000
            From: Alice <alice@example.com>
            To: Bob <bob@example.net>
            Subject: Dinner
             on Friday
            Date: Fri, 20 Nov 2026 10:00:00 +0000
            Message-ID: <1@example.com>

            Hello,
            .
            see you.

            """.replace("\n", "\r\n");

    private final List<Address> asked = new ArrayList<>();

    @Test
    void bothKindsOfKeysSignAndVerify() throws IOException, GeneralSecurityException {
        String signed = signed(TEXT, BY_RSA, BY_ED);

        assertThat(SignatureCheck.of(signed, KEYS).results())
                .containsExactly("rsa-sha256 mail pass", "ed25519-sha256 ed pass");
        assertThat(asked).containsExactly(Address.ofInternal("alice@example.com"));
    }

    @Test
    void theFieldIsFoldedAndSaysWhatIsSigned() throws IOException {
        String field = signed(TEXT, BY_RSA).split("Received:", -1)[0];

        assertThat(field)
                .startsWith(
                        "DKIM-Signature: v=1; a=rsa-sha256; c=relaxed/simple; d=example.com; s=mail;\r\n\tt=1800000000;");
        assertThat(field.replaceAll("\\s", ""))
                .contains(";h=From:From:Reply-To:Subject:Subject:To:To:Cc;b=")
                .doesNotContain("x=", "l=");
        assertThat(field.replace("\t", "        ").split("\r\n")).allMatch(line -> line.length() <= 78);
        assertThat(field).endsWith("\r\n");
    }

    /// Only then can nobody put a second From or Subject in front (RFC 6376 §8.15).
    @ParameterizedTest
    @ValueSource(
            strings = {"From: eve@example.org", "Subject: Other", "To: x@example.org", "Reply-To: eve@example.org"})
    void aFieldThatIsAddedBreaksTheSignature(String added) throws IOException, GeneralSecurityException {
        String signed = signed(TEXT, BY_RSA, BY_ED);

        assertThat(SignatureCheck.of(added + "\r\n" + signed, KEYS).results())
                .containsExactly("rsa-sha256 mail header", "ed25519-sha256 ed header");
    }

    /// What SES writes anew is not under opendkim's signature; a trace field is under none.
    @Test
    void fieldsThatRelaysChangeAreLeftOut() throws IOException, GeneralSecurityException {
        String changed = signed(TEXT, BY_RSA)
                .replace("Message-ID: <1@example.com>", "Message-ID: <2@ses.example>")
                .replace("Date: Fri", "Date: Sat")
                .replace("Received: from client", "Received: from other");

        assertThat(SignatureCheck.of(changed, KEYS).results()).containsExactly("rsa-sha256 mail pass");
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "From: a@example.com\r\n\r\n",
                "From: a@example.com\r\n",
                "From: a@example.com\r\n\r\n\r\n\r\n\r\n",
                "From: a@example.com\r\n\r\n \t \r\n",
                "From: a@example.com\r\n\r\nno line end",
                "From: a@example.com\r\nSubject: \u00fcber\r\n\r\n8-bit: \u00e9\u00ff\r\n",
                "From: a@example.com\r\nSubject: \r\n\t\r\n\r\nx\r\n",
                "From: a@example.com\r\nTo: x\r\nTo: y\r\nto : z\r\n\r\nthree\r\n",
                "FROM: \r\n =?utf-8?q?=C3=A9?=\r\n <a@example.com>, b@example.org\r\n\r\nx\r\n"
            })
    void oddMessagesVerify(String text) throws IOException, GeneralSecurityException {
        assertThat(SignatureCheck.of(signed(text.replace("to :", "to:"), BY_RSA, BY_ED), KEYS)
                        .results())
                .containsExactly("rsa-sha256 mail pass", "ed25519-sha256 ed pass");
    }

    @Test
    void longLinesVerify() throws IOException, GeneralSecurityException {
        String text =
                "From: a@example.com\r\nSubject: " + "s".repeat(9_000) + "\r\n\r\n" + "x".repeat(100_000) + "\r\n";

        assertThat(SignatureCheck.of(signed(text, BY_RSA), KEYS).results()).containsExactly("rsa-sha256 mail pass");
    }

    /// What does not fit into memory is left out of the signature, and named there neither.
    @Test
    void aFieldTooLongToBeKeptIsNotSigned() throws IOException, GeneralSecurityException {
        String text = "From: a@example.com\r\nTo: b@example.net" + (",\r\n b@example.net").repeat(20_000)
                + "\r\nSubject: s\r\n\r\nx\r\n";
        String signed = signed(text, BY_RSA);

        assertThat(SignatureCheck.of(signed, KEYS).results()).containsExactly("rsa-sha256 mail pass");
        assertThat(signed.substring(0, 500).replaceAll("\\s", ""))
                .contains("h=From:From:Reply-To:Subject:Subject:Cc;b=");
    }

    @Test
    void whatHasNoSingleAuthorHereIsNotSigned() throws IOException {
        assertThat(why("Subject: x\r\n\r\n")).isEqualTo("no From field");
        assertThat(why("From: a@example.com\r\nFrom: b@example.com\r\n\r\n")).isEqualTo("several From fields");
        assertThat(why("From: nobody\r\n\r\n")).isEqualTo("no address in the From field");
        assertThat(why("From: a@other.example\r\n\r\n")).isEqualTo("no signing table match for 'a@other.example'");
        assertThat(why("\r\nFrom: a@example.com\r\n")).isEqualTo("no From field");
        assertThat(why("")).isEqualTo("no From field");
    }

    @Test
    void ofAMessageThatIsNotSignedOnlyTheHeaderIsRead() throws IOException {
        int[] read = {0};
        ByteBuffer text = bytes("From: a@other.example\r\n\r\n" + "x".repeat(1_000_000));
        DkimSigner signer = signer();
        signer.sign(into -> read[0] += source(text).read(into));

        assertThat(read[0]).isLessThan(50_000);
    }

    @Test
    void aDomainInUnicodeIsAskedForInAscii() throws IOException {
        String from = new String(
                "From: a@B\u00fccher.example\r\n\r\n".getBytes(StandardCharsets.UTF_8), StandardCharsets.ISO_8859_1);
        why(from);

        assertThat(asked).containsExactly(Address.ofInternal("a@xn--bcher-kva.example"));
    }

    private String signed(String text, SigningIdentity... by) throws IOException {
        DkimOutcome outcome = signer(by).sign(source(bytes(text)));
        return ((DkimOutcome.Added) outcome).fields() + text;
    }

    private String why(String text) throws IOException {
        return ((DkimOutcome.NotAdded) signer().sign(source(bytes(text)))).why();
    }

    private DkimSigner signer(SigningIdentity... by) {
        return new DkimSigner(
                author -> {
                    asked.add(author);
                    return List.of(by);
                },
                () -> NOW);
    }

    private static ByteBuffer bytes(String text) {
        return ByteBuffer.wrap(text.getBytes(StandardCharsets.ISO_8859_1));
    }

    private static ByteSource source(ByteBuffer rest) {
        return into -> {
            int count = Math.min(rest.remaining(), into.remaining());
            into.put(rest.slice(rest.position(), count));
            rest.position(rest.position() + count);
            return count == 0 ? -1 : count;
        };
    }

    private static String published(DkimKeys.Made made) {
        return made.dnsRecord().replaceFirst(".*p=", "");
    }
}
