package postern.net;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.BasicFileAttributes;
import java.time.Duration;
import java.time.InstantSource;
import java.util.List;
import java.util.function.Consumer;
import java.util.function.Supplier;
import postern.config.ConfigException;

/// Keys that follow their files: a handshake more than ten seconds after the last look looks again, and takes
/// changed files whole or not at all. Files that have become unusable, and still are at the next look (a key
/// and its certificate are not replaced in one step), are warned of once; the keys that work stay.
public final class LiveKeys implements Supplier<ServerKeys> {
    private static final long LOOK_EVERY = Duration.ofSeconds(10).toMillis();

    private final Supplier<ServerKeys> load;
    private final List<Path> files;
    private final InstantSource clock;
    private final Consumer<String> warnings;
    private volatile ServerKeys keys;
    private String seen;
    private String doubtful = "";
    private volatile long lookAgain;

    /// Loads for the first time.
    ///
    /// @param load reads the files
    /// @param files whose change means reading them again
    /// @param clock one that never jumps
    /// @throws ConfigException when they cannot be used
    public LiveKeys(Supplier<ServerKeys> load, List<Path> files, InstantSource clock, Consumer<String> warnings) {
        this.load = load;
        this.files = List.copyOf(files);
        this.clock = clock;
        this.warnings = warnings;
        this.seen = state();
        this.keys = load.get();
        this.lookAgain = clock.millis() + LOOK_EVERY;
    }

    @Override
    public ServerKeys get() {
        if (clock.millis() >= lookAgain) {
            look();
        }
        return keys;
    }

    private synchronized void look() {
        if (clock.millis() < lookAgain) {
            return;
        }
        lookAgain = clock.millis() + LOOK_EVERY;
        String now = state();
        if (now.equals(seen)) {
            return;
        }
        try {
            keys = load.get();
            seen = now;
        } catch (ConfigException e) {
            if (now.equals(doubtful)) {
                seen = now;
                warnings.accept(e.getMessage() + "; the certificate in use stays");
            }
            doubtful = now;
        }
    }

    /// What changes when one of the files does.
    private String state() {
        StringBuilder state = new StringBuilder();
        for (Path file : files) {
            try {
                BasicFileAttributes attributes = Files.readAttributes(file, BasicFileAttributes.class);
                state.append(attributes.lastModifiedTime()).append(' ');
                state.append(attributes.size()).append(' ').append(attributes.fileKey());
            } catch (IOException e) {
                state.append("missing");
            }
            state.append('\n');
        }
        return state.toString();
    }
}
