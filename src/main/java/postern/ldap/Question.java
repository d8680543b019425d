package postern.ldap;

import java.util.List;

/// One search (RFC 4511 §4.5).
///
/// @param filter RFC 4515
/// @param attributes that the answer is to have
/// @param limits how much may come
record Question(String base, Scope scope, String filter, List<String> attributes, Limits limits) {
    /// How far below the base.
    enum Scope {
        BASE,
        ONE,
        SUB
    }

    /// @param entries more than so many are a failure; 0 for any number
    /// @param dereference 0 to 3: aliases are never followed, below the base, for the base, always
    record Limits(int entries, int dereference) {}
}
