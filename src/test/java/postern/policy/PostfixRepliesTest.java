package postern.policy;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.net.InetAddress;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;
import postern.address.Address;

/// Policy answers as Postfix 3.7.11 did, word for word: `src/test/golden/policy` holds dialogues with it,
/// each with its configuration and DNS. `O:` below an answer of Postfix's is ours, where it differs on
/// purpose.
class PostfixRepliesTest {
    static Stream<Path> dialogues() throws IOException {
        return Recorded.files();
    }

    @ParameterizedTest
    @MethodSource("dialogues")
    void answersAsPostfixDoes(Path file) throws IOException {
        Recorded recorded = Recorded.read(file);
        Setting setting = new Setting();
        recorded.settings().forEach(setting::add);
        setting.add("smtpd_policy_service_retry_delay = 0s");
        Dialogue dialogue = new Dialogue(setting.policy());
        List<String> differences = new ArrayList<>();
        for (Recorded.Step step : recorded.steps()) {
            String expected = step.ours() == null ? step.theirs() : step.ours();
            String given = dialogue.say(step.command());
            if (given == null ? !expected.matches("[23].*") : !expected.equals(given)) {
                differences.add(step.line() + ": " + step.command() + "\n  expected: " + expected + "\n  given: "
                        + (given == null ? "accepted" : given));
            }
        }
        assertThat(differences).isEmpty();
    }

    /// A session, as far as policy is asked.
    private static final class Dialogue {
        private final RestrictionLists policy;
        private Request request = new Request();

        Dialogue(RestrictionLists policy) {
            this.policy = policy;
        }

        /// The refusal of a command, or null when it was accepted.
        @Nullable
        String say(String command) {
            String verb = command.replaceFirst("[ :].*", "");
            String argument = command.substring(verb.length()).strip();
            return switch (verb) {
                case "XCLIENT" -> xclient(argument);
                case "HELO" -> helo(argument);
                case "MAIL" -> mail(path(argument));
                case "RCPT" -> rcpt(path(argument));
                case "VRFY" -> vrfy(argument);
                case "DATA" -> data();
                case "." -> end();
                default -> reset();
            };
        }

        private @Nullable String xclient(String attributes) {
            request = new Request();
            request.clientName = "localhost";
            request.reverseClientName = "localhost";
            for (String attribute : attributes.split(" ")) {
                String value = attribute.substring(attribute.indexOf('=') + 1);
                boolean unknown = value.startsWith("[");
                request.clientNameTempFail |= value.equals("[TEMPUNAVAIL]");
                switch (attribute.substring(0, attribute.indexOf('='))) {
                    case "ADDR" -> request.clientAddress = InetAddress.ofLiteral(value.replaceFirst("IPv6:", ""));
                    case "NAME" -> request.clientName = unknown ? "unknown" : value;
                    case "REVERSE_NAME" -> request.reverseClientName = unknown ? "unknown" : value;
                    case "LOGIN" -> request.login = value;
                    default -> throw new IllegalArgumentException(attribute);
                }
            }
            return refusal(policy.connect(request));
        }

        private @Nullable String helo(String name) {
            reset();
            request.helo = name;
            return refusal(policy.helo(request));
        }

        private @Nullable String mail(String address) {
            request.from(address);
            return refusal(policy.mail(request));
        }

        private @Nullable String rcpt(String address) {
            request.recipient = Address.ofInternal(address);
            String refusal = refusal(policy.rcpt(request));
            if (refusal == null) {
                request.recipientCount++;
            }
            accepted = refusal == null ? request.recipient : accepted;
            request.recipient = null;
            return refusal;
        }

        private @Nullable Address accepted;

        private @Nullable String vrfy(String address) {
            Request asked = new Request();
            asked.clientAddress = request.clientAddress;
            asked.helo = request.helo;
            asked.recipient = Address.ofInternal(address);
            return refusal(policy.vrfy(asked));
        }

        private @Nullable String data() {
            request.recipient = request.recipientCount == 1 ? accepted : null;
            return refusal(policy.data(request));
        }

        private @Nullable String end() {
            String refusal = refusal(policy.endOfData(request));
            reset();
            return refusal;
        }

        private @Nullable String reset() {
            request.sender = null;
            request.recipient = null;
            request.recipientCount = 0;
            return null;
        }

        private static @Nullable String refusal(Verdict verdict) {
            return verdict instanceof Verdict.Refuse(postern.smtp.Reply reply) ? reply.toString() : null;
        }

        /// The address between the brackets, without quotes.
        private static String path(String argument) {
            String inside = argument.substring(argument.indexOf('<') + 1, argument.lastIndexOf('>'));
            return inside.replaceFirst("^\"(.*)\"@", "$1@");
        }
    }
}
