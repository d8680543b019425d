package postern.sasl;

import java.net.InetAddress;
import java.time.Duration;
import java.util.List;
import java.util.function.Predicate;
import postern.config.MainCf;
import postern.config.NetworkList;
import postern.config.Parameter;

/// When a client is banned, and for how long.
///
/// @param limit failures; 0 for never
/// @param findTime failures count for so long
/// @param customTime how long who is banned by hand stays so
/// @param connections whether who is banned for failed logins cannot connect at all
/// @param exempt whom no ban reaches
/// @param relays logins that are relays: no ban reaches where they have logged in from
public record GuardRules(
        int limit,
        Duration findTime,
        Duration banTime,
        Duration customTime,
        boolean connections,
        Predicate<InetAddress> exempt,
        Predicate<String> relays) {
    static final Parameter<Integer> FAILURE_LIMIT = Parameter.integer("postern_login_failure_limit", "10")
            .doc("After so many wrong guesses within postern_login_find_time a network (an IPv4 address, the /64 of an"
                    + " IPv6 address) is banned; 0: never.");
    static final Parameter<Duration> FIND_TIME =
            Parameter.time("postern_login_find_time", "600s").doc("How long a wrong guess counts.");
    static final Parameter<Duration> BAN_TIME = Parameter.time("postern_login_ban_time", "600s")
            .doc("How long a network that guessed too often is not listened to.");
    static final Parameter<Duration> CUSTOM_TIME = Parameter.time("postern_ban_time", "180d")
            .doc("How long a network that was banned by hand is not listened to.");
    static final Parameter<Boolean> BAN_CONNECTIONS = Parameter.bool("postern_login_ban_connections", "no")
            .doc("Whether a network that guessed too often cannot connect at all. With no it cannot log in, but for"
                    + " those who have logged in from there before.");
    static final Parameter<List<String>> BAN_EXEMPT = Parameter.list("postern_login_ban_exempt", "")
            .doc("Networks that no ban reaches, besides this machine, mynetworks, and hosts that speak for others.");

    static final List<Parameter<?>> PARAMETERS =
            List.of(FAILURE_LIMIT, FIND_TIME, BAN_TIME, CUSTOM_TIME, BAN_CONNECTIONS, BAN_EXEMPT);

    /// @param trusted whom no ban reaches, besides this machine and `postern_login_ban_exempt`
    /// @throws postern.config.ConfigException for a network that cannot be read
    public static GuardRules of(MainCf conf, Predicate<InetAddress> trusted, Predicate<String> relays) {
        NetworkList networks = conf.networks(BAN_EXEMPT);
        return new GuardRules(
                conf.get(FAILURE_LIMIT),
                conf.get(FIND_TIME),
                conf.get(BAN_TIME),
                conf.get(CUSTOM_TIME),
                conf.get(BAN_CONNECTIONS),
                address -> address.isLoopbackAddress() || networks.contains(address) || trusted.test(address),
                relays);
    }
}
