package postern.config;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;

/// Puts the words of files in place of the `/path/file` members of a match list, as Postfix does: words
/// between commas and white space, lines that begin with `#` left out, files within files allowed.
final class FileMembers {
    private static final int DEEPEST = 20;

    private final MainCf main;
    private final List<String> members = new ArrayList<>();

    FileMembers(MainCf main) {
        this.main = main;
    }

    /// @throws IllegalArgumentException when a file cannot be read or leads to itself
    List<String> expand(List<String> written) {
        add(written, false, 0);
        return List.copyOf(members);
    }

    private void add(List<String> written, boolean turned, int depth) {
        for (String member : written) {
            int start = 0;
            while (start < member.length() && member.charAt(start) == '!') {
                start++;
            }
            boolean not = turned ^ (start % 2 == 1);
            String pattern = member.substring(start);
            if (pattern.startsWith("/")) {
                addFile(main.file(pattern), not, depth);
            } else {
                members.add(not ? "!" + pattern : pattern);
            }
        }
    }

    private void addFile(Path file, boolean turned, int depth) {
        if (depth == DEEPEST) {
            throw new IllegalArgumentException(file + " names itself, or files are nested too deep");
        }
        try {
            for (String line : Files.readAllLines(file, StandardCharsets.UTF_8)) {
                if (!line.startsWith("#")) {
                    add(Values.list(line), turned, depth + 1);
                }
            }
        } catch (IOException e) {
            throw new IllegalArgumentException(ConfigFiles.why(file, e), e);
        }
    }
}
