package postern.sasl;

import java.time.Instant;
import postern.config.Cidr;

/// A network that is not listened to.
///
/// @param jail who made it, in fail2ban's word: [#LOGIN] or [#CUSTOM]
public record Ban(Cidr network, String jail, Instant until) {
    /// Too many failed logins.
    public static final String LOGIN = "login";

    /// The administrator.
    public static final String CUSTOM = "custom";

    /// `192.0.2.1`, `192.0.2.0/24`, `2001:db8::/64`
    public String text() {
        return text(network);
    }

    static String text(Cidr network) {
        String text = network.toString().replaceAll("[\\[\\]]", "");
        boolean single = network.bits() == 8 * network.network().getAddress().length;
        return single ? text.substring(0, text.lastIndexOf('/')) : text;
    }

    /// A line of the file of bans.
    String line() {
        return text() + " " + until + " " + jail;
    }

    /// @throws IllegalArgumentException for what is no such line
    static Ban parse(String line) {
        String[] words = line.split(" ", -1);
        if (words.length != 3 || !(words[2].equals(LOGIN) || words[2].equals(CUSTOM))) {
            throw new IllegalArgumentException("a line is NETWORK TIME JAIL");
        }
        try {
            return new Ban(Cidr.parse(words[0]), words[2], Instant.parse(words[1]));
        } catch (java.time.format.DateTimeParseException e) {
            throw new IllegalArgumentException(words[1] + " is no time", e);
        }
    }
}
