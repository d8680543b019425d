package postern.dms;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Instant;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import postern.address.Address;
import postern.lookup.TableContext;
import postern.rewrite.Resolved;
import postern.rewrite.Routes;

/// A config volume for tests: files and variables, then what they come to.
final class DmsVolume {
    static final String HASH = "{SHA512-CRYPT}$6$W4rxRQwI6HNMt9n3$" + "a".repeat(86);
    static final String YOU = "you@example.com|" + HASH + "\n";

    final Path directory;
    final Path state;
    private final Map<String, String> environment = new HashMap<>();
    private List<Here.Address> addresses = List.of(new Here.Address("eth0", "172.18.0.5", 16));
    private String hostname = "mail.example.com";

    DmsVolume(Path within) {
        directory = within.resolve("config");
        state = within.resolve("state");
        set("POSTMASTER_ADDRESS", "postmaster@elsewhere.example").with("postfix-accounts.cf", YOU);
    }

    DmsVolume with(String file, String text) {
        return with(file, text.getBytes(StandardCharsets.UTF_8));
    }

    DmsVolume with(String file, byte[] bytes) {
        try {
            Path path = directory.resolve(file);
            Files.createDirectories(path.getParent());
            Files.write(path, bytes);
            return this;
        } catch (IOException e) {
            throw new AssertionError(e);
        }
    }

    DmsVolume set(String name, String value) {
        environment.put(name, value);
        return this;
    }

    DmsVolume hostname(String name) {
        hostname = name;
        return this;
    }

    DmsVolume addresses(List<Here.Address> there) {
        addresses = there;
        return this;
    }

    Path letsencrypt() {
        return state.resolveSibling("letsencrypt");
    }

    DmsConfig read() {
        Here here = new Here(hostname, letsencrypt(), addresses, () -> Instant.parse("2026-11-23T00:00:00Z"));
        return DmsConfig.read(directory, environment, state, here);
    }

    /// A file of the tables' directory.
    String table(String name) {
        try {
            return Files.readString(state.resolve("postern/etc").resolve(name));
        } catch (IOException e) {
            throw new AssertionError(e);
        }
    }

    static Routes routes(DmsConfig config) {
        return new Routes(config.conf(), tables(config));
    }

    static postern.lookup.Tables tables(DmsConfig config) {
        return new postern.lookup.Tables(TableContext.of(config.conf()));
    }

    /// `transport:nexthop` of mail from this sender (empty: nobody) to this recipient.
    static String way(DmsConfig config, String sender, String recipient) {
        postern.address.Path from =
                sender.isEmpty() ? postern.address.Path.NULL : postern.address.Path.of(Address.ofInternal(sender));
        return switch (routes(config).resolve(from, Address.ofInternal(recipient))) {
            case Resolved.To to -> to.transport() + ":" + to.nextHop();
            case Resolved.TempFail(String reason) -> reason;
        };
    }
}
