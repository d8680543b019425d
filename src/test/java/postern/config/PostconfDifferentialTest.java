package postern.config;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.FileTime;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.Set;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.FieldSource;
import postern.peers.Commands;

/// The same files and expressions through Debian's `postconf` and through ours.
class PostconfDifferentialTest {
    private static final String TEXTS = """
            compatibility_level = 3.6
            a = A
            empty =
            nine = 9
            ten = 10
            indirect = $empty
            """;
    /// Filled in when they are used, so that `postconf -x` leaves them alone.
    private static final Set<String> RAW = Set.of(
            "default_rbl_reply",
            "forward_path",
            "smtpd_expansion_filter",
            "postscreen_expansion_filter",
            "postscreen_reject_footer");

    @TempDir
    Path directory;

    @BeforeEach
    void postfixIsHere() throws IOException {
        Commands.need("postconf");
        Files.createFile(directory.resolve("master.cf"));
    }

    /// Postfix lets a file that has just changed cool down for two seconds: this one is an hour old.
    private MainCf load(String text) throws IOException {
        Path file = Files.writeString(directory.resolve("main.cf"), text);
        Files.setLastModifiedTime(file, FileTime.from(Instant.now().minus(Duration.ofHours(1))));
        return MainCf.load(directory);
    }

    /// `postconf`'s lines as names and values; what it warns of is left out.
    private Map<String, String> postconf(String... arguments) throws IOException {
        List<String> command = new ArrayList<>(List.of("postconf", "-c", directory.toString()));
        command.addAll(List.of(arguments));
        Map<String, String> values = new LinkedHashMap<>();
        for (String line : Commands.run(command.toArray(String[]::new)).lines().toList()) {
            int equals = line.indexOf(" =");
            if (!line.startsWith("postconf: ") && equals > 0) {
                values.put(line.substring(0, equals), line.substring(equals + 2).strip());
            }
        }
        return values;
    }

    /// postconf prints one space for a run of white space.
    private static String squeezed(String text) {
        return String.join(" ", text.strip().split("\\s+"));
    }

    private void compare(List<String> expressions) throws IOException {
        StringBuilder text = new StringBuilder(TEXTS).append("smtpd_restriction_classes =");
        for (int i = 0; i < expressions.size(); i++) {
            text.append(" e").append(i);
        }
        text.append('\n');
        for (int i = 0; i < expressions.size(); i++) {
            text.append('e').append(i).append(" = ").append(expressions.get(i)).append('\n');
        }
        MainCf main = load(text.toString());
        Map<String, String> theirs = postconf("-n", "-x");
        for (int i = 0; i < expressions.size(); i++) {
            assertThat(squeezed(main.expand("$e" + i))).as(expressions.get(i)).isEqualTo(theirs.get("e" + i));
        }
    }

    @Test
    void expressionsMadeAtRandomExpandAlike() throws IOException {
        Random random = new Random(3);
        List<String> expressions = new ArrayList<>();
        for (int i = 0; i < 800; i++) {
            expressions.add("[" + text(random, 3) + "]");
        }
        compare(expressions);
    }

    private static String text(Random random, int depth) {
        StringBuilder text = new StringBuilder();
        for (int i = random.nextInt(3); i >= 0; i--) {
            text.append(depth == 0 ? word(random) : piece(random, depth - 1));
        }
        return text.toString();
    }

    private static String piece(Random random, int depth) {
        String space = random.nextBoolean() ? " " : "";
        String name = List.of("a", "empty", "nine", "indirect", "nothing", "mail_owner")
                .get(random.nextInt(6));
        return switch (random.nextInt(10)) {
            case 0 -> "$" + name + ".";
            case 1 -> "${" + space + name + space + "}";
            case 2 -> "$(" + name + ")";
            case 3 -> "$$";
            case 4 -> "${" + name + "?" + space + text(random, depth) + "}";
            case 5 -> "${" + name + ":" + space + text(random, depth) + "}";
            case 6 ->
                "${" + name + space + "?" + space + braced(random, depth) + space + ":" + space + braced(random, depth)
                        + space + "}";
            case 7 -> "${" + space + relation(random, depth) + space + "}";
            case 8 ->
                "${" + relation(random, depth) + space + "?" + space + braced(random, depth) + space + ":" + space
                        + braced(random, depth) + "}";
            default -> word(random);
        };
    }

    private static String relation(Random random, int depth) {
        String space = random.nextBoolean() ? " " : "";
        String operator = List.of("==", "!=", "<", "<=", ">", ">=").get(random.nextInt(6));
        if (random.nextInt(3) == 0) {
            List<String> levels = List.of("$compatibility_level", "2", "3.5", "3.6", "3.6.1", "3.10", "$ten");
            return "{" + levels.get(random.nextInt(7)) + "}" + space + operator + "level" + space + "{"
                    + levels.get(random.nextInt(7)) + "}";
        }
        List<String> numbers = List.of("$nine", "$ten", "9", "09", "010", "1a", "-1", "");
        return random.nextBoolean()
                ? "{" + numbers.get(random.nextInt(8)) + "}" + space + operator + space + "{"
                        + numbers.get(random.nextInt(8)) + "}"
                : braced(random, depth) + space + operator + space + braced(random, depth);
    }

    private static String braced(Random random, int depth) {
        return "{" + (random.nextInt(4) == 0 ? " " : "") + text(random, depth) + "}";
    }

    private static String word(Random random) {
        return List.of("x", "y z", "b", "9", ",", "-", "A").get(random.nextInt(7));
    }

    @ParameterizedTest
    @FieldSource("postern.config.ExpressionTest#BROKEN")
    void bothRefuseWhatBreaksTheGrammar(String expression) throws IOException {
        MainCf main = load(TEXTS + "mail_name = " + expression + "\n");
        assertThat(Commands.tryRun("postconf", "-c", directory.toString(), "-x", "mail_name")
                        .status())
                .as("postconf on %s", expression)
                .isNotZero();
        assertThatThrownBy(() -> main.expand("$mail_name")).isInstanceOf(ConfigException.class);
    }

    /// The live `postconf -d` and `postconf -dx` of the machine, what the machine decides included.
    @Test
    void defaultsExpandAlike() throws IOException {
        Commands.leaveOutUnless(
                Commands.run("postconf", "-d", "-h", "mail_version").startsWith("3.7."),
                "the golden file is that of Postfix 3.7");
        Map<String, String> texts = postconf("-d");
        Map<String, String> values = postconf("-d", "-x");
        // the order of networks is not Postfix's; which they are is tested below
        MainCf main = MainCf.of(directory, Map.of("mynetworks", String.valueOf(values.get("mynetworks"))));
        List<String> different = new ArrayList<>();
        texts.forEach((name, text) -> {
            ParameterRow row = Parameters.row(name);
            if (row == null) {
                different.add(name + " has no row");
            } else if (!row.defaultText().equals(Parameters.MACHINE)
                    && !row.postfixDefault().equals(text)
                    && !name.equals("mail_version")
                    && !name.equals("mail_release_date")) {
                different.add(name + ": " + row.postfixDefault() + " is " + text);
            }
        });
        values.forEach((name, value) -> {
            ParameterRow row = Parameters.row(name);
            boolean comparable = row != null
                    && row.difference() == null
                    && !RAW.contains(name)
                    && !Set.of("config_directory", "process_id", "process_name", "mail_version", "mail_release_date")
                            .contains(name);
            if (comparable && !squeezed(main.expand("${" + name + "}")).equals(squeezed(value))) {
                different.add(name + " expands to " + main.expand("${" + name + "}") + ", theirs to " + value);
            }
        });
        assertThat(texts).hasSizeGreaterThan(800);
        assertThat(different).isEmpty();
    }

    @Test
    void networksAreThoseThatPostfixFinds() throws IOException {
        for (String style : List.of("host", "subnet", "class")) {
            for (String rest : List.of(
                    "",
                    "inet_interfaces = loopback-only\n",
                    "inet_protocols = ipv4\n",
                    "inet_interfaces = 127.0.0.1\n")) {
                MainCf main = load("mynetworks_style = " + style + "\n" + rest);
                Set<String> theirs =
                        Set.of(postconf("mynetworks").get("mynetworks").split(" "));
                assertThat(Set.of(main.expand("$mynetworks").split(" ")))
                        .as("%s, %s", style, rest)
                        .isEqualTo(theirs);
            }
        }
    }

    @Test
    void filesMadeAtRandomAreReadAlike() throws IOException {
        Random random = new Random(11);
        for (int round = 0; round < 40; round++) {
            StringBuilder text = new StringBuilder("relayhost = first\n");
            for (int i = random.nextInt(12); i >= 0; i--) {
                text.append(line(random)).append(random.nextInt(5) == 0 ? "\r\n" : "\n");
            }
            MainCf main = load(text.toString());
            Map<String, String> theirs = postconf("-n");
            theirs.remove("config_directory");
            assertThat(main.names()).as("names of\n%s", text).isEqualTo(theirs.keySet());
            theirs.forEach((name, value) -> assertThat(squeezed(String.valueOf(main.text(name))))
                    .as("%s in\n%s", name, text)
                    .isEqualTo(value));
        }
    }

    private static String line(Random random) {
        String name = List.of("myorigin", "mail_name", "relayhost", "biff").get(random.nextInt(4));
        String value = List.of("", "x", "x  y", "a = b", "# no comment", "\\", "{ x , y }")
                .get(random.nextInt(7));
        return switch (random.nextInt(8)) {
            case 0 -> "# " + name + " = " + value;
            case 1 -> "   # " + value;
            case 2 -> "";
            case 3 -> " \t ";
            case 4 -> "\t" + value;
            case 5 -> "  more";
            default -> name + List.of("=", " = ", "= ", " =").get(random.nextInt(4)) + value;
        };
    }
}
