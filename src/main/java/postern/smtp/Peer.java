package postern.smtp;

import java.net.InetAddress;
import org.jspecify.annotations.Nullable;

/// Who handed a message in, as the log, the Received field and XFORWARD need it.
///
/// @param address the client's address as text, `unknown` when there is none
/// @param name its verified name, `unknown` when forward and reverse DNS do not agree
/// @param reverseName its unverified PTR name, `unknown` when there is none
/// @param helo what it said in HELO or EHLO; empty when it did not
/// @param protocol `SMTP`, `ESMTP`, `ESMTPS`, `ESMTPSA`, with UTF8 in front where RFC 6531 §4.3 wants it
/// @param tls what Postfix's Received field says of TLS, without parentheses; empty in clear
/// @param login the authenticated login; empty when there was none
/// @param loginMethod the SASL mechanism; empty when there was none
/// @param nameTempFail whether looking the name up failed for now
/// @param to where it connected to; null when that is not known
public record Peer(
        String address,
        int port,
        String name,
        String reverseName,
        String helo,
        String protocol,
        String tls,
        String login,
        String loginMethod,
        boolean nameTempFail,
        @Nullable Local to) {
    /// An address and port of ours.
    public record Local(InetAddress address, int port) {}

    /// A client whose name was found or has none, at an address of ours that does not matter.
    public Peer(
            String address,
            int port,
            String name,
            String reverseName,
            String helo,
            String protocol,
            String tls,
            String login,
            String loginMethod) {
        this(address, port, name, reverseName, helo, protocol, tls, login, loginMethod, false, null);
    }

    /// The same, and where it connected to.
    public Peer at(@Nullable Local other) {
        return new Peer(address, port, name, reverseName, helo, protocol, tls, login, loginMethod, nameTempFail, other);
    }

    /// Mail that was made here: bounces and notices.
    public static final Peer LOCAL = new Peer("", 0, "", "", "", "", "", "", "");

    /// The address itself; null when it is not known.
    public @Nullable InetAddress inetAddress() {
        try {
            return InetAddress.ofLiteral(address);
        } catch (IllegalArgumentException e) {
            return null;
        }
    }

    /// `name[address]`, as the log has it.
    public String label() {
        return name + "[" + address + "]";
    }
}
