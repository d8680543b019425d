package postern.mailauth;

import static org.assertj.core.api.Assertions.assertThat;

import com.code_intelligence.jazzer.junit.FuzzTest;
import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.util.List;
import java.util.Random;
import org.junit.jupiter.api.Test;

class DkimVerifierFuzz {
    /// No bytes are too odd, in the message or in the record; and none of them make a signature hold.
    @FuzzTest
    void anyBytesHaveAVerdict(byte[] bytes) {
        String text = new String(bytes, StandardCharsets.ISO_8859_1);
        String record = text.substring(text.length() / 2);
        assertThat(new DkimVerifier(name -> List.of(record), () -> Instant.EPOCH).verify(bytes))
                .noneMatch(DkimVerdict::holds);
    }

    @Test
    void nearlyRightSignaturesHaveAVerdict() {
        Random random = new Random(6376);
        String[] parts = {
            "DKIM-Signature: ",
            "v=1; ",
            "a=rsa-sha256; ",
            "a=ed25519-sha256; ",
            "b=",
            "bh=",
            "AAAA; ",
            "d=example.com; ",
            "s=x; ",
            "h=from:to; ",
            "c=relaxed/relaxed; ",
            "c=/; ",
            "\r\n",
            "\r\n ",
            "From: a@b\r\n",
            "\r\n\r\n",
            "x",
            "v=DKIM1; k=ed25519; p=",
            "i=@; ",
            "x=9; ",
            ";",
            "=",
            ":",
            "\n",
            "\0",
            "bh=47DEQpj8HBSa+/TImW+5JCeuQeRkm5NMpJWZG3hSuFU=; "
        };
        for (int round = 0; round < 20_000; round++) {
            StringBuilder text = new StringBuilder("DKIM-Signature: ");
            for (int i = random.nextInt(16); i >= 0; i--) {
                text.append(parts[random.nextInt(parts.length)]);
            }
            anyBytesHaveAVerdict(text.toString().getBytes(StandardCharsets.ISO_8859_1));
        }
    }
}
