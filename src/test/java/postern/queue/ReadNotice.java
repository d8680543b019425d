package postern.queue;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/// A notice taken apart by the grammar of RFC 2046 and RFC 3464, with nothing known of how it was written.
record ReadNotice(Map<String, String> header, List<Part> parts) {
    record Part(Map<String, String> header, String body) {
        String type() {
            return header.getOrDefault("content-type", "").replaceAll(";.*", "");
        }
    }

    static ReadNotice of(String text) {
        assertThat(text).as("canonical lines").doesNotContainPattern("[^\r]\n").doesNotContainPattern("\r[^\n]");
        assertThat(text.lines()).as("lines of RFC 5322 §2.1.1").allMatch(line -> line.length() <= 998);
        int end = text.indexOf("\r\n\r\n");
        Map<String, String> header = fields(text.substring(0, end + 2));
        String boundary = parameter(header.get("content-type"), "boundary");
        List<Part> parts = new ArrayList<>();
        String rest = text.substring(end + 2);
        int from = rest.indexOf("\r\n--" + boundary + "\r\n");
        while (from >= 0) {
            int bodyFrom = from + boundary.length() + 6;
            int to = rest.indexOf("\r\n--" + boundary, bodyFrom);
            assertThat(to).as("end of part").isPositive();
            String part = rest.substring(bodyFrom, to);
            int split = part.indexOf("\r\n\r\n");
            parts.add(new Part(fields(part.substring(0, split + 2)), part.substring(split + 4)));
            boolean last = rest.startsWith("--", to + boundary.length() + 4);
            from = last ? -1 : to;
        }
        assertThat(rest).endsWith("\r\n--" + boundary + "--\r\n");
        return new ReadNotice(header, parts);
    }

    /// The groups of fields in the status part: first the message's, then one per recipient.
    List<Map<String, String>> status() {
        List<Map<String, String>> groups = new ArrayList<>();
        for (String group : parts.get(1).body().split("\r\n\r\n", -1)) {
            groups.add(fields(group + "\r\n"));
        }
        return groups;
    }

    private static Map<String, String> fields(String block) {
        Map<String, String> fields = new LinkedHashMap<>();
        String unfolded = block.replaceAll("\r\n[ \t]+", " ");
        for (String line : unfolded.strip().split("\r\n", -1)) {
            int colon = line.indexOf(':');
            assertThat(colon).as("colon in \"%s\"", line).isPositive();
            String name = line.substring(0, colon).toLowerCase(java.util.Locale.ROOT);
            assertThat(fields.put(name, line.substring(colon + 1).strip()))
                    .as("second %s", name)
                    .isNull();
        }
        return fields;
    }

    private static String parameter(String field, String name) {
        int from = field.indexOf(name + "=\"") + name.length() + 2;
        return field.substring(from, field.indexOf('"', from));
    }
}
