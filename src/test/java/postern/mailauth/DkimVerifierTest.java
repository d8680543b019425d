package postern.mailauth;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class DkimVerifierTest {
    private static final Instant NOW = Instant.ofEpochSecond(1_800_000_000);
    private static final DkimKeys.Made RSA = DkimKeys.rsa(2048, "mail", "example.com");
    private static final DkimKeys.Made ED = DkimKeys.ed25519("ed", "example.com");
    private static final String TEXT = "Received: from a by b; Fri, 20 Nov 2026 10:00:00 +0000\r\n"
            + "From: Alice <alice@example.com>\r\nTo: Bob <bob@example.net>\r\nSubject: Dinner\r\n on Friday\r\n"
            + "Date: Fri, 20 Nov 2026 10:00:00 +0000\r\n\r\nHello,\r\n.\r\nsee you.  \r\n\r\n";

    private final Map<String, List<String>> zone = new HashMap<>(Map.of(
            "mail._domainkey.example.com", List.of(RSA.dnsRecord()),
            "ed._domainkey.example.com", List.of(ED.dnsRecord())));

    private List<DkimVerdict> verify(String text) {
        return new DkimVerifier(name -> zone.getOrDefault(name, List.of()), () -> NOW)
                .verify(text.getBytes(StandardCharsets.ISO_8859_1));
    }

    private String problem(String text) {
        return verify(text).getFirst().problem();
    }

    private static String signed(String text) throws IOException {
        return signed(text, SigningIdentity.Form.OPENDKIM);
    }

    private static String signed(String text, SigningIdentity.Form form) throws IOException {
        ByteBuffer rest = ByteBuffer.wrap(text.getBytes(StandardCharsets.ISO_8859_1));
        List<SigningIdentity> by = List.of(
                new SigningIdentity("example.com", "mail", null, DkimKey.of(RSA.privatePem()), form),
                new SigningIdentity("example.com", "ed", null, DkimKey.of(ED.privatePem()), form));
        DkimOutcome outcome = new DkimSigner(author -> by, () -> NOW).sign(into -> {
            int count = Math.min(rest.remaining(), into.remaining());
            into.put(rest.slice(rest.position(), count));
            rest.position(rest.position() + count);
            return count == 0 ? -1 : count;
        });
        return ((DkimOutcome.Added) outcome).fields() + text;
    }

    @Test
    void whatTheSignerSignsHolds() throws IOException {
        SigningIdentity.Form simple =
                new SigningIdentity.Form(Canonicalization.SIMPLE, Canonicalization.SIMPLE, SignedFields.USUAL);
        for (SigningIdentity.Form form : List.of(SigningIdentity.Form.OPENDKIM, SigningIdentity.Form.RSPAMD, simple)) {
            assertThat(verify(signed(TEXT, form)))
                    .containsExactly(
                            new DkimVerdict("example.com", "mail", "rsa-sha256", ""),
                            new DkimVerdict("example.com", "ed", "ed25519-sha256", ""));
        }
        assertThat(verify(TEXT)).isEmpty();
    }

    @Test
    void aChangeOnTheWayIsSeen() throws IOException {
        String text = signed(TEXT);
        assertThat(problem(text.replace("see you.  ", "see me."))).isEqualTo("the body has been changed");
        assertThat(problem(text.replace("Dinner", "Lunch")))
                .isEqualTo("the header has been changed, or the key is another");
        assertThat(problem(text.replace("To: Bob", "Subject: more\r\nTo: Bob"))).startsWith("the header has been");
        assertThat(problem(text.replace("Subject: Dinner\r\n on", "Subject:  Dinner on")))
                .isEmpty();
        assertThat(problem("Received: from c by d; now\r\n" + text)).isEmpty();
    }

    @Test
    void aKeyThatCannotBeUsedIsSaid() throws IOException {
        String text = signed(TEXT);
        zone.remove("mail._domainkey.example.com");
        assertThat(problem(text)).isEqualTo("no key at mail._domainkey.example.com");
        zone.put("mail._domainkey.example.com", List.of("v=spf1 -all", "v=DKIM1; p="));
        assertThat(problem(text)).isEqualTo("the key is revoked, at mail._domainkey.example.com");
        zone.put("mail._domainkey.example.com", List.of(ED.dnsRecord()));
        assertThat(problem(text)).startsWith("a key for another algorithm");
        zone.put("mail._domainkey.example.com", List.of("v=DKIM1; p=????"));
        assertThat(problem(text)).contains("mail._domainkey.example.com");
        zone.put("mail._domainkey.example.com", List.of("junk", RSA.dnsRecord()));
        assertThat(problem(text)).isEmpty();
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "v=1;|v=2;|not a signature of version 1",
                "v=1;|v=1; v=1;|not a signature of version 1",
                "d=example.com;|d=example.com; i=a@example.org;|i= is not within d=",
                "d=example.com;|d=example.com; l=5;|only a part of the body is signed",
                "d=example.com;|d=example.com; x=1700000000;|the signature has expired",
                "relaxed/simple|loose/simple|c=loose is unknown",
                "h=From:From:|h=Date:|the From field is not signed",
                "a=rsa-sha256;|a=rsa-sha1;|\"rsa-sha1\" is not trusted, at mail._domainkey.example.com",
            })
    void aSignatureThatProvesNothingIsRefused(String was, String is, String why) throws IOException {
        String text = signed(TEXT);
        assertThat(text).contains(was);
        assertThat(problem(text.replaceFirst(java.util.regex.Pattern.quote(was), is)))
                .isEqualTo(why);
    }
}
