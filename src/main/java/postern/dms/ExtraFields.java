package postern.dms;

import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/// What stands behind the hash in `postfix-accounts.cf`: Dovecot's extra fields of an account, `name` or
/// `name=value` between white space, those of the user database with `userdb_` in front.
///
/// A quota counts, and so does what keeps a login out. From which networks an account may log in
/// ([#NETWORKS]) is a reason not to start ([Lacking]). Whatever else stands there is said to have no effect.
///
/// @param quota bytes, 0 for no limit; null when no field says it
/// @param mayLogIn whether no field keeps its logins out
/// @param warnings what has no effect, file and line
record ExtraFields(@Nullable Long quota, boolean mayLogIn, List<String> warnings) {
    /// Those who may log in from somewhere only.
    static final Set<String> NETWORKS = Set.of("allow_nets", "allow_real_nets");

    /// With Dovecot no login of these gets as far as its mail.
    private static final Set<String> CLOSED = Set.of("nologin", "fail", "noauthenticate");

    private static final String USERDB = "userdb_";
    private static final Pattern RULE = Pattern.compile("\\*:(bytes|storage)=([0-9]{1,12})([bkmgtBKMGT]?)");
    private static final Pattern SIZE = Pattern.compile("([0-9]{1,12})([bkmgtBKMGT]?)(?:[iI]?[bB])?");
    private static final String UNITS = "BKMGT";

    static ExtraFields of(Volume.Line line) {
        List<String> warnings = new ArrayList<>();
        @Nullable Long quota = null;
        boolean open = true;
        for (String field : all(line)) {
            String name = name(field);
            @Nullable Long limit = limit(name, field.substring(Math.min(name.length() + 1, field.length())));
            if (limit != null) {
                quota = limit;
            } else if (CLOSED.contains(name)) {
                open = false;
            } else {
                warnings.add(line.origin() + ": " + name + " has no effect here: " + why(name));
            }
        }
        return new ExtraFields(quota, open, warnings);
    }

    /// The names of fields in a line that say from where its account may log in.
    static List<String> networks(Volume.Line line) {
        return all(line).stream()
                .map(ExtraFields::name)
                .filter(NETWORKS::contains)
                .distinct()
                .toList();
    }

    private static List<String> all(Volume.Line line) {
        String[] columns = line.text().split("\\|", 3);
        return columns.length < 3 || columns[2].isBlank()
                ? List.of()
                : List.of(columns[2].strip().split("\\s+"));
    }

    private static String name(String field) {
        int equals = field.indexOf('=');
        return equals < 0 ? field : field.substring(0, equals);
    }

    /// In Dovecot 2.3's words (`userdb_quota_rule=*:storage=5G`, KiB without a unit) or 2.4's
    /// (`userdb_quota_storage_size=5G`, bytes without one); null for another field, and for what is no such limit.
    private static @Nullable Long limit(String name, String value) {
        Matcher rule = RULE.matcher(value);
        Matcher size = SIZE.matcher(value);
        if (name.equals(USERDB + "quota_rule") && rule.matches()) {
            String standard = rule.group(1).equals("storage") ? "K" : "B";
            return bytes(rule.group(2), rule.group(3).isEmpty() ? standard : rule.group(3));
        }
        return name.equals(USERDB + "quota_storage_size") && size.matches()
                ? bytes(size.group(1), size.group(2).isEmpty() ? "B" : size.group(2))
                : null;
    }

    private static @Nullable Long bytes(String digits, String unit) {
        int shift = 10 * UNITS.indexOf(Character.toUpperCase(unit.charAt(0)));
        long number = Long.parseLong(digits);
        return number > Long.MAX_VALUE >> shift ? null : number << shift;
    }

    private static String why(String name) {
        String bare = name.startsWith(USERDB) ? name.substring(USERDB.length()) : name;
        if (bare.startsWith("quota")) {
            return "a limit is userdb_quota_rule=*:bytes=5G, or a line of " + Accounts.QUOTAS;
        }
        if (bare.startsWith("mail") || Set.of("home", "uid", "gid", "chroot").contains(bare)) {
            return "mail lies in the store";
        }
        if (bare.startsWith("proxy") || Set.of("host", "port", "destuser").contains(bare)) {
            return "logins are not passed on to another server";
        }
        if (NETWORKS.contains(bare)) {
            return "the account may log in from everywhere";
        }
        return switch (bare) {
            case "nodelay" -> "the answer to a wrong password waits for everybody";
            case "nopassword" -> "a password is asked for all the same";
            case "user" -> "who logs in has the mail of his own account";
            default -> "it is no field that is known here";
        };
    }
}
