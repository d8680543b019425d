package postern.smtp.client;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import java.util.function.Predicate;
import org.jspecify.annotations.Nullable;
import postern.config.SafeFile;
import postern.log.MailLog;
import postern.smtp.Offered;

/// The last EHLO of each next hop that clients' mail is handed to: what a client asks of a message must be
/// honoured there. Where there is a file for it that is known again after a start: a next hop that is away at that
/// time could not be asked. Safe for use from many threads.
public final class Heard {
    /// What passes through us to the next hop. CHUNKING does not: it ends here.
    private static final List<String> PASSED_ON = List.of("8BITMIME", "DSN", "SMTPUTF8");

    private static final int MOST = 1000;
    private static final int LONGEST_FILE = 512 * 1024;
    private static final String NOTHING = "-";

    private final Map<String, Offered> byNextHop = new LinkedHashMap<>();
    private final @Nullable Path file;
    private final MailLog log;
    private final Object writing = new Object();
    private volatile Offered all = Offered.EVERYTHING;

    private Heard(@Nullable Path file, MailLog log) {
        this.file = file;
        this.log = log;
    }

    /// Known until it is thrown away.
    public Heard() {
        this(null, MailLog.none());
    }

    /// Kept in a file: a line for each next hop, with the least SIZE and what it does not offer. What is no such
    /// line there is not looked at; there need be no file.
    ///
    /// @param counts whether a next hop is still one
    public static Heard in(Path file, Predicate<String> counts, MailLog log) {
        Heard heard = new Heard(file, log);
        for (String line : lines(file)) {
            String[] words = line.split(" ", -1);
            if (words.length == 3 && words[1].matches("[0-9]{1,18}") && counts.test(words[0])) {
                Set<String> without = new HashSet<>(List.of(words[2].split(",", -1)));
                without.retainAll(PASSED_ON);
                heard.put(words[0], new Offered(without, Long.parseLong(words[1])));
            }
        }
        return heard;
    }

    private static List<String> lines(Path file) {
        try {
            return Files.size(file) > LONGEST_FILE
                    ? List.of()
                    : Files.readString(file, StandardCharsets.ISO_8859_1)
                            .lines()
                            .toList();
        } catch (IOException e) {
            return List.of();
        }
    }

    void say(String nextHop, Features features) {
        Set<String> without = new HashSet<>(PASSED_ON);
        without.removeIf(features::offers);
        if (put(nextHop, new Offered(without, features.sizeLimit())) && file != null) {
            keep(file);
        }
    }

    /// Returns whether that is new.
    private synchronized boolean put(String nextHop, Offered offered) {
        if (offered.equals(byNextHop.put(nextHop, offered))) {
            return false;
        }
        if (byNextHop.size() > MOST) {
            byNextHop.remove(byNextHop.keySet().iterator().next());
        }
        all = byNextHop.values().stream().reduce(Offered.EVERYTHING, Offered::and);
        return true;
    }

    private void keep(Path in) {
        try {
            synchronized (writing) {
                SafeFile.replace(in, text().getBytes(StandardCharsets.ISO_8859_1));
            }
        } catch (IOException e) {
            log.warning("postern", "what next hops offer cannot be kept for the next start: " + e.getMessage());
        }
    }

    private synchronized String text() {
        List<String> lines = new ArrayList<>();
        byNextHop.forEach((nextHop, offered) -> lines.add(nextHop + " " + offered.sizeLimit() + " "
                + (offered.without().isEmpty() ? NOTHING : String.join(",", new TreeSet<>(offered.without()))) + "\n"));
        return String.join("", lines);
    }

    /// What all of them honour; everything until one has been heard.
    public Offered all() {
        return all;
    }
}
