package postern;

import java.io.IOException;
import java.io.PrintStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
import postern.config.ConfigException;

/// The verbs of an operator, for either role: what `-c` names says which. A Postfix directory has a main.cf, a
/// docker-mailserver config volume has none.
final class OperatorVerbs {
    static final String POSTFIX = "/etc/postfix";
    static final String VOLUME = "/tmp/docker-mailserver";

    private static final String OF_VOLUME =
            "postfix-[a-z-]+\\.cf|dovecot[a-z-]*\\.cf|mailserver\\.env|opendkim|rspamd|fetchmail\\.cf|user-patches\\.sh";

    private OperatorVerbs() {}

    static int postconf(Arguments arguments, PrintStream out) throws IOException {
        return isPrivate(arguments)
                ? PrivateCommands.postconf(arguments, out)
                : PublicCommands.postconf(arguments, out);
    }

    static int check(Arguments arguments, PrintStream out) throws IOException {
        return isPrivate(arguments) ? PrivateCommands.check(arguments, out) : PublicCommands.check(arguments, out);
    }

    static int operate(String verb, Arguments arguments, PrintStream out) throws IOException {
        return isPrivate(arguments)
                ? PrivateCommands.operate(verb, arguments, out)
                : PublicCommands.operate(verb, arguments, out);
    }

    private static boolean isPrivate(Arguments arguments) throws IOException {
        if (arguments.has("--mail") || arguments.has("--state")) {
            return true;
        }
        @Nullable Path named = arguments.named("-c");
        if (named == null) {
            return !isPostfix(Path.of(POSTFIX)) && Files.isDirectory(Path.of(VOLUME));
        }
        if (!Files.isDirectory(named) || isPostfix(named)) {
            return false;
        }
        if (!isVolume(named)) {
            throw new ConfigException(named + ": neither a Postfix directory, which has a main.cf, nor"
                    + " docker-mailserver's config volume, which has a postfix-accounts.cf or mailserver.env");
        }
        return true;
    }

    /// Whether this is a directory of Postfix's.
    static boolean isPostfix(Path directory) {
        return Files.exists(directory.resolve("main.cf"));
    }

    /// Whether this looks like docker-mailserver's config volume.
    static boolean isVolume(Path directory) throws IOException {
        try (Stream<Path> files = Files.list(directory)) {
            return files.anyMatch(file -> file.getFileName().toString().matches(OF_VOLUME));
        }
    }
}
