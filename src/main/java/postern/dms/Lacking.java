package postern.dms;

import java.util.ArrayList;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Set;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
import postern.config.ConfigException;
import postern.dms.Variables.Row;
import postern.dms.Variables.State;

/// What DMS does and we do not. What it does by its own default is said in one line; what the user asked for
/// himself is a reason not to start, unless `POSTERN_WITHOUT` names it: mail would not be treated as he thinks.
///
/// @param standard what DMS does without being asked
/// @param without what was asked for and may be missing
/// @param warnings what has no effect, and why
record Lacking(Set<String> standard, Set<String> without, List<String> warnings) {
    private static final Set<String> OFF = Set.of("", "0", "none", "ignore", "FILE");
    private static final String WITHOUT = "POSTERN_WITHOUT";
    /// All scripts of all users at once.
    private static final String SIEVE = "sieve";

    /// @throws ConfigException naming all that is asked for and lacking
    static Lacking of(Volume volume, Environment environment) {
        Set<String> named =
                new LinkedHashSet<>(Stream.of(environment.get(WITHOUT).split("[,\\s]+"))
                        .filter(it -> !it.isEmpty())
                        .toList());
        Lacking found = new Lacking(new LinkedHashSet<>(), new LinkedHashSet<>(), new ArrayList<>());
        Set<String> asked = new LinkedHashSet<>();
        found.variables(volume, environment, asked);
        found.files(volume, environment, asked);
        List<String> refused = asked.stream().filter(it -> !isNamed(named, it)).toList();
        asked.stream().filter(it -> isNamed(named, it)).forEach(found.without::add);
        named.stream()
                .filter(it -> asked.stream().noneMatch(name -> isNamed(Set.of(it), name)))
                .filter(it -> !it.equals(SIEVE) && !found.standard.contains(it))
                .forEach(it -> found.warnings.add(
                        environment.origin(WITHOUT) + ": " + WITHOUT + " names " + it + ", which nobody asks for"));
        if (!refused.isEmpty()) {
            throw new ConfigException(message(volume, environment, refused));
        }
        return found;
    }

    private static String message(Volume volume, Environment environment, List<String> refused) {
        List<String> lines = new ArrayList<>();
        for (String name : refused) {
            lines.add(
                    Variables.knows(name)
                            ? environment.origin(name) + ": " + name + "=" + environment.get(name) + ": not here yet"
                                    + why(name, volume, environment)
                            : name + ": not here yet");
        }
        String names = String.join(
                ",", refused.stream().map(Lacking::shortName).distinct().toList());
        lines.add("to start without: " + WITHOUT + "=" + names);
        return String.join("\n", lines);
    }

    private static String why(String name, Volume volume, Environment environment) {
        @Nullable String objection = name.equals(Saslauthd.SWITCH) ? Saslauthd.objection(volume, environment) : null;
        if (objection != null) {
            return " (" + objection + ")";
        }
        Row row = Variables.row(name);
        return row == null || row.why().isEmpty() ? "" : " (" + row.why() + ")";
    }

    private static String shortName(String name) {
        int origin = name.lastIndexOf(": ");
        if (origin >= 0) {
            return name.substring(origin + 2);
        }
        return name.endsWith(".sieve") || name.startsWith("sieve-") ? SIEVE : name;
    }

    private static boolean isNamed(Set<String> named, String name) {
        return named.contains(name) || named.contains(shortName(name));
    }

    private void variables(Volume volume, Environment environment, Set<String> asked) {
        List<String> changed = environment.changed();
        for (Row row : Variables.rows()) {
            boolean differs = changed.contains(row.name());
            if (row.name().equals(Saslauthd.SWITCH)
                    && Saslauthd.isAsked(environment)
                    && Saslauthd.objection(volume, environment) == null) {
                continue;
            }
            if (row.state() == State.LACKS && !OFF.contains(environment.get(row.name()))) {
                (differs ? asked : standard).add(row.name());
            } else if (row.state() == State.NONE && differs) {
                warnings.add(environment.origin(row.name()) + ": " + row.name() + "=" + environment.get(row.name())
                        + " has no effect: " + row.why());
            }
        }
    }

    private void files(Volume volume, Environment environment, Set<String> asked) {
        for (String name : List.of("dovecot.cf", "user-patches.sh")) {
            if (!volume.lines(name).isEmpty()) {
                asked.add(name);
            }
        }
        volume.names("").stream()
                .filter(name ->
                        name.endsWith(".dovecot.sieve") && !volume.lines(name).isEmpty())
                .forEach(asked::add);
        for (String directory : List.of("sieve-pipe", "sieve-filter")) {
            volume.names(directory).forEach(name -> asked.add(directory + "/" + name));
        }
        networks(volume, environment, asked);
        belonging(environment, "ENABLE_AMAVIS", List.of("amavis.cf"), volume, asked);
        belonging(environment, "ENABLE_SPAMASSASSIN", List.of("spamassassin-rules.cf"), volume, asked);
        belonging(environment, "ENABLE_FETCHMAIL", List.of("fetchmail.cf"), volume, asked);
        belonging(environment, "ENABLE_GETMAIL", under(volume, "getmail"), volume, asked);
        List<String> rspamd = new ArrayList<>(under(volume, "rspamd/override.d"));
        rspamd.remove("rspamd/override.d/dkim_signing.conf");
        rspamd.add("rspamd/custom-commands.conf");
        belonging(environment, "ENABLE_RSPAMD", rspamd, volume, asked);
        if (environment.isOn("ENABLE_FAIL2BAN")
                && !volume.lines("fail2ban-fail2ban.cf").isEmpty()) {
            warnings.add("fail2ban-fail2ban.cf has no effect: there is no fail2ban, its jails are ours");
        }
        if (volume.has("dhparams.pem")) {
            warnings.add("dhparams.pem has no effect: the JDK has its groups for the key exchange");
        }
    }

    /// An account that may log in from some networks only would be open to all.
    private static void networks(Volume volume, Environment environment, Set<String> asked) {
        if (!DirectoryFiles.areAsked(environment) && !environment.isOn("SMTP_ONLY")) {
            for (Volume.Line line : volume.lines(Accounts.FILE)) {
                ExtraFields.networks(line).forEach(name -> asked.add(line.origin() + ": " + name));
            }
        }
    }

    private static List<String> under(Volume volume, String directory) {
        return volume.names(directory).stream()
                .map(name -> directory + "/" + name)
                .toList();
    }

    /// Files count only with the switch that they belong to.
    private static void belonging(
            Environment environment, String name, List<String> files, Volume volume, Set<String> asked) {
        if (!OFF.contains(environment.get(name))) {
            files.stream().filter(file -> !volume.lines(file).isEmpty()).forEach(asked::add);
        }
    }

    /// What is lacking at DMS's own default, in one line; null when nothing is.
    @Nullable
    String line() {
        return standard.isEmpty()
                ? null
                : "not here yet, and on in docker-mailserver by its default: " + String.join(", ", standard);
    }
}
