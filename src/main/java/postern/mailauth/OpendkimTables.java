package postern.mailauth;

import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import postern.address.Address;
import postern.address.Domain;
import postern.config.ConfigException;

/// opendkim's KeyTable and SigningTable (opendkim.conf(5)), both read as `refile:`, as DMS has them. Of the rows
/// of the SigningTable the first that matches the author signs. TrustedHosts says nothing here: who may have mail
/// signed is not a matter of networks.
///
/// @param rows of the SigningTable, in order
/// @param keys of the KeyTable that rows name, by their names
record OpendkimTables(List<Row> rows, Map<String, Entry> keys) {
    /// A row of the SigningTable.
    ///
    /// @param key the name in the KeyTable; `%` is the author's domain
    /// @param agent for `i=`, null for none
    record Row(Wildcards author, String key, @Nullable String agent) {}

    /// A row of the KeyTable.
    ///
    /// @param domain `%` is the author's
    record Entry(String domain, String selector, DkimKey key) {}

    private record Line(String name, String value, String origin) {}

    /// @param directory that holds both
    /// @throws ConfigException naming file and line
    static OpendkimTables of(Path directory, KeyFiles keyFiles) {
        Map<String, Line> named = new LinkedHashMap<>();
        for (Line line : lines(directory.resolve("KeyTable"), keyFiles.files())) {
            named.putIfAbsent(line.name(), line);
        }
        List<Row> rows = new ArrayList<>();
        Map<String, Entry> keys = new LinkedHashMap<>();
        for (Line line : lines(directory.resolve("SigningTable"), keyFiles.files())) {
            String[] words = line.value().split("[ \t]+", 2);
            rows.add(new Row(new Wildcards(line.name()), words[0], words.length < 2 ? null : words[1]));
            if (words[0].equals("%")) {
                named.values().forEach(each -> keys.computeIfAbsent(each.name(), none -> entry(each, keyFiles)));
                continue;
            }
            Line key = named.get(words[0]);
            if (key == null) {
                throw new ConfigException(
                        line.origin() + ": \"" + words[0] + "\" is not in " + directory.resolve("KeyTable"));
            }
            keys.computeIfAbsent(key.name(), none -> entry(key, keyFiles));
        }
        return new OpendkimTables(List.copyOf(rows), Map.copyOf(keys));
    }

    private static List<Line> lines(Path file, SourceFiles files) {
        List<Line> lines = new ArrayList<>();
        int number = 0;
        for (String text : files.text(file).split("\n", -1)) {
            number++;
            String line = text.strip();
            if (line.isEmpty() || line.startsWith("#")) {
                continue;
            }
            String origin = file + ":" + number;
            String[] words = line.split("[ \t]+", 2);
            if (words.length < 2) {
                throw new ConfigException(origin + ": \"" + line + "\" has no second column");
            }
            lines.add(new Line(words[0], words[1], origin));
        }
        return lines;
    }

    private static Entry entry(Line line, KeyFiles keyFiles) {
        String[] parts = line.value().split(":", 3);
        if (parts.length < 3 || parts[0].isBlank() || parts[1].isBlank() || parts[2].isBlank()) {
            throw new ConfigException(line.origin() + ": \"" + line.value() + "\" is not domain:selector:/path/to/key");
        }
        String path = parts[2].strip();
        if (!path.startsWith("/") || path.contains("%")) {
            throw new ConfigException(
                    line.origin()
                            + ": the key must be a file, named by its whole path; keys within the table and % in a path are not supported");
        }
        return new Entry(
                DkimNames.domain(parts[0], line.origin()),
                DkimNames.selector(parts[1], line.origin()),
                keyFiles.key(path, line.origin()));
    }

    /// Who signs for an author: nobody, or one.
    List<SigningIdentity> identities(Address author) {
        Domain domain = author.domain();
        for (Row row : domain == null ? List.<Row>of() : rows) {
            if (row.author().matches(author.internal())) {
                String of = domain == null ? "" : domain.key();
                Entry entry = keys.get(row.key().equals("%") ? of : row.key());
                return entry == null ? List.of() : List.of(identity(entry, row, of));
            }
        }
        return List.of();
    }

    /// An agent outside the signing domain is left out: such a signature would not verify (RFC 6376 §3.5).
    private static SigningIdentity identity(Entry entry, Row row, String authorDomain) {
        String domain = entry.domain().equals("%") ? authorDomain : entry.domain();
        String agent = row.agent() == null ? null : row.agent().replace("%", authorDomain);
        boolean fits =
                agent != null && new Domain(agent.substring(agent.lastIndexOf('@') + 1)).isWithin(new Domain(domain));
        return new SigningIdentity(
                domain, entry.selector(), fits ? agent : null, entry.key(), SigningIdentity.Form.OPENDKIM);
    }
}
