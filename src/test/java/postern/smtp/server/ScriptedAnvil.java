package postern.smtp.server;

import java.net.InetAddress;
import java.util.HashMap;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import postern.policy.Anvil;
import postern.smtp.Reply;

/// Counts events, and refuses those beyond a test's limits: `mail 2 450 4.7.1 …`.
final class ScriptedAnvil implements Anvil {
    private record Limit(int count, String refusal) {}

    private final Map<String, Limit> limits = new HashMap<>();
    private final Map<String, Integer> counts = new HashMap<>();

    void add(String line) {
        String[] words = line.split(" ", 3);
        limits.put(words[0], new Limit(Integer.parseInt(words[1]), words[2]));
    }

    private synchronized @Nullable Reply count(String event) {
        int count = counts.merge(event, 1, Integer::sum);
        Limit limit = limits.get(event);
        return limit == null || count <= limit.count ? null : Reply.of(limit.refusal);
    }

    @Override
    public @Nullable Reply connect(InetAddress client) {
        return count("connect");
    }

    @Override
    public synchronized void disconnect(InetAddress client) {
        counts.merge("connect", -1, Integer::sum);
    }

    @Override
    public @Nullable Reply mail(InetAddress client) {
        return count("mail");
    }

    @Override
    public @Nullable Reply rcpt(InetAddress client) {
        return count("rcpt");
    }

    @Override
    public @Nullable Reply newTls(InetAddress client) {
        return count("tls");
    }

    @Override
    public @Nullable Reply auth(InetAddress client) {
        return count("auth");
    }

    /// Connections that are open.
    synchronized int open() {
        return counts.getOrDefault("connect", 0);
    }
}
