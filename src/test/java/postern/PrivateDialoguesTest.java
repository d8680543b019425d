package postern;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/// What docker-mailserver's Postfix answers, and to whom it brings mail, our private server does too, from the same
/// volume; where it does not, on purpose, the dialogue says so (`O:`, docs/differences.md).
class PrivateDialoguesTest {
    @TempDir
    private Path directory;

    static Stream<Path> files() throws IOException {
        return PrivateDialogue.files();
    }

    @ParameterizedTest
    @MethodSource("files")
    void isAsInDockerMailserver(Path file) throws IOException {
        PrivateDialogue dialogue = PrivateDialogue.read(file);
        List<String> answers;
        try (PrivateHome home = new PrivateHome(directory)) {
            for (Map.Entry<String, String> each : dialogue.volume().entrySet()) {
                String text = each.getKey().equals("postfix-accounts.cf")
                        ? each.getValue().replace("\n", "|{PLAIN}secret\n")
                        : each.getValue();
                home.append(each.getKey(), text);
            }
            home.append("mailserver.env", "POSTERN_CLEARTEXT_AUTH=1\n")
                    .append("postfix-main.cf", """
                            smtpd_authorized_xclient_hosts = 127.0.0.0/8
                            default_transport = discard:
                            smtpd_error_sleep_time = 0
                            smtpd_hard_error_limit = 1000
                            dms_smtpd_sender_restrictions = %spermit_sasl_authenticated, permit_mynetworks
                            """.formatted(
                                    dialogue.volume().containsKey("postfix-send-access.cf")
                                            ? "check_sender_access texthash:/etc/postfix/send_access, "
                                            : ""))
                    .start();
            answers = dialogue.hold(home.port(dialogue.port()), () -> String.join("\n", home.log()));
        }
        List<PrivateDialogue.Step> steps = new ArrayList<>();
        List<String> differences = new ArrayList<>();
        for (int i = 0; i < answers.size(); i++) {
            PrivateDialogue.Step step = dialogue.steps().get(i);
            String ours = answers.get(i);
            steps.add(
                    new PrivateDialogue.Step(step.command(), step.theirs(), ours.equals(step.theirs()) ? null : ours));
            if (!ours.equals(step.ours() == null ? step.theirs() : step.ours())) {
                differences.add(step + ": " + ours);
            }
        }
        if (Boolean.getBoolean("update")) {
            dialogue.write(steps);
        }
        assertThat(differences).isEmpty();
    }
}
