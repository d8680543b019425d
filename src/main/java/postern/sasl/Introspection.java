package postern.sasl;

import java.io.IOException;
import java.net.URI;
import java.net.URISyntaxException;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.ByteBuffer;
import java.nio.charset.CharacterCodingException;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.time.Duration;
import java.time.InstantSource;
import java.util.HexFormat;
import java.util.List;
import java.util.Map;
import java.util.concurrent.Semaphore;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;
import postern.config.Json;
import postern.config.MainCf;
import postern.config.Parameter;
import postern.lookup.Recent;

/// Asks a provider whose a token is, as Dovecot does with `introspection_mode = auth`: a GET of one address with
/// `Authorization: Bearer TOKEN` (RFC 6750 §2.1); the `email` of the JSON in a 2xx answer is the login. 400, 401
/// and 403 are a no; every other answer, and none, is a failure for now.
///
/// What was valid is taken for valid for half a minute more, known by a hash of the token: the token itself is
/// kept nowhere. The one class with the sockets of the JDK's HTTP client; at most [#MOST_AT_ONCE] questions are
/// under way, others wait for their turn as long as for an answer.
public final class Introspection implements TokenProvider {
    /// Where tokens are shown to; without it none is taken.
    public static final Parameter<String> URL = Parameter.text("postern_oauth2_introspection_url", "")
            .doc(
                    "The address that says whose an access token is (OAUTHBEARER, XOAUTH2): it is asked with the token, and"
                            + " the email of its JSON is the login.");

    static final Parameter<Duration> TIMEOUT =
            Parameter.time("postern_oauth2_timeout", "10s").doc("How long it may take to say whose a token is.");

    public static final List<Parameter<?>> PARAMETERS = List.of(URL, TIMEOUT);

    static final int MOST_AT_ONCE = 16;
    private static final String USERNAME_ATTRIBUTE = "email";
    private static final Duration VALID = Duration.ofSeconds(30);
    private static final int MOST_REMEMBERED = 10_000;
    private static final int LARGEST_ANSWER = 64 * 1024;

    private final URI url;
    private final Duration timeout;
    private final HttpClient client;
    private final Recent<String, String> recent;
    private final Semaphore places = new Semaphore(MOST_AT_ONCE);

    private Introspection(URI url, Duration timeout, InstantSource clock) {
        this.url = url;
        this.timeout = timeout;
        this.client = HttpClient.newBuilder()
                .version(HttpClient.Version.HTTP_1_1)
                .connectTimeout(timeout)
                .followRedirects(HttpClient.Redirect.NEVER)
                .build();
        this.recent = new Recent<>(VALID, MOST_REMEMBERED, clock);
    }

    /// The provider that the configuration names; null when it names none.
    ///
    /// @throws postern.config.ConfigException when its address is none
    public static @Nullable Introspection of(MainCf conf, InstantSource clock) {
        String text = conf.get(URL);
        if (text.isEmpty()) {
            return null;
        }
        try {
            URI url = new URI(text);
            boolean http = "http".equals(url.getScheme()) || "https".equals(url.getScheme());
            if (http && url.getHost() != null) {
                return new Introspection(url, conf.get(TIMEOUT), clock);
            }
            throw conf.error(URL.name(), "https://host/path is needed", null);
        } catch (URISyntaxException e) {
            throw conf.error(URL.name(), "https://host/path is needed: " + e.getMessage(), e);
        }
    }

    @Override
    public String owner(String token) throws IOException {
        if (!token.chars().allMatch(c -> c > ' ' && c < 127)) {
            return "";
        }
        String key = hash(token);
        String known = recent.get(key);
        if (known != null) {
            return known;
        }
        String owner = ask(token);
        if (!owner.isEmpty()) {
            recent.put(key, owner);
        }
        return owner;
    }

    private String ask(String token) throws IOException {
        HttpRequest request = HttpRequest.newBuilder(url)
                .timeout(timeout)
                .header("Authorization", "Bearer " + token)
                .header("Accept", "application/json")
                .build();
        try {
            if (!places.tryAcquire(timeout.toMillis(), TimeUnit.MILLISECONDS)) {
                throw new IOException("too many tokens at once");
            }
            try {
                // The whole answer in one wait, so that the deadline is for all of it.
                return read(client.send(request, Introspection::bounded));
            } finally {
                places.release();
            }
        } catch (InterruptedException e) {
            throw new IOException("the provider was not waited for", e);
        }
    }

    private static HttpResponse.BodySubscriber<byte[]> bounded(HttpResponse.ResponseInfo head) {
        return HttpResponse.BodySubscribers.limiting(HttpResponse.BodySubscribers.ofByteArray(), LARGEST_ANSWER);
    }

    private static String read(HttpResponse<byte[]> answer) throws IOException {
        int status = answer.statusCode();
        if (status == 400 || status == 401 || status == 403) {
            return "";
        }
        if (status / 100 != 2) {
            throw new IOException("the provider answers " + status);
        }
        try {
            String text = StandardCharsets.UTF_8
                    .newDecoder()
                    .decode(ByteBuffer.wrap(answer.body()))
                    .toString();
            if (Json.parse(text) instanceof Map<?, ?> members) {
                return Boolean.FALSE.equals(members.get("active"))
                                || !(members.get(USERNAME_ATTRIBUTE) instanceof String owner)
                        ? ""
                        : UsersFile.fold(owner.strip());
            }
            throw new IOException("the provider's answer is no JSON object");
        } catch (CharacterCodingException | IllegalArgumentException e) {
            throw new IOException("the provider's answer is no JSON", e);
        }
    }

    private static String hash(String token) {
        try {
            return HexFormat.of()
                    .formatHex(MessageDigest.getInstance("SHA-256").digest(token.getBytes(StandardCharsets.UTF_8)));
        } catch (NoSuchAlgorithmException e) {
            throw new IllegalStateException("this JDK has no SHA-256", e);
        }
    }
}
