package postern;

import java.io.IOException;
import java.io.PrintStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.OptionalLong;
import org.jspecify.annotations.Nullable;
import postern.config.ConfigException;
import postern.dms.DmsConfig;
import postern.dms.setup.Rooms;
import postern.log.MailLog;
import postern.sasl.LearnedKeys;

/// What `postern setup` needs of the mailboxes: of the running server, else of the store itself.
final class PrivateRooms {
    private final PrivateServer.Places places;
    private final boolean mailIsNamed;
    private final PrintStream err;
    private @Nullable Map<String, Long> usage;

    /// @param given may have `--mail` and `--state`
    PrivateRooms(Path config, Arguments given, PrintStream err) {
        this.mailIsNamed = given.has("--mail");
        this.places = PrivateCommands.places(config, given);
        this.err = err;
    }

    Rooms rooms() {
        return new Rooms(this::bytes, this::remove, words -> PrivateCommands.ask(places, words), this::hasKeys);
    }

    private boolean hasKeys(String address, String stored) {
        Path file = PublicCommands.learnedFile(DmsConfig.queue(places.config(), places.state()));
        return new LearnedKeys(file, Runnable::run, MailLog.none()).has(address, stored);
    }

    private OptionalLong bytes(String address) {
        Map<String, Long> all = usage();
        return all == null ? OptionalLong.empty() : OptionalLong.of(all.getOrDefault(address, 0L));
    }

    /// Asked once; null when nobody knows.
    private @Nullable Map<String, Long> usage() {
        if (usage == null && isThere()) {
            Map<String, Long> all = new HashMap<>();
            try {
                for (String line : PrivateCommands.ask(places, List.of("usage"))) {
                    int space = line.indexOf(' ');
                    all.put(line.substring(space + 1), Long.parseLong(line.substring(0, space)));
                }
                usage = all;
            } catch (IOException e) {
                err.println("setup: warning: how much mail there is cannot be asked: " + e.getMessage());
            }
        }
        return usage;
    }

    /// Whether a server runs, or there is a store.
    private boolean isThere() {
        try {
            return Files.exists(places.store()) || Files.exists(socket());
        } catch (ConfigException e) {
            return false;
        }
    }

    private Path socket() {
        return PublicCommands.controlSocket(DmsConfig.queue(places.config(), places.state()));
    }

    /// A running server first hears that the account is gone, so that nothing is delivered behind its back.
    private boolean remove(String address) throws IOException {
        if (!isThere()) {
            if (!mailIsNamed) {
                err.println(
                        "setup: warning: there are no mailboxes in " + places.store() + "; --mail names another place");
            }
            return false;
        }
        if (Files.exists(socket())) {
            try {
                PrivateCommands.ask(places, List.of("reload"));
            } catch (IOException e) {
                // it takes nothing of the volume until that is mended
            }
        }
        return PrivateCommands.ask(places, List.of("purge", address)).stream()
                .anyMatch(line -> line.endsWith(": mail removed"));
    }
}
