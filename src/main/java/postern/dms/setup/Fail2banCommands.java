package postern.dms.setup;

import java.io.IOException;
import java.nio.file.Files;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.StringJoiner;
import java.util.regex.Pattern;
import java.util.stream.Stream;

/// `setup fail2ban`: the bans of the running server, in DMS's words.
final class Fail2banCommands {
    private static final Pattern OF_LOG =
            Pattern.compile(": (?:banned|no longer banned)|auth failed|authentication failed");

    private Fail2banCommands() {}

    static void run(List<String> arguments, Site site) throws IOException {
        List<String> networks = arguments.isEmpty() ? List.of() : arguments.subList(1, arguments.size());
        switch (arguments.isEmpty() ? "" : arguments.getFirst()) {
            case "" -> list(site);
            case "ban" -> ban(networks, site);
            case "unban" -> unban(networks, site);
            case "status" -> status(site);
            case "log" -> log(site);
            default -> throw Refusal.withUsage("Unknown command '" + arguments.getFirst() + "'");
        }
    }

    /// The networks of each jail.
    private static Map<String, StringJoiner> jails(Site site) throws IOException {
        Map<String, StringJoiner> jails = new LinkedHashMap<>();
        for (String line : site.rooms().server().ask(List.of("bans"))) {
            String[] words = line.split(" ", -1);
            jails.computeIfAbsent(words[0], jail -> new StringJoiner(" ")).add(words[1]);
        }
        return jails;
    }

    private static void list(Site site) throws IOException {
        Map<String, StringJoiner> jails = jails(site);
        jails.forEach((jail, networks) -> site.report().line("Banned in " + jail + ": " + networks));
        if (jails.isEmpty()) {
            site.report().info("No IPs have been banned");
        }
    }

    private static void ban(List<String> networks, Site site) throws IOException {
        if (networks.isEmpty()) {
            site.report().warning("You need to specify an IP address: Run 'setup fail2ban ban <IP>'");
            return;
        }
        int count = 0;
        for (String network : networks) {
            count += site.rooms().server().ask(List.of("bans", "ban", network)).contains("banned " + network) ? 1 : 0;
        }
        if (count == 0) {
            throw Refusal.of("'" + String.join(" ", networks) + "' is already banned");
        }
        site.report().line("Banned custom IP: " + count);
    }

    private static void unban(List<String> networks, Site site) throws IOException {
        if (networks.isEmpty()) {
            site.report()
                    .warning(
                            "You need to specify an IP address: Run 'setup fail2ban' to get a list of banned IP addresses");
            return;
        }
        Map<String, Integer> counts = new LinkedHashMap<>();
        for (String network : networks) {
            String said = String.join("", site.rooms().server().ask(List.of("bans", "unban", network)));
            if (said.startsWith("unbanned ")) {
                counts.merge(said.substring(said.lastIndexOf(' ') + 1), 1, Integer::sum);
            }
        }
        counts.forEach((jail, count) -> site.report().line("Unbanned IP from " + jail + ": " + count));
    }

    /// As fail2ban shows it, as far as there is such a thing here.
    private static void status(Site site) throws IOException {
        Map<String, StringJoiner> jails = jails(site);
        site.report().line("Status\n|- Number of jail:\t2\n`- Jail list:\tlogin, custom");
        for (String jail : List.of("login", "custom")) {
            String networks = String.valueOf(jails.getOrDefault(jail, new StringJoiner(" ")));
            int count = networks.isEmpty() ? 0 : networks.split(" ", -1).length;
            site.report()
                    .line("\nStatus for the jail: " + jail + "\n`- Actions\n   |- Currently banned:\t" + count
                            + "\n   `- Banned IP list:\t" + networks);
        }
    }

    /// Failed logins and bans, of the log.
    private static void log(Site site) throws IOException {
        if (!Files.isReadable(DebugCommands.MAIL_LOG)) {
            throw Refusal.of("'" + DebugCommands.MAIL_LOG
                    + "' cannot be read; without it the log is where the server's output goes");
        }
        try (Stream<String> lines = Files.lines(DebugCommands.MAIL_LOG, java.nio.charset.StandardCharsets.ISO_8859_1)) {
            lines.filter(line -> OF_LOG.matcher(line).find())
                    .forEach(line -> site.report().line(line));
        }
    }
}
