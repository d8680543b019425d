package postern.ldap;

import java.util.List;
import java.util.stream.Stream;

/// Which attributes of an entry are results (ldap_table(5)).
///
/// @param plain `result_attribute`: always
/// @param special `special_result_attribute`: names or URLs of further entries
/// @param terminal `terminal_result_attribute`: when an entry has one, these alone
/// @param leaf `leaf_result_attribute`: of entries without special ones
record ResultAttributes(List<String> plain, List<String> special, List<String> terminal, List<String> leaf) {
    static ResultAttributes of(LdapFile file) {
        return new ResultAttributes(
                file.words("result_attribute", "maildrop"),
                file.words("special_result_attribute", ""),
                file.words("terminal_result_attribute", ""),
                file.words("leaf_result_attribute", ""));
    }

    /// All of them: what is asked for. Without any, none is (RFC 4511 §4.5.1.8).
    List<String> all() {
        List<String> all = Stream.of(plain, special, terminal, leaf)
                .flatMap(List::stream)
                .distinct()
                .toList();
        return all.isEmpty() ? List.of("1.1") : all;
    }

    /// The results of an entry.
    Stream<String> results(Entry entry) {
        if (has(entry, terminal)) {
            return values(entry, terminal);
        }
        Stream<String> own = values(entry, plain);
        return has(entry, special) ? own : Stream.concat(own, values(entry, leaf));
    }

    /// Where an entry leads on to.
    Stream<String> further(Entry entry) {
        return has(entry, terminal) ? Stream.empty() : values(entry, special);
    }

    private static boolean has(Entry entry, List<String> attributes) {
        return values(entry, attributes).findAny().isPresent();
    }

    private static Stream<String> values(Entry entry, List<String> attributes) {
        return attributes.stream().flatMap(name -> entry.all(name).stream());
    }
}
