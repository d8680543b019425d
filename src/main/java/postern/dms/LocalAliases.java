package postern.dms;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import postern.config.ConfigFiles;

/// Who has mail for names of this host: `postfix-aliases.cf` (aliases(5)), behind `root: POSTMASTER_ADDRESS`.
/// Addresses, `/dev/null` and `:include:`; commands and files are refused by name.
///
/// @param targets by name; a name that leads to itself alone is thrown away
/// @param included the files that were read besides
record LocalAliases(Map<String, List<String>> targets, List<Path> included, List<String> warnings) {
    static final String NAME = "postfix-aliases.cf";
    private static final String INCLUDE = ":include:";
    private static final String NOWHERE = "/dev/null";

    /// @throws postern.config.ConfigException naming file and line
    static LocalAliases of(Volume volume, String postmaster, boolean isManaged) {
        LocalAliases made = new LocalAliases(new LinkedHashMap<>(), new ArrayList<>(), new ArrayList<>());
        made.targets.put("root", List.of(postmaster));
        for (Volume.Line line : volume.logicalLines(NAME, made.warnings)) {
            made.read(volume, line);
        }
        if (!isManaged) {
            made.targets.putIfAbsent("postmaster", List.of("root"));
            made.targets.putIfAbsent("mailer-daemon", List.of("postmaster"));
        }
        return made;
    }

    private void read(Volume volume, Volume.Line line) {
        int colon = colon(line.text());
        String name = colon < 0 ? "" : unquoted(line.text().substring(0, colon).strip());
        if (name.isEmpty() || name.indexOf('@') >= 0 || name.chars().anyMatch(Character::isWhitespace)) {
            throw line.error("an alias is name: target, the name without a domain");
        }
        List<String> to = new ArrayList<>();
        boolean nowhere = false;
        for (String target : split(line.text().substring(colon + 1))) {
            if (target.equals(NOWHERE)) {
                nowhere = true;
            } else if (target.startsWith(INCLUDE)) {
                include(volume, line, target.substring(INCLUDE.length()), to);
            } else {
                to.add(checked(line, target));
            }
        }
        if (to.isEmpty() && !nowhere) {
            throw line.error("the alias " + name + " has no target");
        }
        String key = name.toLowerCase(Locale.ROOT);
        if (targets.putIfAbsent(key, to.isEmpty() ? List.of(key) : List.copyOf(to)) != null) {
            warnings.add(line.origin() + ": " + name
                    + (key.equals("root") ? " goes to POSTMASTER_ADDRESS" : " is there already")
                    + ": this line has no effect");
        }
    }

    private static String checked(Volume.Line line, String target) {
        if (target.startsWith("|") || target.startsWith("/") || target.startsWith(":") || target.startsWith("~")) {
            throw line.error("\"" + target + "\": commands and files get no mail here; an address is needed,"
                    + " /dev/null, or :include:/path");
        }
        return target;
    }

    private void include(Volume volume, Volume.Line line, String name, List<String> to) {
        Path file = volume.path(name);
        try {
            included.add(file);
            String text = Volume.decode(file.toString(), Files.readAllBytes(file));
            for (Volume.Line each : Volume.lines(file.toString(), text)) {
                split(each.text()).forEach(target -> to.add(checked(each, target)));
            }
        } catch (IOException e) {
            throw line.error(ConfigFiles.why(file, e));
        }
    }

    /// Where the name ends: at a colon outside of double quotes; -1 without one.
    private static int colon(String text) {
        boolean quoted = false;
        for (int i = 0; i < text.length(); i++) {
            if (text.charAt(i) == '"') {
                quoted = !quoted;
            } else if (text.charAt(i) == ':' && !quoted) {
                return i;
            }
        }
        return -1;
    }

    /// Targets between commas, without the quotes around one.
    private static List<String> split(String text) {
        List<String> parts = new ArrayList<>();
        StringBuilder part = new StringBuilder();
        boolean quoted = false;
        for (char c : (text + ",").toCharArray()) {
            if (c == '"') {
                quoted = !quoted;
            } else if (quoted || (c != ',' && !Character.isWhitespace(c))) {
                part.append(c);
            } else if (!part.isEmpty()) {
                parts.add(part.toString());
                part.setLength(0);
            }
        }
        if (!part.isEmpty()) {
            parts.add(part.toString());
        }
        return parts;
    }

    private static String unquoted(String text) {
        return text.replace("\"", "");
    }

    /// `root you@example.com`, a line each. A name that is thrown away leads to itself: it is known, and
    /// [#discards] leads it out of the world.
    List<String> lines() {
        return targets.entrySet().stream()
                .map(each -> each.getKey() + " " + String.join(", ", each.getValue()))
                .toList();
    }

    /// The lines of `transport_maps` for what is thrown away.
    ///
    /// @param domains of this host
    List<String> discards(List<String> domains) {
        return targets.entrySet().stream()
                .filter(each -> each.getValue().equals(List.of(each.getKey())))
                .flatMap(each -> domains.stream().map(domain -> each.getKey() + "@" + domain + " discard:"))
                .toList();
    }
}
