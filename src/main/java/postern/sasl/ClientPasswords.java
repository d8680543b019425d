package postern.sasl;

import java.util.List;
import org.jspecify.annotations.Nullable;
import postern.address.Address;
import postern.config.MainCf;
import postern.config.Parameter;
import postern.lookup.AddressLookup;
import postern.lookup.Lookup;
import postern.lookup.Table;
import postern.lookup.Tables;

/// Which login a server gets: `smtp_sasl_password_maps` by sender (when logins depend on senders), by the
/// server's name, by the next hop as routes give it.
public final class ClientPasswords {
    static final Parameter<Boolean> SMTP_SASL_AUTH_ENABLE =
            Parameter.bool("smtp_sasl_auth_enable", "no").doc("Whether the client logs in to servers that offer it.");
    static final Parameter<List<String>> SMTP_SASL_PASSWORD_MAPS = Parameter.list("smtp_sasl_password_maps", "")
            .doc("Tables with user:password for senders, server names and next hops.");
    static final Parameter<Boolean> SMTP_SENDER_DEPENDENT_AUTHENTICATION = Parameter.bool(
                    "smtp_sender_dependent_authentication", "no")
            .doc("Whether the password is looked up by the sender first.");
    static final Parameter<String> RECIPIENT_DELIMITER = Parameter.text("recipient_delimiter", "");

    public static final List<Parameter<?>> PARAMETERS =
            List.of(SMTP_SASL_AUTH_ENABLE, SMTP_SASL_PASSWORD_MAPS, SMTP_SENDER_DEPENDENT_AUTHENTICATION);

    private final @Nullable Table table;
    private final @Nullable AddressLookup bySender;

    /// @throws postern.config.ConfigException when logins are on but there are no passwords
    public ClientPasswords(MainCf main, Tables tables) {
        boolean enabled = main.get(SMTP_SASL_AUTH_ENABLE);
        if (enabled && main.get(SMTP_SASL_PASSWORD_MAPS).isEmpty()) {
            throw main.error("smtp_sasl_auth_enable", "is set but smtp_sasl_password_maps is empty", null);
        }
        table = enabled ? tables.open(SMTP_SASL_PASSWORD_MAPS) : null;
        bySender = table != null && main.get(SMTP_SENDER_DEPENDENT_AUTHENTICATION)
                ? new AddressLookup(table, main.get(RECIPIENT_DELIMITER), _ -> Lookup.NOT_FOUND)
                : null;
    }

    /// Whether servers that offer it are logged in to.
    public boolean isEnabled() {
        return table != null;
    }

    /// Whether a session belongs to one sender.
    public boolean dependOnSender() {
        return bySender != null;
    }

    /// The login for a server; null when there is none for it.
    ///
    /// @param sender the reverse path's address; null for none
    /// @param host the server's name
    /// @param nextHop as routes give it: `[mx.example]:587`
    /// @throws LoginFailed when the table could not be asked
    public @Nullable Credentials find(@Nullable Address sender, String host, String nextHop) throws LoginFailed {
        if (table == null) {
            return null;
        }
        Lookup answer = bySender != null && sender != null ? bySender.find(sender) : Lookup.NOT_FOUND;
        if (answer instanceof Lookup.NotFound) {
            answer = table.find(host);
        }
        if (answer instanceof Lookup.NotFound) {
            answer = table.find(nextHop);
        }
        return switch (answer) {
            case Lookup.Found(String entry) -> Credentials.parse(entry);
            case Lookup.NotFound() -> null;
            case Lookup.TempFail(String reason) -> throw new LoginFailed(reason);
        };
    }
}
