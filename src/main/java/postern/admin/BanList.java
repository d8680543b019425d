package postern.admin;

import java.util.List;

/// The networks that the running server does not listen to. A network is an address or `192.0.2.0/24`.
public interface BanList {
    /// A line each: `jail network time-of-its-end`. Made by failed logins: jail `login`; by hand: `custom`.
    List<String> lines();

    /// Bans a network.
    ///
    /// @return whether it was not banned before
    /// @throws IllegalArgumentException for what is no network, and for one that is never banned: says why
    boolean ban(String network);

    /// Lifts a ban.
    ///
    /// @return the jail that it was in; empty when it was in none
    /// @throws IllegalArgumentException for what is no network
    String unban(String network);
}
