package postern.dms;

import java.net.InetAddress;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
import postern.config.Cidr;

/// `fail2ban-jail.cf` (jail.conf(5)), as far as it says when a client is banned, for how long, and who never is.
/// DMS counts failures of Postfix and of Dovecot apart; here there is one count: `[dovecot]` goes before
/// `[DEFAULT]`, and either jail's `ignoreip` counts.
///
/// @param settings by the names of our parameters
/// @param warnings what has no effect, file and line
record JailFile(Map<String, String> settings, List<String> warnings) {
    static final String NAME = "fail2ban-jail.cf";

    private static final String DEFAULT = "DEFAULT";
    private static final String LOGIN = "dovecot";
    private static final String POSTFIX = "postfix";
    private static final String CUSTOM = "custom";
    /// What DMS's own jail has.
    private static final String STANDARD_TIME = "1w";

    private static final String STANDARD_RETRIES = "6";
    private static final Set<String> READ = Set.of("bantime", "findtime", "maxretry", "ignoreip");
    /// What says how fail2ban does it: the same here whatever it says.
    private static final Set<String> MEANS = Set.of(
            "enabled",
            "port",
            "banaction",
            "banaction_allports",
            "action",
            "logpath",
            "backend",
            "mode",
            "filter",
            "protocol",
            "chain",
            "usedns",
            "loglevel",
            "maxmatches");
    private static final Pattern SECTION = Pattern.compile("\\[([^]]+)]");
    private static final Pattern DELIMITER = Pattern.compile("[=:]");
    private static final Pattern TIME = Pattern.compile("([0-9]+)\\s*([a-zA-Z]*)\\s*");
    /// `[192.168.2.2]:25`, `[IPv6:2001:db8::1]`
    private static final Pattern HOP = Pattern.compile("\\[(?:IPv6:)?([0-9.]+|[0-9a-fA-F]*:[0-9a-fA-F:.]*)]");

    private static final Pattern NETWORK = Pattern.compile("[0-9a-fA-F:.]+(/[0-9]+)?");

    /// What the file says of one name in one section.
    private record Value(String text, Volume.Line line) {}

    /// Without ENABLE_FAIL2BAN=1 our own parameters say when. A next hop that is named by its address, which the
    /// public server is, is never banned.
    ///
    /// @throws postern.config.ConfigException naming file and line
    static JailFile of(Volume volume, Environment environment, Relays relays) {
        JailFile made = new JailFile(new LinkedHashMap<>(), new ArrayList<>());
        List<String> exempt = hops(relays);
        if (environment.isOn("ENABLE_FAIL2BAN")) {
            exempt.addAll(made.jails(volume));
        }
        made.put("postern_login_ban_exempt", String.join(" ", exempt));
        return made;
    }

    private static List<String> hops(Relays relays) {
        List<String> hops = new ArrayList<>();
        Stream.concat(
                        Stream.ofNullable(relays.settings().get("relayhost")),
                        relays.tables().getOrDefault("relayhost_map", List.of()).stream())
                .map(HOP::matcher)
                .filter(Matcher::find)
                .forEach(hop ->
                        hops.add(Cidr.parse(hop.group(1).indexOf(':') < 0 ? hop.group(1) : "[" + hop.group(1) + "]")
                                .toString()));
        return hops;
    }

    /// @return who is never banned
    private List<String> jails(Volume volume) {
        Map<String, Value> values = values(volume);
        put("postern_login_ban_time", seconds(values, LOGIN, "bantime"));
        put("postern_login_find_time", seconds(values, LOGIN, "findtime"));
        put("postern_login_failure_limit", Long.toString(isOn(values) ? number(values) : 0));
        put("postern_login_ban_connections", "yes");
        Value custom = values.get(CUSTOM + "/bantime");
        put("postern_ban_time", custom == null ? "180d" : seconds(custom.text(), custom.line()));
        return ignored(values);
    }

    private void put(String name, String value) {
        settings.put(name, value);
    }

    private Map<String, Value> values(Volume volume) {
        Map<String, Value> values = new HashMap<>();
        String section = DEFAULT;
        for (Volume.Line line : joined(volume.text(NAME))) {
            Matcher head = SECTION.matcher(line.text());
            int equals = delimiter(line.text());
            if (head.matches()) {
                section = head.group(1).strip();
            } else if (equals > 0) {
                String name = line.text().substring(0, equals).strip();
                String text = line.text().substring(equals + 1).strip();
                values.put(section + "/" + name, new Value(text, line));
                if (!MEANS.contains(name) && !READ.contains(name)) {
                    warnings.add(line.origin() + ": " + name + " has no effect here");
                }
            } else {
                warnings.add(line.origin() + ": the line has no effect here");
            }
        }
        return values;
    }

    /// As Python's configparser has lines: what is indented deeper than an option goes on with it; comments are
    /// taken off.
    private static List<Volume.Line> joined(String text) {
        List<Volume.Line> lines = new ArrayList<>();
        int number = 0;
        int indented = Integer.MAX_VALUE;
        for (String raw : text.split("\n", -1)) {
            number++;
            String bare = raw.strip().replaceFirst("(^|\\s)[#;].*$", "").strip();
            int indent = raw.length() - raw.stripLeading().length();
            if (!bare.isEmpty() && indent > indented) {
                Volume.Line before = lines.removeLast();
                lines.add(new Volume.Line(before.text() + " " + bare, before.origin()));
            } else if (!bare.isEmpty()) {
                lines.add(new Volume.Line(bare, NAME + ":" + number));
                indented = delimiter(bare) > 0 ? indent : Integer.MAX_VALUE;
            }
        }
        return lines;
    }

    /// Where an option's name ends: at `=` or `:`, whichever is first; -1 in a section's head.
    private static int delimiter(String text) {
        Matcher delimiter = DELIMITER.matcher(text);
        return !text.startsWith("[") && delimiter.find() ? delimiter.start() : -1;
    }

    private static boolean isOn(Map<String, Value> values) {
        return List.of(LOGIN, POSTFIX).stream()
                .map(section -> values.get(section + "/enabled"))
                .anyMatch(value -> value == null || !value.text().matches("(?i)false|no|0|off"));
    }

    private static @Nullable Value find(Map<String, Value> values, String section, String name) {
        Value own = values.get(section + "/" + name);
        return own == null ? values.get(DEFAULT + "/" + name) : own;
    }

    private static String seconds(Map<String, Value> values, String section, String name) {
        Value value = find(values, section, name);
        return value == null ? STANDARD_TIME : seconds(value.text(), value.line());
    }

    /// fail2ban's times: `600`, `10m`, `1h`, `7d`, `1w`, `1d 12h`, and -1 for ever.
    private static String seconds(String text, Volume.Line line) {
        if (text.equals("-1")) {
            return "36500d";
        }
        Matcher part = TIME.matcher(text);
        Duration all = Duration.ZERO;
        int at = 0;
        while (at < text.length() && part.find(at) && part.start() == at) {
            all = all.plus(unit(part.group(2), line).multipliedBy(Long.parseLong(part.group(1))));
            at = part.end();
        }
        if (text.isEmpty() || at < text.length() || all.toDays() > 36_500) {
            throw line.error("a time is a number with s, m, h, d, w, mo or y, or -1 for ever");
        }
        return all.toSeconds() + "s";
    }

    private static Duration unit(String unit, Volume.Line line) {
        return switch (unit) {
            case "", "s", "sec", "second", "seconds" -> Duration.ofSeconds(1);
            case "m", "min", "minute", "minutes" -> Duration.ofMinutes(1);
            case "h", "hour", "hours" -> Duration.ofHours(1);
            case "d", "da", "day", "days" -> Duration.ofDays(1);
            case "w", "week", "weeks" -> Duration.ofDays(7);
            case "mo", "mon", "month", "months" -> Duration.ofDays(30);
            case "y", "year", "years" -> Duration.ofDays(365);
            default -> throw line.error("\"" + unit + "\" is no unit of time: s, m, h, d, w, mo or y");
        };
    }

    private static long number(Map<String, Value> values) {
        Value value = find(values, LOGIN, "maxretry");
        String text = value == null ? STANDARD_RETRIES : value.text();
        if (value != null && !text.matches("[1-9][0-9]{0,5}")) {
            throw value.line().error("maxretry is a number above 0");
        }
        return Long.parseLong(text);
    }

    private List<String> ignored(Map<String, Value> values) {
        List<String> networks = new ArrayList<>();
        for (String section : List.of(DEFAULT, LOGIN, POSTFIX)) {
            Value value = values.get(section + "/ignoreip");
            if (value == null) {
                continue;
            }
            for (String word : value.text().split("[,\\s]+")) {
                if (NETWORK.matcher(word).matches()) {
                    networks.add(network(word, value.line()));
                } else if (!word.isEmpty() && !word.equals("localhost")) {
                    warnings.add(value.line().origin() + ": ignoreip: " + word
                            + " is no network; names have no effect here");
                }
            }
        }
        return networks;
    }

    /// fail2ban takes `127.0.0.1/8` for `127.0.0.0/8`.
    private static String network(String word, Volume.Line line) {
        int slash = word.indexOf('/');
        try {
            InetAddress address = InetAddress.ofLiteral(slash < 0 ? word : word.substring(0, slash));
            int all = 8 * address.getAddress().length;
            int bits = slash < 0 ? all : Integer.parseInt(word.substring(slash + 1));
            if (bits > all) {
                throw line.error("ignoreip: " + word + " is no network");
            }
            return Cidr.around(address, bits).toString();
        } catch (IllegalArgumentException e) {
            throw line.error("ignoreip: " + word + " is no network");
        }
    }
}
