package postern;

import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/// The arguments of one verb, taken away one by one; what is left at the end was not understood.
final class Arguments {
    /// The command line cannot be read; the message says what of it.
    static final class Wrong extends RuntimeException {
        private static final long serialVersionUID = 1;

        Wrong(String message) {
            super(message);
        }
    }

    private final List<String> left;

    Arguments(List<String> arguments) {
        this.left = new ArrayList<>(arguments);
    }

    boolean flag(String name) {
        return left.remove(name);
    }

    /// The directory that an option names.
    Path path(String name, String otherwise) {
        String value = value(name);
        Path directory =
                Path.of(value == null ? otherwise : value).toAbsolutePath().normalize();
        if (!Files.isDirectory(directory)) {
            throw new Wrong(
                    directory + " is not a directory" + (value == null ? ": " + name + " names another one" : ""));
        }
        return directory;
    }

    /// Whether an option is there; it stays.
    boolean has(String name) {
        return left.contains(name);
    }

    /// What stands behind an option, which stays; null when there is none.
    @Nullable
    Path named(String name) {
        int at = left.indexOf(name);
        return at < 0 || at + 1 == left.size()
                ? null
                : Path.of(left.get(at + 1)).toAbsolutePath().normalize();
    }

    /// A number of ports that an option names.
    int ports(String name) {
        String value = value(name);
        if (value == null) {
            return 0;
        }
        if (!value.matches("[0-9]{1,5}")) {
            throw new Wrong(name + " wants a number such as 10000, not \"" + value + "\"");
        }
        return Integer.parseInt(value);
    }

    /// What an option says; null when it is not there.
    @Nullable
    String text(String name) {
        return value(name);
    }

    private @Nullable String value(String name) {
        int at = left.indexOf(name);
        if (at < 0) {
            return null;
        }
        if (at + 1 == left.size()) {
            throw new Wrong(name + " wants a value");
        }
        left.remove(at);
        return left.remove(at);
    }

    /// The one word that is left.
    ///
    /// @param what it is
    String only(String what) {
        if (left.isEmpty()) {
            throw new Wrong(what + " is missing");
        }
        String word = left.removeFirst();
        end();
        return word;
    }

    /// What no option took, none of which looks like one.
    List<String> words() {
        for (String word : left) {
            if (word.startsWith("--")) {
                throw new Wrong("\"" + word + "\" is no option here");
            }
        }
        return rest();
    }

    /// What no option took.
    List<String> rest() {
        List<String> rest = List.copyOf(left);
        left.clear();
        return rest;
    }

    /// Nothing may be left.
    void end() {
        if (!left.isEmpty()) {
            throw new Wrong("\"" + left.getFirst() + "\" is not understood");
        }
    }
}
