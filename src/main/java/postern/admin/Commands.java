package postern.admin;

import java.io.IOException;
import java.util.List;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/// The list of operator commands. To add one: its file, and its row here.
public final class Commands {
    /// A row.
    ///
    /// @param arguments as help shows them
    /// @param help one line
    /// @param readsIds whether `-` among the arguments stands for queue ids on standard input
    public record Row(String name, String arguments, String help, boolean readsIds, Class<?> type) {
        Row(String name, String arguments, String help, Command command) {
            this(name, arguments, help, command instanceof EachMessage, command.getClass());
        }
    }

    private record Entry(Row row, Command command) {}

    private static Entry entry(String name, String arguments, String help, Command command) {
        return new Entry(new Row(name, arguments, help, command), command);
    }

    private static final List<Entry> ENTRIES = List.of(
            entry("mailq", "[-j] [ID ...]", "what is in the queue; -j: as JSON lines", new Mailq()),
            entry("flush", "[SITE]", "try waiting mail now: all, or that for a domain or next hop", new Flush()),
            entry("hold", "ID ... | ALL", "keep messages until they are released", new Hold()),
            entry("release", "ID ... | ALL", "let held messages go", new Release()),
            entry("requeue", "ID ... | ALL", "let messages come in again, rewritten anew", new Requeue()),
            entry("delete", "ID ... | ALL [deferred]", "delete messages for good", new Delete()),
            entry("cat", "[-ehb] ID", "show a message: envelope, header, body", new Cat()),
            entry("check", "", "read every message and say which cannot be read", new Check()),
            entry("status", "", "how the server is: uptime, memory, destinations", new Status()),
            entry("reload", "", "take the configuration anew", new Reload()),
            entry("usage", "[ADDRESS ...]", "how many bytes of mail accounts have", new Usage()),
            entry("purge", "ADDRESS ...", "remove all mail of accounts for good", new Purge()),
            entry("backup", "DEST", "copy mailboxes and configuration, what is new of them", new Backup()),
            entry("bans", "[ban|unban NETWORK]", "who is not listened to; ban one, or lift a ban", new Bans()),
            entry("stop", "", "stop the server", new Stop()));

    private Commands() {}

    /// The table.
    public static List<Row> rows() {
        return ENTRIES.stream().map(Entry::row).toList();
    }

    /// The help of all of them, a line each.
    public static String help() {
        return ENTRIES.stream()
                .map(Entry::row)
                .map(row -> String.format("  %-9s%-24s%s%n", row.name(), row.arguments(), row.help()))
                .collect(Collectors.joining());
    }

    /// Whether there is such a command.
    public static boolean contains(String name) {
        return row(name) != null;
    }

    static @Nullable Row row(String name) {
        Entry entry = find(name);
        return entry == null ? null : entry.row();
    }

    static @Nullable Command command(String name) {
        Entry entry = find(name);
        return entry == null ? null : entry.command();
    }

    private static @Nullable Entry find(String name) {
        return ENTRIES.stream()
                .filter(entry -> entry.row().name().equals(name))
                .findFirst()
                .orElse(null);
    }

    private static boolean takesNone(Command command) {
        return ENTRIES.stream()
                .anyMatch(entry ->
                        entry.command() == command && entry.row().arguments().isEmpty());
    }

    /// Runs a command; what is wrong with its arguments, or with the queue, is part of the answer.
    static Exit run(Command command, List<String> arguments, Command.Scene scene, Answer answer) throws IOException {
        try {
            if (!arguments.isEmpty() && takesNone(command)) {
                throw new IllegalArgumentException("\"" + arguments.getFirst() + "\" is not understood");
            }
            return command.run(arguments, scene, answer);
        } catch (IllegalArgumentException e) {
            answer.error("postern: " + e.getMessage());
            return Exit.USAGE;
        } catch (IOException e) {
            answer.error("postern: " + e.getMessage());
            return Exit.TEMPFAIL;
        }
    }
}
