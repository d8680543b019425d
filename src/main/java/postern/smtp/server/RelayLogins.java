package postern.smtp.server;

import java.util.List;
import java.util.function.Predicate;
import postern.config.Parameter;
import postern.policy.Policy;
import postern.smtp.Intake;

/// Logins that are relays, not users: a server in front that hands in the world's mail with a login, on a port
/// that is for users otherwise. Such mail is judged, and taken, as from outside.
///
/// @param has whether a login is one
/// @param policy of the port for the world, where nobody is trusted for his address
/// @param intake of that port: the header stays as it is, and nobody's mail is our own
public record RelayLogins(Predicate<String> has, Policy policy, Intake intake) {
    public static final Parameter<List<String>> POSTERN_RELAY_LOGINS = Parameter.list("postern_relay_logins", "")
            .doc("Logins that are relays, not users: their mail is treated as from outside.");
}
