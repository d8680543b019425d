package postern.sasl;

import static org.assertj.core.api.Assertions.assertThat;

import com.code_intelligence.jazzer.api.FuzzedDataProvider;
import com.code_intelligence.jazzer.junit.FuzzTest;

/// Messages of OAUTHBEARER and XOAUTH2 as anybody may send them.
class BearerFuzz {
    @FuzzTest
    void noMessageBreaksTheParser(FuzzedDataProvider data) {
        String text = data.consumeRemainingAsString();
        BearerToken bearer = BearerToken.oauthBearer(text);
        BearerToken google = BearerToken.xoauth2(text);
        if (bearer != null) {
            assertThat(text).contains(bearer.token());
            assertThat(google).isNull();
        }
    }

    @FuzzTest
    void whatIsWrittenIsRead(FuzzedDataProvider data) {
        String token = data.consumeAsciiString(40).replaceAll("[^A-Za-z0-9._~+/-]", "");
        String login = data.consumeAsciiString(20).replaceAll("[^a-z0-9@.]", "");
        assertThat(BearerToken.oauthBearer("n,a=" + login + ",\1auth=Bearer " + token + "\1\1"))
                .isEqualTo(new BearerToken(login, token));
        assertThat(BearerToken.xoauth2("user=" + login + "\1auth=Bearer " + token + "\1\1"))
                .isEqualTo(new BearerToken(login, token));
    }
}
