package postern.net;

import java.util.ArrayList;
import java.util.List;
import java.util.Locale;

/// The protocol versions that may be used, as Postfix writes them (`smtpd_tls_protocols`): `>=TLSv1.2`,
/// `<=TLSv1.3`, `!SSLv2, !TLSv1`, or a list of those allowed. The JDK has TLS 1.2 and 1.3 only; the older
/// names are understood and never enabled.
public record TlsProtocols(List<String> enabled) {
    private static final List<String> KNOWN = List.of("SSLv2", "SSLv3", "TLSv1", "TLSv1.1", "TLSv1.2", "TLSv1.3");
    private static final List<String> AVAILABLE = List.of("TLSv1.3", "TLSv1.2");

    /// TLS 1.2 and 1.3.
    public static final TlsProtocols ALL = new TlsProtocols(AVAILABLE);

    public TlsProtocols {
        enabled = List.copyOf(enabled);
    }

    /// Reads the value of a parameter.
    ///
    /// @throws IllegalArgumentException for an unknown name, or when nothing is left that the JDK has
    public static TlsProtocols parse(String text) {
        int lowest = 0;
        int highest = KNOWN.size() - 1;
        List<String> excluded = new ArrayList<>();
        List<String> included = new ArrayList<>();
        for (String word : text.strip().split("[\\s,:]+", -1)) {
            if (word.startsWith(">=")) {
                lowest = KNOWN.indexOf(name(word.substring(2)));
            } else if (word.startsWith("<=")) {
                highest = KNOWN.indexOf(name(word.substring(2)));
            } else if (word.startsWith("!")) {
                excluded.add(name(word.substring(1)));
            } else if (!word.isEmpty()) {
                included.add(name(word));
            }
        }
        List<String> left = new ArrayList<>(included.isEmpty() ? AVAILABLE : included);
        left.retainAll(AVAILABLE);
        left.retainAll(KNOWN.subList(lowest, Math.max(lowest, highest + 1)));
        left.removeAll(excluded);
        if (left.isEmpty()) {
            throw new IllegalArgumentException(
                    "\"" + text
                            + "\" leaves neither TLSv1.2 nor TLSv1.3, and older ones are not supported; \">=TLSv1.2\" is right");
        }
        return new TlsProtocols(left);
    }

    String[] names() {
        return enabled.toArray(new String[0]);
    }

    private static String name(String word) {
        for (String known : KNOWN) {
            if (known.toLowerCase(Locale.ROOT).equals(word.toLowerCase(Locale.ROOT))) {
                return known;
            }
        }
        throw new IllegalArgumentException("\"" + word + "\" is none of " + String.join(", ", KNOWN));
    }
}
