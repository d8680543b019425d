package postern.rewrite;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import postern.config.MainCf;
import postern.lookup.TableContext;
import postern.lookup.Tables;

/// A file of what a real Postfix answered: settings in lines that begin with `> `, and rows of tab-separated
/// fields that were asked with them.
///
/// @param table the lines that begin with a bar: a table's text
/// @param parts the configurations, with their rows
record Golden(String table, List<Part> parts) {
    record Part(Map<String, String> settings, List<String[]> rows) {
        MainCf conf(Path directory) {
            return MainCf.of(directory, settings);
        }
    }

    static Tables tables(MainCf conf) {
        return new Tables(TableContext.of(conf));
    }

    static Golden read(String name) throws IOException {
        StringBuilder table = new StringBuilder();
        List<Part> parts = new ArrayList<>();
        for (String line : Files.readAllLines(Path.of("src/test/resources/postern/rewrite", name))) {
            if (line.startsWith("|")) {
                table.append(line.substring(1)).append('\n');
            } else if (line.startsWith("# ")) {
                parts.add(new Part(new LinkedHashMap<>(), new ArrayList<>()));
            } else if (line.startsWith("> ")) {
                String[] setting = line.substring(2).split(" = ?", 2);
                parts.getLast().settings.put(setting[0], setting[1]);
            } else if (!line.isEmpty() && !line.startsWith("#")) {
                parts.getLast().rows.add(line.split("\t", -1));
            }
        }
        return new Golden(table.toString(), parts);
    }
}
