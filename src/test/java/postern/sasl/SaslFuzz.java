package postern.sasl;

import com.code_intelligence.jazzer.api.FuzzedDataProvider;
import com.code_intelligence.jazzer.junit.FuzzTest;
import java.nio.charset.StandardCharsets;
import postern.config.ConfigException;

/// Whatever a client or a users file holds, it is read, or refused with a word.
class SaslFuzz {
    @FuzzTest
    void readsOrRefusesAUsersFile(FuzzedDataProvider data) {
        byte[] text = data.consumeRemainingAsBytes();
        try {
            UsersFile.parse("users", text, new ProcessSecret(new byte[] {1}));
        } catch (ConfigException e) {
            // said with file and line
        }
    }

    @FuzzTest
    void readsOrRefusesScramMessages(FuzzedDataProvider data) {
        String text = new String(data.consumeRemainingAsBytes(), StandardCharsets.UTF_8);
        ScramFirst first = ScramFirst.parse(text);
        if (first != null && !text.equals(first.gs2Header() + first.bare())) {
            throw new AssertionError("header and bare message are not the message");
        }
        ScramFinal last = ScramFinal.parse(text);
        if (last != null && !text.startsWith(last.withoutProof() + ",p=")) {
            throw new AssertionError("the part before the proof is not as it came");
        }
    }
}
