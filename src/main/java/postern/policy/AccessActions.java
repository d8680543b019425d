package postern.policy;

import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import org.jspecify.annotations.Nullable;
import postern.address.Address;
import postern.config.ConfigException;
import postern.config.Parameter;
import postern.smtp.Directive;
import postern.smtp.EnhancedStatus;

/// access(5), the right-hand side: what a table, or the answer of a policy server, wants done.
final class AccessActions {
    static final Parameter<Integer> ACCESS_MAP_REJECT_CODE =
            Parameter.integer("access_map_reject_code", "554").doc("code of REJECT in an access table");
    static final Parameter<Integer> ACCESS_MAP_DEFER_CODE = Parameter.integer("access_map_defer_code", "450")
            .doc("code of DEFER, DEFER_IF_PERMIT and DEFER_IF_REJECT in an access table");

    static final List<Parameter<?>> PARAMETERS = List.of(ACCESS_MAP_REJECT_CODE, ACCESS_MAP_DEFER_CODE);

    /// Lists in tables are compiled when they are first met; more different ones than this are compiled each
    /// time.
    private static final int LISTS_KEPT = 1000;

    /// Where a value was found.
    ///
    /// @param table `hash:/etc/postfix/access`, for log lines
    /// @param key what was looked up
    /// @param subject whom the value is about
    /// @param name the subject's name, as replies show it
    record Found(String table, String key, Subject subject, String name) {}

    /// One action.
    private interface Action {
        /// @param text what follows the action's word; empty when nothing does
        Outcome take(Check check, Found found, String text);
    }

    private final PolicyContext context;
    private final RestrictionCompiler compiler;
    private final PermitLog permits;
    private final int rejectCode;
    private final int deferCode;
    private final Map<String, Action> actions;
    private final Map<String, Restriction> lists = new ConcurrentHashMap<>();

    AccessActions(PolicyContext context, RestrictionCompiler compiler) {
        this.context = context;
        this.compiler = compiler;
        PermitLog permits = new PermitLog(context);
        this.permits = permits;
        this.rejectCode = context.code(ACCESS_MAP_REJECT_CODE);
        this.deferCode = context.code(ACCESS_MAP_DEFER_CODE);
        this.actions = Map.ofEntries(
                Map.entry("OK", (check, found, text) -> permits.permit(check, found, "OK")),
                Map.entry("RELAY", (check, found, text) -> permits.permit(check, found, "RELAY")),
                Map.entry("DUNNO", (check, found, text) -> Outcome.DUNNO),
                Map.entry("REJECT", (check, found, text) -> refuse(check, found, rejectCode, text)),
                Map.entry("DEFER", (check, found, text) -> refuse(check, found, deferCode, text)),
                Map.entry("DEFER_IF_PERMIT", this::deferIfPermit),
                Map.entry("DEFER_IF_REJECT", this::deferIfReject),
                Map.entry("INFO", (check, found, text) -> log(check, "info", text)),
                Map.entry("WARN", (check, found, text) -> log(check, "warn", text)),
                Map.entry("HOLD", this::hold),
                Map.entry("DISCARD", this::discard),
                Map.entry("FILTER", this::filter),
                Map.entry("REDIRECT", this::redirect),
                Map.entry("BCC", this::bcc),
                Map.entry("PREPEND", this::prepend));
    }

    Outcome apply(Check check, Found found, String value) {
        int end = Texts.wordEnd(value);
        String text = value.substring(end).strip();
        Action action = actions.get(value.substring(0, end).toUpperCase(Locale.ROOT));
        if (action != null) {
            return action.take(check, found, text);
        }
        if (isNumber(value)) {
            return permits.permit(check, found, value);
        }
        if (isCode(value)) {
            return refuse(
                    check,
                    found,
                    Integer.parseInt(value, 0, 3, 10),
                    value.substring(3).strip());
        }
        Restriction list = list(value);
        return list == null ? check.misconfigured() : check.nested(list);
    }

    private static boolean isNumber(String value) {
        return !value.isEmpty() && value.chars().allMatch(c -> c >= '0' && c <= '9');
    }

    private static boolean isCode(String value) {
        return value.length() > 3
                && (value.charAt(0) == '4' || value.charAt(0) == '5')
                && isNumber(value.substring(0, 3))
                && Character.isWhitespace(value.charAt(3));
    }

    private static Outcome refuse(Check check, Found found, int code, String text) {
        return check.refuse(code, status(found, text), text(check, found, text, "Access denied"));
    }

    private static EnhancedStatus status(Found found, String text) {
        EnhancedStatus leading = EnhancedStatus.leading(text);
        return leading == null ? Statuses.POLICY : found.subject.fix(leading);
    }

    private static String text(Check check, Found found, String text, String otherwise) {
        String rest = EnhancedStatus.leading(text) == null
                ? text
                : text.substring(Texts.wordEnd(text)).strip();
        return check.text(found.subject, found.name, rest.isEmpty() ? otherwise : rest);
    }

    private Outcome deferIfPermit(Check check, Found found, String text) {
        return check.deferIfPermit(deferCode, status(found, text), text(check, found, text, "Service unavailable"));
    }

    private Outcome deferIfReject(Check check, Found found, String text) {
        return check.deferIfReject(deferCode, status(found, text), text(check, found, text, "Service unavailable"));
    }

    private static Outcome log(Check check, String what, String text) {
        check.log(what, text);
        return Outcome.DUNNO;
    }

    private static Outcome triggers(Check check, Found found, Directive directive, String what, String text) {
        check.log(what, "<" + found.name + ">: " + found.subject.label() + " " + text);
        check.direct(directive);
        return Outcome.DUNNO;
    }

    private Outcome hold(Check check, Found found, String text) {
        String reason = text.isEmpty() ? "triggers HOLD action" : text;
        return triggers(check, found, new Directive.Hold(reason), "hold", reason);
    }

    private Outcome discard(Check check, Found found, String text) {
        String reason = text.isEmpty() ? "triggers DISCARD action" : text;
        triggers(check, found, new Directive.Discard(reason), "discard", reason);
        return Outcome.PERMIT;
    }

    private Outcome filter(Check check, Found found, String text) {
        if (text.isEmpty()) {
            return useless(found, "has FILTER entry without value");
        }
        if (text.indexOf(':') < 0) {
            return useless(found, "requires transport:destination");
        }
        return triggers(check, found, new Directive.Filter(text), "filter", "triggers FILTER " + text);
    }

    private Outcome redirect(Check check, Found found, String text) {
        Address to = target(text);
        return to == null
                ? useless(found, "requires user@domain target")
                : triggers(check, found, new Directive.Redirect(to), "redirect", "triggers REDIRECT " + text);
    }

    private Outcome bcc(Check check, Found found, String text) {
        Address to = target(text);
        return to == null
                ? useless(found, "requires user@domain target")
                : triggers(check, found, new Directive.Bcc(to), "bcc", "triggers BCC " + text);
    }

    private static @Nullable Address target(String text) {
        return text.indexOf('@') < 0 ? null : Address.ofInternal(text);
    }

    private Outcome prepend(Check check, Found found, String text) {
        int colon = text.indexOf(':');
        if (colon < 1 || !text.chars().limit(colon).allMatch(c -> c > ' ' && c < 127)) {
            return useless(found, "requires header: text");
        }
        if (check.where() == Where.END_OF_MESSAGE) {
            return useless(found, "action PREPEND must be used before END-OF-MESSAGE");
        }
        check.direct(new Directive.Prepend(Texts.oneLine(text, text.length())));
        return Outcome.DUNNO;
    }

    private Outcome useless(Found found, String why) {
        context.warn("access table " + found.table + " entry \"" + found.key + "\" " + why);
        return Outcome.DUNNO;
    }

    /// A value that is no action is a list of restrictions; null, with the reason in the log, when it is
    /// neither.
    private @Nullable Restriction list(String value) {
        Restriction known = lists.get(value);
        if (known != null) {
            return known;
        }
        try {
            Restriction list = compiler.inline(value);
            if (lists.size() < LISTS_KEPT) {
                lists.put(value, list);
            }
            return list;
        } catch (ConfigException e) {
            context.warn(String.valueOf(e.getMessage()));
            return null;
        }
    }
}
