package postern.sasl;

import java.nio.ByteBuffer;
import java.nio.charset.CharacterCodingException;
import java.nio.charset.StandardCharsets;
import java.util.LinkedHashMap;
import java.util.Locale;
import java.util.Map;
import postern.config.ConfigException;

/// Reads the text of `postern_sasl_users`: one `login|{SCHEME}hash` per line, `#` comments, empty lines.
/// Logins are the same when they differ in case only, as in Dovecot.
final class UsersFile {
    private static final int LONGEST_LINE = 4096;
    private static final int LONGEST_LOGIN = 320;
    private final String name;
    private final ProcessSecret secret;
    private final Map<String, StoredPassword> users = new LinkedHashMap<>();
    private final Map<String, Integer> lines = new LinkedHashMap<>();

    private UsersFile(String name, ProcessSecret secret) {
        this.name = name;
        this.secret = secret;
    }

    /// The stored passwords by login, in lower case, in the file's order.
    ///
    /// @param name of the file, for errors
    /// @throws ConfigException naming file, line and what would be right
    static Map<String, StoredPassword> parse(String name, byte[] text, ProcessSecret secret) {
        UsersFile file = new UsersFile(name, secret);
        int number = 1;
        for (int from = 0; from < text.length; number++) {
            int end = from;
            while (end < text.length && text[end] != '\n') {
                end++;
            }
            file.line(number, text, from, end - from);
            from = end + 1;
        }
        return file.users;
    }

    private void line(int number, byte[] text, int from, int length) {
        try {
            if (length > LONGEST_LINE) {
                throw new IllegalArgumentException("the line is longer than " + LONGEST_LINE + " bytes");
            }
            String line = StandardCharsets.UTF_8
                    .newDecoder()
                    .decode(ByteBuffer.wrap(text, from, length))
                    .toString();
            line = line.endsWith("\r") ? line.substring(0, line.length() - 1) : line;
            if (!line.isBlank() && !line.stripLeading().startsWith("#")) {
                user(number, line);
            }
        } catch (CharacterCodingException e) {
            throw new ConfigException(name + ":" + number + ": the line is not UTF-8", e);
        } catch (IllegalArgumentException e) {
            throw new ConfigException(name + ":" + number + ": " + e.getMessage(), e);
        }
    }

    private void user(int number, String line) {
        int bar = line.indexOf('|');
        String login = bar < 0 ? "" : fold(line.substring(0, bar).strip());
        if (login.isEmpty() || login.length() > LONGEST_LOGIN || !login.chars().allMatch(c -> c > ' ' && c != 127)) {
            throw new IllegalArgumentException("a line is login|{SCHEME}hash, the login without spaces");
        }
        Integer earlier = lines.putIfAbsent(login, number);
        if (earlier != null) {
            throw new IllegalArgumentException("the login " + login + " stands already in line " + earlier);
        }
        String stored = line.substring(bar + 1).strip();
        if (stored.indexOf('|') >= 0) {
            throw new IllegalArgumentException("nothing may follow the hash, and it holds no |");
        }
        users.put(login, PasswordScheme.parse(stored, secret.salt(login)));
    }

    static String fold(String login) {
        return login.toLowerCase(Locale.ROOT);
    }
}
