package postern.sasl;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/// Reads the text of `postern_sasl_app_passwords`: one `account|label|{SCRAM-SHA-256}keys` per line. They let one
/// program or device in, and can be taken away from it alone.
final class AppPasswordsFile {
    private static final int MOST = 32;

    private AppPasswordsFile() {}

    /// By account, in lower case.
    ///
    /// @throws IllegalArgumentException naming file and line, and what would be right
    static Map<String, List<Credential>> parse(String name, List<String> lines) {
        Map<String, List<Credential>> all = new LinkedHashMap<>();
        for (int i = 0; i < lines.size(); i++) {
            String line = lines.get(i).strip();
            if (!line.isEmpty() && !line.startsWith("#")) {
                try {
                    add(line, all);
                } catch (IllegalArgumentException e) {
                    throw new IllegalArgumentException(name + ":" + (i + 1) + ": " + e.getMessage(), e);
                }
            }
        }
        return all;
    }

    private static void add(String line, Map<String, List<Credential>> all) {
        String[] parts = line.split("\\|", -1);
        if (parts.length != 3 || parts[0].isBlank() || !parts[1].strip().matches("[A-Za-z0-9._-]{1,64}")) {
            throw new IllegalArgumentException("a line is account|label|{SCHEME}hash, the label of letters and digits");
        }
        StoredPassword password = PasswordScheme.parse(parts[2].strip(), new byte[16]);
        List<Credential> own = all.computeIfAbsent(UsersFile.fold(parts[0].strip()), account -> new ArrayList<>());
        if (own.size() >= MOST) {
            throw new IllegalArgumentException("an account has at most " + MOST + " app passwords");
        }
        own.add(new Credential(password, password.scramKeys(), "app=<" + parts[1].strip() + ">"));
    }
}
