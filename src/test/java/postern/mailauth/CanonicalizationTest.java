package postern.mailauth;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.GeneralSecurityException;
import java.util.Map;
import java.util.Random;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class CanonicalizationTest {
    private static final Map<String, String> RFC8463_KEYS = Map.of(
            "brisbane",
            "11qYAYKxCrfVS/7TyWQHOg7hcvPapiMlrwIaaPcHURo=",
            "test",
            "MIGfMA0GCSqGSIb3DQEBAQUAA4GNADCBiQKBgQDkHlOQoBTzWRiGs5V6NpP3idY6Wk08a5qhdR6wy5bdOKb2jLQiY/J16JYi0Qvx/byYzCNb3W91y3FutACDfzwQ/BC/e/8uBsCR+yz1Lxj+PL6lHvqMKrM3rG4hstT5QjvHO9PzoxZyVYLzBfO2EeC3Ip3G+2kryOTIKT+l/K4w3QIDAQAB");

    /// RFC 6376 §3.4.5 and §3.4.2.
    @ParameterizedTest
    @CsvSource({
        "'A: X\r\n', 'a:X\r\n', 'A: X\r\n'",
        "'B : Y\t\r\n\tZ  \r\n', 'b:Y Z\r\n', 'B : Y\t\r\n\tZ  \r\n'",
        "'Subject:\r\n', 'subject:\r\n', 'Subject:\r\n'",
        "'Subject: \r\n  \r\n', 'subject:\r\n', 'Subject: \r\n  \r\n'",
        "'X-A:a\n b\n', 'x-a:a b\r\n', 'X-A:a\r\n b\r\n'",
        "'X-A: a\rb', 'x-a:a\rb\r\n', 'X-A: a\rb\r\n'",
        "'X-A: a:b  c', 'x-a:a:b c\r\n', 'X-A: a:b  c\r\n'",
    })
    void headerFields(String field, String relaxed, String simple) {
        assertThat(ascii(Canonicalization.RELAXED.header(field))).isEqualTo(relaxed);
        assertThat(ascii(Canonicalization.SIMPLE.header(field))).isEqualTo(simple);
    }

    /// RFC 6376 §3.4.3, §3.4.4, §3.4.5.
    @ParameterizedTest
    @CsvSource({
        "' C \r\nD \t E\r\n\r\n\r\n', ' C\r\nD E\r\n', ' C \r\nD \t E\r\n'",
        "'', '', '\r\n'",
        "'\r\n\r\n', '', '\r\n'",
        "' \r\n\t\r\n', '', ' \r\n\t\r\n'",
        "'a', 'a\r\n', 'a\r\n'",
        "'a ', 'a\r\n', 'a \r\n'",
        "'a\n\nb\n\n', 'a\r\n\r\nb\r\n', 'a\r\n\r\nb\r\n'",
        "'a\r', 'a\r\r\n', 'a\r\r\n'",
        "'a\rb\r\r\n', 'a\rb\r\r\n', 'a\rb\r\r\n'",
        "'a\r\n \r\n b', 'a\r\n\r\n b\r\n', 'a\r\n \r\n b\r\n'",
        "'.\r\n..\r\n', '.\r\n..\r\n', '.\r\n..\r\n'",
    })
    void bodies(String body, String relaxed, String simple) {
        assertThat(hash(Canonicalization.RELAXED, body, 1000)).isEqualTo(Sha256.of(bytes(relaxed)));
        assertThat(hash(Canonicalization.SIMPLE, body, 1000)).isEqualTo(Sha256.of(bytes(simple)));
    }

    /// Whatever the pieces, and against another way of saying it: replacements in a whole text.
    @Test
    void aBodyHasTheSameHashHoweverItIsCut() {
        Random random = new Random(6376);
        String[] parts = {"\r\n", "\r\n", "\n", "\r", " ", "\t", "a", ".", "\u00e9", "words", "\u0000"};
        for (int round = 0; round < 400; round++) {
            StringBuilder text = new StringBuilder();
            for (int i = random.nextInt(40); i > 0; i--) {
                text.append(parts[random.nextInt(parts.length)]);
            }
            String body = text.toString();
            String lines = body.replace("\r\n", "\n").replace("\n", "\r\n");
            byte[] simple = Sha256.of(bytes(lines.replaceFirst("(\r\n)*\\z", "") + "\r\n"));
            String reduced = lines.replaceAll("[ \t]+", " ")
                    .replaceAll(" (?=\r\n)| \\z", "")
                    .replaceFirst("(\r\n)*\\z", "");
            byte[] relaxed = Sha256.of(bytes(reduced.isEmpty() ? "" : reduced + "\r\n"));
            for (int piece = 1; piece < 9; piece++) {
                assertThat(hash(Canonicalization.SIMPLE, body, piece))
                        .as("%s", body)
                        .isEqualTo(simple);
                assertThat(hash(Canonicalization.RELAXED, body, piece))
                        .as("%s", body)
                        .isEqualTo(relaxed);
            }
        }
    }

    @Test
    void manyEmptyLinesAreNotKept() {
        String body = "a" + "\r\n".repeat(1_000) + "b" + "\r\n".repeat(100_000);

        assertThat(hash(Canonicalization.SIMPLE, body, 777))
                .isEqualTo(Sha256.of(bytes("a" + "\r\n".repeat(1_000) + "b\r\n")));
    }

    /// RFC 8463 A.3, and the same message with simple canonicalization.
    @ParameterizedTest
    @ValueSource(strings = {"rfc8463.msg", "simple.msg"})
    void messagesThatOthersSigned(String name) throws IOException, GeneralSecurityException {
        String text = Files.readString(Path.of("src/test/corpus/dkim", name)).replace("\n", "\r\n");

        assertThat(SignatureCheck.of(text, RFC8463_KEYS).results())
                .containsExactly("ed25519-sha256 brisbane pass", "rsa-sha256 test pass");
        assertThat(SignatureCheck.of(text.replace("hungry", "Hungry"), RFC8463_KEYS)
                        .results())
                .containsExactly("ed25519-sha256 brisbane body", "rsa-sha256 test body");
        assertThat(SignatureCheck.of(text.replace("SixPack", "Sixpack"), RFC8463_KEYS)
                        .results())
                .containsExactly("ed25519-sha256 brisbane header", "rsa-sha256 test header");
    }

    private static byte[] hash(Canonicalization form, String body, int piece) {
        BodyHash hash = new BodyHash(form);
        byte[] bytes = bytes(body);
        for (int at = 0; at < bytes.length; at += piece) {
            hash.write(bytes, at, Math.min(bytes.length, at + piece));
        }
        return hash.finish();
    }

    private static byte[] bytes(String text) {
        return text.getBytes(StandardCharsets.ISO_8859_1);
    }

    private static String ascii(byte[] bytes) {
        return new String(bytes, StandardCharsets.US_ASCII);
    }
}
