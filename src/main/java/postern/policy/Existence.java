package postern.policy;

import java.util.List;
import postern.dns.Resolver;
import postern.dns.Resolver.Answer;
import postern.dns.Resolver.Mx;

/// Whether a name can have mail: it has an MX, an A or an AAAA record.
enum Existence {
    THERE,
    /// It says itself that it takes no mail (RFC 7505).
    NULL_MX,
    NOT_THERE,
    /// DNS could not be asked.
    UNKNOWN;

    static Existence of(String name, Resolver resolver) {
        if (name.endsWith(".") || !HostNames.isValid(name)) {
            return NOT_THERE;
        }
        Answer<Mx> mx = resolver.mx(name);
        if (mx instanceof Answer.Found<Mx>(List<Mx> records)) {
            return records.size() == 1 && records.getFirst().host().isEmpty() ? NULL_MX : THERE;
        }
        Answer<?> a = resolver.a(name);
        if (a instanceof Answer.Found) {
            return THERE;
        }
        Answer<?> aaaa = resolver.aaaa(name);
        if (aaaa instanceof Answer.Found) {
            return THERE;
        }
        return List.of(mx, a, aaaa).stream().anyMatch(Answer.TempFail.class::isInstance) ? UNKNOWN : NOT_THERE;
    }
}
