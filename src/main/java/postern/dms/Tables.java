package postern.dms;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import postern.config.Parameter;
import postern.config.SafeFile;
import postern.rewrite.Routes;

/// The tables that DMS makes in /etc/postfix at its start, here in a directory of the state. Its owner alone
/// can read them: some hold passwords.
final class Tables {
    static final Parameter<String> DELIMITER = Routes.RECIPIENT_DELIMITER;

    /// A login may use its own address.
    static final String SENDER_LOGINS = "/^(.*)$/ ${1}\n";

    /// What a submitted message does not tell the world: the mail program, and where it was.
    static final String HEADER_FILTER = """
            /^\\s*Received:.*with ESMTPSA/ IGNORE
            /^\\s*Received:.*amavisd-new/ IGNORE
            /^\\s*Received: from.*127\\.0\\.0\\.1/ IGNORE
            /^\\s*X-Originating-IP:/ IGNORE
            /^\\s*X-Mailer:/ IGNORE
            /^\\s*User-Agent:/ IGNORE
            /^\\s*X-Enigmail:/ IGNORE
            /^\\s*X-MS-Reactions:/ IGNORE
            /^\\s*Mime-Version: 1\\.0/ REPLACE MIME-Version: 1.0
            /^\\s*Message-Id:/ PREPEND X-MS-Reactions: disallow
            """;

    /// Certificates stay when they are not made anew.
    private static final String KEPT = "self-made-";

    private Tables() {}

    static String text(List<String> lines) {
        return lines.stream().map(line -> line + "\n").collect(Collectors.joining());
    }

    /// `you@example.com example.com/you/`
    static String mailboxes(Accounts accounts) {
        return text(accounts.all().keySet().stream()
                .map(address -> address + " " + VirtualFile.domain(address) + "/"
                        + address.substring(0, address.lastIndexOf('@')) + "/")
                .toList());
    }

    /// `login|{SCHEME}hash|account`
    static String users(Accounts accounts) {
        return text(accounts.logins().entrySet().stream()
                .map(each -> each.getKey() + "|" + each.getValue().password() + "|"
                        + each.getValue().address())
                .toList());
    }

    /// `name|{SCHEME}hash`
    static String masters(Accounts accounts) {
        return text(accounts.masters().entrySet().stream()
                .map(each -> each.getKey() + "|" + each.getValue())
                .toList());
    }

    /// Writes what differs, and removes what is not there any more.
    ///
    /// @throws postern.config.ConfigException when that cannot be done
    static void write(Path directory, Map<String, String> tables) {
        try {
            Files.createDirectories(directory);
            for (Map.Entry<String, String> table : tables.entrySet()) {
                Path file = directory.resolve(table.getKey());
                byte[] bytes = table.getValue().getBytes(StandardCharsets.UTF_8);
                if (!Files.exists(file) || !Arrays.equals(Files.readAllBytes(file), bytes)) {
                    SafeFile.replace(file, bytes);
                }
            }
            List<Path> old;
            try (Stream<Path> all = Files.list(directory)) {
                old = all.filter(file -> isOld(file, tables)).toList();
            }
            for (Path file : old) {
                Files.delete(file);
            }
        } catch (IOException e) {
            throw DmsConfig.unwritable(directory, e);
        }
    }

    private static boolean isOld(Path file, Map<String, String> tables) {
        String name = String.valueOf(file.getFileName());
        return Files.isRegularFile(file) && !name.startsWith(KEPT) && !tables.containsKey(name);
    }
}
