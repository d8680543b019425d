package postern.sasl;

import java.nio.ByteBuffer;
import java.nio.charset.CharacterCodingException;
import java.nio.charset.StandardCharsets;
import java.util.LinkedHashMap;
import java.util.Locale;
import java.util.Map;
import postern.config.ConfigException;

/// Reads the text of `postern_sasl_users`: one `login|{SCHEME}hash[|account]` per line, `#` comments, empty lines.
/// Logins are the same when they differ in case only, as in Dovecot. A login with an account behind it is another
/// name of that account.
final class UsersFile {
    private static final int LONGEST_LINE = 4096;
    private static final int LONGEST_LOGIN = 320;
    private final String name;
    private final ProcessSecret secret;
    private final Map<String, User> users = new LinkedHashMap<>();
    private final Map<String, Integer> lines = new LinkedHashMap<>();

    private UsersFile(String name, ProcessSecret secret) {
        this.name = name;
        this.secret = secret;
    }

    /// The users by login, in lower case, in the file's order.
    ///
    /// @param name of the file, for errors
    /// @throws ConfigException naming file, line and what would be right
    static Map<String, User> parse(String name, byte[] text, ProcessSecret secret) {
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
        file.requireAccounts();
        return file.users;
    }

    private void requireAccounts() {
        users.forEach((login, user) -> {
            if (!users.containsKey(user.account())) {
                throw new ConfigException(name + ":" + lines.get(login)
                        + ": behind the hash may stand only the login that this is another name of");
            }
        });
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
        if (!isName(login)) {
            throw new IllegalArgumentException("a line is login|{SCHEME}hash, the login without spaces");
        }
        Integer earlier = lines.putIfAbsent(login, number);
        if (earlier != null) {
            throw new IllegalArgumentException("the login " + login + " stands already in line " + earlier);
        }
        String rest = line.substring(bar + 1).strip();
        int end = rest.indexOf('|');
        String account = end < 0 ? login : fold(rest.substring(end + 1).strip());
        if (!isName(account) || account.indexOf('|') >= 0) {
            throw new IllegalArgumentException("only the account may follow the hash, and neither holds a |");
        }
        String stored = end < 0 ? rest : rest.substring(0, end).strip();
        users.put(login, new User(account, PasswordScheme.parse(stored, secret.salt(login)), User.seal(stored)));
    }

    private static boolean isName(String text) {
        return !text.isEmpty() && text.length() <= LONGEST_LOGIN && text.chars().allMatch(c -> c > ' ' && c != 127);
    }

    static String fold(String login) {
        return login.toLowerCase(Locale.ROOT);
    }
}
