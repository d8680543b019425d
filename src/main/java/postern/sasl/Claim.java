package postern.sasl;

import org.jspecify.annotations.Nullable;

/// Whom a client says that it is, and whose password it will show.
///
/// @param login in lower case: who it wants to be
/// @param master in lower case: the master user whose password it knows; empty for the login's own
record Claim(String login, String master) {
    private static final char SEPARATOR = '*';

    /// `user@example.com*master` as a login, and a master user that acts for somebody (an authorization identity,
    /// RFC 4422 §3.4.1), are the same, as in Dovecot.
    ///
    /// @param authzid for whom to act; empty for oneself
    /// @param masters whether there are master users at all
    /// @return null where nobody may act for another so
    static @Nullable Claim of(String authzid, String authcid, boolean masters) {
        String own = UsersFile.fold(authcid);
        String other = UsersFile.fold(authzid);
        int star = masters ? own.indexOf(SEPARATOR) : -1;
        Claim claim = star > 0 && star < own.length() - 1
                ? new Claim(own.substring(0, star), own.substring(star + 1))
                : new Claim(own, "");
        if (other.isEmpty() || other.equals(own) || other.equals(claim.login)) {
            return claim;
        }
        return masters && claim.master.isEmpty() ? new Claim(other, own) : null;
    }

    /// As one text, for counting failures.
    String text() {
        return master.isEmpty() ? login : login + SEPARATOR + master;
    }

    /// Who it is, once that is proved.
    ///
    /// @param account that the login stands for
    /// @param by which of its passwords that was ([Credential#by()])
    Login proved(String account, String by) {
        return new Login(login, account, master.isEmpty() ? by : "master=<" + master + ">");
    }
}
