package postern.dns;

import java.net.InetAddress;
import java.util.List;

/// DNS as mail needs it. Blocking; safe for use from many threads. Names go in without a trailing dot.
public interface Resolver {
    /// What came back. "Not there" and "could not ask" are never the same.
    sealed interface Answer<T> {
        /// At least one record.
        record Found<T>(List<T> records) implements Answer<T> {}

        /// The name exists, records of this type do not.
        record NoData<T>() implements Answer<T> {}

        /// The name does not exist (NXDOMAIN).
        record NoName<T>() implements Answer<T> {}

        /// SERVFAIL, a timeout, a malformed answer.
        record TempFail<T>(String reason) implements Answer<T> {}

        default List<T> records() {
            return this instanceof Found<T>(List<T> found) ? found : List.of();
        }
    }

    record Mx(int preference, String host) {}

    /// As they came; an exchange of `.` (RFC 7505) has the empty host.
    Answer<Mx> mx(String domain);

    /// The names of a zone's servers; only the name at the top of a zone has them.
    Answer<String> ns(String zone);

    /// A records.
    Answer<InetAddress> a(String host);

    /// AAAA records.
    Answer<InetAddress> aaaa(String host);

    /// Names for an address.
    Answer<String> ptr(InetAddress address);

    /// Character strings of each record joined.
    Answer<String> txt(String name);
}
