package postern.mailbox.transfer;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.Map;
import java.util.TreeMap;
import postern.config.SafeFile;
import postern.mailbox.AccountName;

/// The Sieve scripts of an account.
///
/// @param texts by name, without `.sieve`
/// @param active which of them filters mail; empty for none
public record Scripts(Map<String, byte[]> texts, String active) {
    static final Scripts NONE = new Scripts(Map.of(), "");

    private static final String SUFFIX = ".sieve";
    private static final String ACTIVE = "active";

    /// The directory that an account's scripts are kept in.
    static Path directory(Path store, AccountName account) {
        return store.resolve("sieve").resolve(account.address());
    }

    /// Those that are kept in a directory; none when it is missing.
    static Scripts load(Path directory) throws IOException {
        if (!Files.isDirectory(directory)) {
            return NONE;
        }
        Map<String, byte[]> texts = new TreeMap<>();
        for (Path file : Listing.of(directory)) {
            String name = file.getFileName().toString();
            if (name.endsWith(SUFFIX) && !Listing.isHidden(file)) {
                texts.put(name.substring(0, name.length() - SUFFIX.length()), Files.readAllBytes(file));
            }
        }
        Path active = directory.resolve(ACTIVE);
        return new Scripts(
                texts, Files.exists(active) ? Files.readString(active).strip() : "");
    }

    /// Puts them beside those that are in a directory; one of the same name is replaced.
    ///
    /// @return how many are new or other than before
    int save(Path directory) throws IOException {
        if (texts.isEmpty()) {
            return 0;
        }
        Files.createDirectories(directory);
        int changed = 0;
        for (Map.Entry<String, byte[]> script : texts.entrySet()) {
            changed += save(directory.resolve(script.getKey() + SUFFIX), script.getValue());
        }
        if (!active.isEmpty()) {
            save(directory.resolve(ACTIVE), (active + "\n").getBytes(StandardCharsets.UTF_8));
        }
        return changed;
    }

    private static int save(Path file, byte[] text) throws IOException {
        if (Files.exists(file) && Arrays.equals(Files.readAllBytes(file), text)) {
            return 0;
        }
        SafeFile.replace(file, text);
        return 1;
    }
}
