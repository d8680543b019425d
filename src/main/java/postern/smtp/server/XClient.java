package postern.smtp.server;

import java.net.InetAddress;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;
import postern.net.Endpoint;
import postern.sasl.Login;
import postern.smtp.Reply;
import postern.smtp.SmtpParser;

/// XCLIENT (XCLIENT_README): a proxy, or an administrator who tries rules, says whom the session is with. It
/// begins anew, with the greeting that client would get.
record XClient(Map<String, String> attributes) implements Command {
    private static final Set<String> KNOWN =
            Set.of("NAME", "REVERSE_NAME", "ADDR", "PORT", "PROTO", "HELO", "LOGIN", "DESTADDR", "DESTPORT");
    private static final String UNAVAILABLE = "[UNAVAILABLE]";
    private static final String TEMPUNAVAIL = "[TEMPUNAVAIL]";

    static Command parse(SmtpParser parser) {
        return new XClient(Attributes.parse(parser, "XCLIENT", KNOWN));
    }

    @Override
    public Reply run(SmtpSession session) {
        session.requireNoTransaction("503 5.5.1 Error: MAIL transaction in progress");
        if (!session.server().mayUseXClient(session.caller(), session.identity())) {
            throw new Reply.Refused("550 5.7.0 Error: insufficient authorization");
        }
        Identity before = session.identity();
        Identity identity = new Identity(
                client(before.client()),
                text("HELO", before.helo()),
                extended(before.extended()),
                before.login(),
                before.account(),
                before.loginMethod(),
                before.relay(),
                null);
        // a relay names clients, and speaks for no user
        if (attributes.containsKey("LOGIN") && before.relay().isEmpty()) {
            identity = login(session.server(), identity, text("LOGIN", ""));
        }
        Endpoint local = local(session.local());
        session.reset();
        session.become(identity, local);
        return session.greeting();
    }

    private static Identity login(SmtpServer server, Identity before, String name) {
        return server.loggedIn(before, new Login(name, name, ""), name.isEmpty() ? "" : "XCLIENT");
    }

    private Client client(Client before) {
        Client client = before;
        String address = attributes.get("ADDR");
        if (address != null) {
            client = Client.nameless(address(address, "ADDR"), before.port());
        }
        String port = attributes.get("PORT");
        if (port != null) {
            client = client.withPort(port(port, "PORT"));
        }
        String reverse = attributes.get("REVERSE_NAME");
        if (reverse != null) {
            client = client.withReverseName(isNone(reverse) ? Client.UNKNOWN : reverse);
        }
        String name = attributes.get("NAME");
        if (name != null) {
            client = client.withName(isNone(name) ? Client.UNKNOWN : name, name.equalsIgnoreCase(TEMPUNAVAIL));
            if (reverse == null) {
                client = client.withReverseName(client.name());
            }
        }
        return client;
    }

    private Endpoint local(Endpoint before) {
        String address = attributes.get("DESTADDR");
        String port = attributes.get("DESTPORT");
        InetAddress there = address == null || isNone(address) ? before.address() : address(address, "DESTADDR");
        int number = port == null || isNone(port) ? before.port() : port(port, "DESTPORT");
        return there == null ? before : Endpoint.of(there, number);
    }

    private boolean extended(boolean before) {
        String protocol = attributes.get("PROTO");
        if (protocol == null) {
            return before;
        }
        return switch (protocol.toUpperCase(Locale.ROOT)) {
            case "SMTP" -> false;
            case "ESMTP" -> true;
            default -> throw Attributes.bad("PROTO", protocol);
        };
    }

    private String text(String name, String before) {
        String value = attributes.get(name);
        return value == null ? before : isNone(value) ? "" : value;
    }

    private static boolean isNone(String value) {
        return value.equalsIgnoreCase(UNAVAILABLE) || value.equalsIgnoreCase(TEMPUNAVAIL);
    }

    private static @Nullable InetAddress address(String value, String name) {
        if (isNone(value)) {
            return null;
        }
        boolean ipv6 = value.regionMatches(true, 0, "IPV6:", 0, 5);
        String literal = ipv6 ? value.substring(5) : value;
        if (!SmtpParser.isAddress(literal, ipv6 || literal.indexOf(':') >= 0)) {
            throw Attributes.bad(name, value);
        }
        return InetAddress.ofLiteral(literal);
    }

    private static int port(String value, String name) {
        if (isNone(value)) {
            return 0;
        }
        boolean digits =
                !value.isEmpty() && value.length() <= 5 && value.chars().allMatch(c -> c >= '0' && c <= '9');
        int port = digits ? Integer.parseInt(value) : -1;
        if (port < 0 || port > 65535) {
            throw Attributes.bad(name, value);
        }
        return port;
    }
}
