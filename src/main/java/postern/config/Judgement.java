package postern.config;

import java.util.ArrayList;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Set;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;
import postern.config.ParameterRow.Effect;

/// What is to be said of a configuration's settings before the server starts with it: no setting is silently
/// ignored. What could weaken security or change where mail goes, and is not built here, is a reason not to
/// start; anything else without effect is a warning, unless it has none here for a good reason (`biff`).
///
/// @param refusals reasons not to start, each beginning with `file:line: `
/// @param warnings what the administrator should know, each beginning with `file:line: `
public record Judgement(List<String> refusals, List<String> warnings) {
    private static final int SHOWN = 60;
    /// `$name`, `${name}` and `$(name)`, but not `$$` and not those with a condition.
    private static final Pattern REFERENCE =
            Pattern.compile("(?<!\\$)\\$([A-Za-z_]\\w*|\\{[A-Za-z_]\\w*}|\\([A-Za-z_]\\w*\\))");
    /// Texts with names of their own, filled in when they are used.
    private static final Set<String> FILLED_IN_LATER = Set.of("default_rbl_reply", "forward_path", "luser_relay");

    /// Looks at each setting of main.cf and each option of master.cf that is not the default.
    public static Judgement of(MainCf main, MasterCf master) {
        return new Court(main, master).judge();
    }

    /// Goes on only when there is no refusal.
    ///
    /// @throws ConfigException with all refusals, a line each
    public void orRefuse() {
        if (!refusals.isEmpty()) {
            throw new ConfigException(String.join("\n", refusals));
        }
    }

    private static final class Court {
        private final MainCf main;
        private final MasterCf master;
        private final UsedNames used;
        private final Set<String> refusals = new LinkedHashSet<>();
        private final Set<String> warnings = new LinkedHashSet<>();

        Court(MainCf main, MasterCf master) {
            this.main = main;
            this.master = master;
            this.used = new UsedNames(main, master);
        }

        Judgement judge() {
            warnings.addAll(main.warnings());
            warnings.addAll(master.warnings());
            main.names().forEach(name -> judge(main, name));
            for (MasterService service : master.written()) {
                MainCf seen = service.over(main);
                service.options().keySet().forEach(name -> judge(seen, name));
            }
            return new Judgement(new ArrayList<>(refusals), new ArrayList<>(warnings));
        }

        /// A misspelt `$name` would stand for nothing, and empty the list it stands in.
        private void judgeReferences(MainCf seen, String name, String text) {
            for (Matcher reference = REFERENCE.matcher(text); reference.find(); ) {
                String other = reference.group().replaceAll("[${}()]", "");
                if (seen.text(other) == null && Parameters.row(other) == null) {
                    warnings.add(seen.origin(name) + ": " + name + ": undefined parameter: " + other
                            + Spelling.meant(other, Parameters.rows().keySet()));
                }
            }
        }

        private void judge(MainCf seen, String name) {
            ParameterRow row = Parameters.row(name);
            String text = seen.text(name);
            if (text != null && !FILLED_IN_LATER.contains(name)) {
                judgeReferences(seen, name, text);
            }
            if (row == null) {
                if (!used.contains(name)) {
                    warnings.add(unused(seen, name));
                }
                return;
            }
            boolean silent = row.effect() == Effect.WORKS
                    || row.effect() == Effect.NONE
                    || (name.startsWith("postscreen_") && !master.hasPostscreen())
                    || Sameness.isDefault(seen, name, row.defaultText());
            if (!silent) {
                (row.effect() == Effect.REFUSES ? refusals : warnings)
                        .add(seen.origin(name) + ": " + name + " = " + shown(seen, name) + ": "
                                + row.because().replace(Parameters.FAMILY, transport(name, row)));
            }
        }

        private static String unused(MainCf seen, String name) {
            return seen.origin(name) + ": unused parameter: " + name + "=" + shown(seen, name)
                    + Spelling.meant(name, Parameters.rows().keySet());
        }

        private static String transport(String name, ParameterRow row) {
            return row.name().startsWith(Parameters.FAMILY)
                    ? name.substring(0, name.length() - row.name().length() + Parameters.FAMILY.length())
                    : name.substring(0, name.indexOf('_') + 1);
        }

        private static String shown(MainCf seen, String name) {
            @Nullable String text = seen.text(name);
            String shown = text == null ? "" : text;
            return shown.length() <= SHOWN ? shown : shown.substring(0, SHOWN - 3) + "...";
        }
    }
}
