package postern.policy;

import java.util.HashSet;
import java.util.List;
import java.util.Locale;
import java.util.Set;
import postern.config.ConfigException;
import postern.config.Parameter;

/// No open relay by mistake: one of the two lists of RCPT must hold something that refuses strangers, before
/// anything that lets all pass.
final class RelayGuard {
    private static final Set<String> REQUIRED =
            Set.of("reject_unauth_destination", "defer_unauth_destination", "reject", "defer", "defer_if_permit");

    private final PolicyContext context;
    private final Set<String> classes;

    RelayGuard(PolicyContext context) {
        this.context = context;
        this.classes = new HashSet<>(context.conf(RestrictionCompiler.SMTPD_RESTRICTION_CLASSES));
    }

    /// @throws ConfigException when neither list does
    void check() {
        if (!refuses(RestrictionLists.SMTPD_RELAY_RESTRICTIONS)
                && !refuses(RestrictionLists.SMTPD_RECIPIENT_RESTRICTIONS)) {
            throw new ConfigException(
                    context.conf().origin(RestrictionLists.SMTPD_RELAY_RESTRICTIONS.name())
                            + ": in parameter smtpd_relay_restrictions or smtpd_recipient_restrictions, specify at least one working instance of: reject_unauth_destination, defer_unauth_destination, reject, defer, defer_if_permit");
        }
    }

    private boolean refuses(Parameter<List<String>> parameter) {
        List<String> words = context.conf(parameter);
        for (int i = 0; i < words.size(); i++) {
            String word = words.get(i).toLowerCase(Locale.ROOT);
            if (word.equals("warn_if_reject")) {
                i++;
            } else if (word.equals("permit")) {
                return false;
            } else if (REQUIRED.contains(word)
                    || (classes.contains(words.get(i)) && refuses(Parameter.list(words.get(i), "")))) {
                return true;
            }
        }
        return false;
    }
}
