package postern.sasl;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.sun.net.httpserver.HttpServer;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.concurrent.CountDownLatch;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import postern.config.ConfigException;
import postern.config.MainCf;

/// Tokens shown to a provider: the JDK's own HTTP server.
class IntrospectionTest {
    private final HttpServer provider = provider();
    private final List<String> asked = new ArrayList<>();
    private final CountDownLatch end = new CountDownLatch(1);
    private volatile int status = 200;
    private volatile String answer = "{\"sub\":\"1\",\"email\":\"You@Example.com\"}";
    private Instant now = Instant.parse("2026-11-22T10:00:00Z");

    private static HttpServer provider() {
        try {
            return HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 0);
        } catch (IOException e) {
            throw new IllegalStateException(e);
        }
    }

    private Introspection introspection() {
        provider.setExecutor(Runnable::run);
        provider.createContext("/userinfo", exchange -> {
            asked.add(exchange.getRequestMethod() + " "
                    + exchange.getRequestHeaders().getFirst("Authorization"));
            byte[] bytes = answer.getBytes(StandardCharsets.UTF_8);
            exchange.sendResponseHeaders(status, bytes.length == 0 ? -1 : bytes.length);
            exchange.getResponseBody().write(bytes);
            exchange.close();
        });
        provider.createContext("/never", exchange -> {
            try {
                end.await();
            } catch (InterruptedException e) {
                throw new IllegalStateException(e);
            }
        });
        provider.start();
        return to("/userinfo");
    }

    private Introspection to(String path) {
        String url = "http://127.0.0.1:" + provider.getAddress().getPort() + path;
        MainCf conf = MainCf.of(
                Path.of("/nowhere"), Map.of("postern_oauth2_introspection_url", url, "postern_oauth2_timeout", "2s"));
        return Objects.requireNonNull(Introspection.of(conf, () -> now));
    }

    @AfterEach
    void stop() {
        end.countDown();
        provider.stop(0);
    }

    /// As docker-mailserver has Dovecot ask: a GET with the token in its header, and `email` of the answer.
    @Test
    void theEmailOfTheAnswerIsTheLogin() throws IOException {
        assertThat(introspection().owner("abc.def")).isEqualTo("you@example.com");
        assertThat(asked).containsExactly("GET Bearer abc.def");
    }

    @Test
    void whatWasValidIsNotAskedForAgainForAMoment() throws IOException {
        Introspection introspection = introspection();
        introspection.owner("a");
        introspection.owner("a");
        assertThat(asked).hasSize(1);
        introspection.owner("b");
        assertThat(asked).hasSize(2);
        now = now.plusSeconds(31);
        status = 401;
        assertThat(introspection.owner("a")).as("revoked meanwhile").isEmpty();
        assertThat(introspection.owner("a")).isEmpty();
        assertThat(asked).as("a no is not remembered").hasSize(4);
    }

    @ParameterizedTest
    @ValueSource(ints = {400, 401, 403})
    void aNoIsANo(int code) throws IOException {
        status = code;
        assertThat(introspection().owner("abc")).isEmpty();
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "{}",
                "{\"email\":[\"you@example.com\"]}",
                "{\"email\":null}",
                "{\"email\":\"\"}",
                "{\"active\":false,\"email\":\"you@example.com\"}"
            })
    void anAnswerWithoutALoginIsANo(String text) throws IOException {
        answer = text;
        assertThat(introspection().owner("abc")).isEmpty();
    }

    /// A provider that fails is a temporary failure, never a wrong password.
    @ParameterizedTest
    @ValueSource(ints = {204, 302, 404, 429, 500, 503})
    void anotherAnswerIsAFailure(int code) {
        status = code;
        answer = "";
        Introspection introspection = introspection();
        assertThatThrownBy(() -> introspection.owner("abc")).isInstanceOf(IOException.class);
    }

    @ParameterizedTest
    @ValueSource(strings = {"<html>", "[1]", "{\"email\":", "\"you@example.com\""})
    void whatIsNoJsonIsAFailure(String text) {
        answer = text;
        Introspection introspection = introspection();
        assertThatThrownBy(() -> introspection.owner("abc")).isInstanceOf(IOException.class);
    }

    @Test
    void anAnswerThatIsTooLongIsAFailure() {
        answer = "{\"email\":\"you@example.com\",\"x\":\"" + "x".repeat(100_000) + "\"}";
        Introspection introspection = introspection();
        assertThatThrownBy(() -> introspection.owner("abc")).isInstanceOf(IOException.class);
    }

    @Test
    void aProviderThatIsAwayOrSaysNothingIsAFailure() {
        Introspection introspection = introspection();
        Introspection silent = to("/never");
        assertThatThrownBy(() -> silent.owner("abc")).isInstanceOf(IOException.class);
        end.countDown();
        provider.stop(0);
        assertThatThrownBy(() -> introspection.owner("abc")).isInstanceOf(IOException.class);
    }

    /// No line of the request can be made of a token.
    @ParameterizedTest
    @ValueSource(strings = {"a\r\nX-Evil: 1", "a b", "ü", "a\0"})
    void aTokenIsOneWord(String token) throws IOException {
        assertThat(introspection().owner(token)).isEmpty();
        assertThat(asked).isEmpty();
    }

    @ParameterizedTest
    @ValueSource(strings = {"userinfo", "ftp://x/y", "http:///x", "http://exa mple/"})
    void anAddressIsNeeded(String url) {
        MainCf conf = MainCf.of(Path.of("/nowhere"), Map.of("postern_oauth2_introspection_url", url));
        assertThatThrownBy(() -> Introspection.of(conf, () -> now)).isInstanceOf(ConfigException.class);
    }
}
