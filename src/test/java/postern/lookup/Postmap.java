package postern.lookup;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import postern.peers.Commands;

/// Asks the real postmap(1), as the measure of what a table means.
final class Postmap {
    private static final String PROGRAM = "/usr/sbin/postmap";

    /// @param found what it found, by key
    /// @param messages its warnings
    record Answers(Map<String, String> found, String messages, int exit) {}

    private Postmap() {}

    /// Leaves the test out, by name, where Postfix is not installed; in CI it must be.
    static void required() {
        Commands.leaveOutUnless(
                Files.isExecutable(Path.of(PROGRAM)),
                "postmap is missing: apt-get install postfix postfix-pcre postfix-lmdb");
    }

    static Answers query(String table, List<String> keys) throws IOException, InterruptedException {
        Path errors = Files.createTempFile("postmap", ".err");
        Path in = Files.createTempFile("postmap", ".in");
        try {
            Files.writeString(in, String.join("\n", keys) + "\n");
            Process process = new ProcessBuilder(PROGRAM, "-q", "-", table)
                    .redirectInput(in.toFile())
                    .redirectError(errors.toFile())
                    .start();
            String out = new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
            int exit = process.waitFor();
            Map<String, String> found = new HashMap<>();
            for (String line : out.split("\n")) {
                int tab = line.indexOf('\t');
                if (tab >= 0) {
                    found.put(line.substring(0, tab), line.substring(tab + 1));
                }
            }
            return new Answers(found, new String(Files.readAllBytes(errors), StandardCharsets.ISO_8859_1), exit);
        } finally {
            Files.delete(errors);
            Files.delete(in);
        }
    }

    /// What one of our tables says to the same keys.
    static Map<String, String> ours(Table table, List<String> keys) {
        Map<String, String> found = new HashMap<>();
        for (String key : keys) {
            if (table.find(key) instanceof Lookup.Found(String value)) {
                found.put(key, value);
            }
        }
        return found;
    }

    /// What both found, side by side, where they differ.
    static List<String> differences(Map<String, String> theirs, Map<String, String> ours, List<String> keys) {
        List<String> differences = new ArrayList<>();
        for (String key : keys) {
            String a = theirs.getOrDefault(key, "(not found)");
            String b = ours.getOrDefault(key, "(not found)");
            if (!a.equals(b)) {
                differences.add(key + ": postmap " + a + ", ours " + b);
            }
        }
        return differences;
    }
}
