package postern.dns;

import java.net.InetAddress;
import java.net.UnknownHostException;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.function.Function;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/// A [Resolver] that answers from a zone in the text of a test:
///
/// ```
/// a.example.          MX    10 mx.example.
/// mx.example.         A     192.0.2.1
/// null.example.       MX    0 .
/// 192.0.2.1           PTR   mx.example.
/// www.example.        CNAME mx.example.
/// t.example.          TXT   "v=spf1 " "-all"
/// broken.example.     SERVFAIL
/// slow.example.       MX TIMEOUT
/// ```
///
/// `IN`, a TTL, and trailing dots may stand or be left out; `;` and `#` begin comments. `SERVFAIL` and
/// `TIMEOUT` stand for the whole name, or behind a type for that type. A name with any record, or with names
/// below it, exists. Keeps what it was asked, as `MX a.example`.
public final class FixedResolver implements Resolver {
    private static final int CNAME_LIMIT = 16;
    private static final String FAILS = "FAILS";
    private static final Pattern LINE = Pattern.compile("(\\S+)(?:\\s+(?:IN|[0-9]+))*\\s+([A-Z]+)(.*)");

    private final Map<String, Map<String, List<String>>> zone = new LinkedHashMap<>();
    private final List<String> asked = new CopyOnWriteArrayList<>();

    public FixedResolver(String... zone) {
        for (String text : zone) {
            text.lines().forEach(this::add);
        }
    }

    /// Adds the records of one line.
    public FixedResolver add(String line) {
        String text = line.replaceAll("(^|\\s)[;#][^\"]*$", "").strip();
        if (text.isEmpty()) {
            return this;
        }
        Matcher parts = LINE.matcher(text);
        if (!parts.matches()) {
            throw new IllegalArgumentException("no line of a zone: " + line);
        }
        String name = key(parts.group(1));
        String type = parts.group(2);
        String rest = parts.group(3).strip();
        synchronized (zone) {
            Map<String, List<String>> records = zone.computeIfAbsent(name, _ -> new LinkedHashMap<>());
            if (type.equals("SERVFAIL") || type.equals("TIMEOUT")) {
                records.computeIfAbsent(FAILS, _ -> new ArrayList<>()).add(reason(type));
            } else if (rest.equals("SERVFAIL") || rest.equals("TIMEOUT")) {
                records.computeIfAbsent(FAILS + type, _ -> new ArrayList<>()).add(reason(rest));
            } else {
                records.computeIfAbsent(type, _ -> new ArrayList<>()).add(rest);
            }
        }
        return this;
    }

    /// What was asked so far, in order: `MX a.example`.
    public List<String> asked() {
        return List.copyOf(asked);
    }

    @Override
    public Answer<Mx> mx(String domain) {
        return ask("MX", domain, rest -> {
            String[] words = rest.split("\\s+", -1);
            return new Mx(Integer.parseInt(words[0]), key(words[1]));
        });
    }

    @Override
    public Answer<String> ns(String zone) {
        return ask("NS", zone, FixedResolver::key);
    }

    @Override
    public Answer<InetAddress> a(String host) {
        return ask("A", host, FixedResolver::address);
    }

    @Override
    public Answer<InetAddress> aaaa(String host) {
        return ask("AAAA", host, FixedResolver::address);
    }

    @Override
    public Answer<String> ptr(InetAddress address) {
        return ask("PTR", address.getHostAddress(), FixedResolver::key);
    }

    @Override
    public Answer<String> txt(String name) {
        return ask("TXT", name, FixedResolver::unquoted);
    }

    private <T> Answer<T> ask(String type, String name, Function<String, T> parse) {
        asked.add(type + " " + key(name));
        synchronized (zone) {
            String at = key(name);
            for (int i = 0; i < CNAME_LIMIT; i++) {
                Map<String, List<String>> records = zone.get(at);
                if (records == null) {
                    return existsBelow(at) ? new Answer.NoData<>() : new Answer.NoName<>();
                }
                List<String> fails = records.getOrDefault(FAILS, records.getOrDefault(FAILS + type, List.of()));
                if (!fails.isEmpty()) {
                    return new Answer.TempFail<>(fails.getFirst());
                }
                if (records.containsKey(type)) {
                    return new Answer.Found<>(
                            records.get(type).stream().map(parse).toList());
                }
                if (!records.containsKey("CNAME")) {
                    return new Answer.NoData<>();
                }
                at = key(records.get("CNAME").getFirst());
            }
            return new Answer.TempFail<>("CNAME loop");
        }
    }

    private boolean existsBelow(String name) {
        return zone.keySet().stream().anyMatch(known -> known.endsWith("." + name));
    }

    private static String reason(String word) {
        return word.equals("TIMEOUT") ? "timed out" : "SERVFAIL";
    }

    private static InetAddress address(String text) {
        try {
            return InetAddress.getByName(text);
        } catch (UnknownHostException e) {
            throw new IllegalArgumentException("no address: " + text, e);
        }
    }

    private static String unquoted(String text) {
        if (!text.startsWith("\"")) {
            return text;
        }
        StringBuilder joined = new StringBuilder();
        boolean inside = false;
        for (int i = 0; i < text.length(); i++) {
            char c = text.charAt(i);
            if (c == '"') {
                inside = !inside;
            } else if (inside) {
                joined.append(c);
            }
        }
        return joined.toString();
    }

    /// Names without their last dot, in lower case; addresses in the form of `InetAddress`.
    private static String key(String name) {
        if (name.indexOf(':') >= 0) {
            return address(name).getHostAddress();
        }
        String lower = name.toLowerCase(Locale.ROOT);
        return lower.endsWith(".") ? lower.substring(0, lower.length() - 1) : lower;
    }
}
