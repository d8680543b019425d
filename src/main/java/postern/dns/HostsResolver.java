package postern.dns;

import java.io.IOException;
import java.net.InetAddress;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.BasicFileAttributes;
import java.nio.file.attribute.FileTime;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/// Looks hosts and addresses up in hosts(5) before another resolver is asked, as the system does (`files dns` of
/// nsswitch.conf(5)): machines nearby need no name server. A changed file counts from the next question on.
public final class HostsResolver implements Resolver {
    private static final int LONGEST = 1024 * 1024;

    private final Path file;
    private final Resolver otherwise;
    private volatile Hosts hosts = new Hosts(null, 0, Map.of(), Map.of());

    /// What the file said when it had this time and size.
    ///
    /// @param time null when there is none
    /// @param names the first is the host's own
    private record Hosts(
            @Nullable FileTime time,
            long size,
            Map<InetAddress, List<String>> names,
            Map<String, List<InetAddress>> addresses) {}

    /// @param file there need be none; what is no line of hosts(5) in it, and a file of more than 1 MB, is not
    ///     looked at
    public HostsResolver(Path file, Resolver otherwise) {
        this.file = file;
        this.otherwise = otherwise;
    }

    private Hosts hosts() {
        Hosts known = hosts;
        try {
            BasicFileAttributes now = Files.readAttributes(file, BasicFileAttributes.class);
            if (!now.lastModifiedTime().equals(known.time) || now.size() != known.size) {
                String text = now.size() > LONGEST ? "" : Files.readString(file, StandardCharsets.ISO_8859_1);
                known = read(text, now.lastModifiedTime(), now.size());
                hosts = known;
            }
        } catch (IOException e) {
            // there is none now; what it said last is as good as anything
        }
        return known;
    }

    private static Hosts read(String text, FileTime time, long size) {
        Map<InetAddress, List<String>> names = new HashMap<>();
        Map<String, List<InetAddress>> addresses = new HashMap<>();
        for (String line : text.lines().toList()) {
            String[] words = line.replaceFirst("#.*", "").strip().split("\\s+", -1);
            InetAddress address = words.length < 2 ? null : literal(words[0]);
            for (int i = 1; address != null && i < words.length; i++) {
                names.computeIfAbsent(address, _ -> new ArrayList<>(1)).add(words[i]);
                addresses
                        .computeIfAbsent(key(words[i]), _ -> new ArrayList<>(1))
                        .add(address);
            }
        }
        return new Hosts(time, size, names, addresses);
    }

    private static @Nullable InetAddress literal(String text) {
        try {
            return InetAddress.ofLiteral(text);
        } catch (IllegalArgumentException e) {
            return null;
        }
    }

    private static String key(String name) {
        return name.toLowerCase(Locale.ROOT);
    }

    @Override
    public Answer<String> ptr(InetAddress address) {
        List<String> names = hosts().names.get(address);
        return names == null ? otherwise.ptr(address) : new Answer.Found<>(List.copyOf(names));
    }

    @Override
    public Answer<InetAddress> a(String host) {
        List<InetAddress> found = addresses(host, 4);
        return found.isEmpty() ? otherwise.a(host) : new Answer.Found<>(found);
    }

    @Override
    public Answer<InetAddress> aaaa(String host) {
        List<InetAddress> found = addresses(host, 16);
        return found.isEmpty() ? otherwise.aaaa(host) : new Answer.Found<>(found);
    }

    private List<InetAddress> addresses(String host, int bytes) {
        return hosts().addresses.getOrDefault(key(host), List.of()).stream()
                .filter(address -> address.getAddress().length == bytes)
                .toList();
    }

    @Override
    public Answer<Mx> mx(String domain) {
        return otherwise.mx(domain);
    }

    @Override
    public Answer<String> ns(String zone) {
        return otherwise.ns(zone);
    }

    @Override
    public Answer<String> txt(String name) {
        return otherwise.txt(name);
    }
}
