package postern.smtp.client;

import java.net.InetAddress;
import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;
import postern.config.Parameter;
import postern.smtp.Peer;
import postern.smtp.Reply;
import postern.smtp.extension.Xtext;
import postern.wire.ProxyHeader;

/// Tells a next hop of ours whom a dialog is for, so that it judges the client and not us: by a PROXY header
/// in front of everything, or by XCLIENT behind EHLO, TLS and the login (XCLIENT_README). Never with a login:
/// what a client may do here gives it nothing there.
///
/// One connection serves one client. Confined to one thread.
final class Introduction {
    static final Parameter<List<String>> POSTERN_RELAY_PROXY = Parameter.list("postern_relay_proxy", "")
            .doc("Next hops, written as in transport_maps ([192.168.2.3]:25), that await a PROXY header in front of"
                    + " each connection (postscreen_upstream_proxy_protocol = haproxy): it names the client.");

    static final List<Parameter<?>> PARAMETERS = List.of(POSTERN_RELAY_PROXY);

    /// Octets of a command line with its end (RFC 5321 §4.5.3.1.4).
    private static final int LONGEST_LINE = 512;
    private static final int LONGEST_NAME = 255;
    private static final String UNAVAILABLE = "[UNAVAILABLE]";
    private static final String TEMPUNAVAIL = "[TEMPUNAVAIL]";

    private final Chat chat;
    private final Call call;
    private final Surroundings outside;
    private boolean made;

    Introduction(Chat chat, Call call, Surroundings outside) {
        this.chat = chat;
        this.call = call;
        this.outside = outside;
    }

    /// Whether the server takes us for the client.
    boolean isMade() {
        return made;
    }

    /// Whether nobody else's mail may go this way: also behind a PROXY header that could not say who it is.
    boolean isForOneClient() {
        return made || (call.errand().proxied() && call.errand().stranger() != null);
    }

    /// What the client calls itself, as far as that can be said after it.
    String helo() {
        Peer client = call.errand().stranger();
        return client == null ? "" : helo(client);
    }

    static String helo(Peer client) {
        String name = client.helo();
        boolean sayable =
                !name.isEmpty() && name.length() <= LONGEST_NAME && name.chars().allMatch(c -> c > ' ' && c < 127);
        InetAddress address = client.inetAddress();
        return sayable || address == null
                ? (sayable ? name : "unknown")
                : "[" + (isIp6(client) ? "IPv6:" : "") + client.address() + "]";
    }

    /// Sends the header where the next hop awaits one. Without a client it says that the connection is our own.
    void proxy() throws SmtpFailure {
        if (call.errand().proxied()) {
            Peer client = call.errand().stranger();
            ProxyHeader header = header(client);
            chat.write(ByteBuffer.wrap(header.version2()), Phase.GREETING);
            made = header.source() != null;
        }
    }

    /// With where the client connected to; where that is not known, or of another family, the next hop itself.
    private ProxyHeader header(@Nullable Peer client) {
        InetAddress source = client == null ? null : client.inetAddress();
        int port = client == null ? 0 : client.port();
        Peer.Local to = client == null ? null : client.to();
        return to != null && source != null && to.address().getClass() == source.getClass()
                ? new ProxyHeader(source, port, to.address(), to.port())
                : new ProxyHeader(
                        source,
                        port,
                        call.host().endpoint().address(),
                        call.host().endpoint().port());
    }

    private static boolean isIp6(Peer client) {
        return client.address().indexOf(':') >= 0;
    }

    /// Says XCLIENT where there is a client to speak for and the server takes it. The session has then begun
    /// anew, up to its greeting. Returns whether it has.
    boolean xclient(Features features) throws SmtpFailure {
        Peer client = call.errand().stranger();
        if (client == null || made || call.errand().proxied() || !features.offers("XCLIENT")) {
            return false;
        }
        List<String> commands = commands(client, features.xclient());
        for (String command : commands) {
            Reply reply = chat.ask(command, Phase.CLIENT);
            if (reply.code() / 100 != 2) {
                throw refused(reply);
            }
        }
        made = !commands.isEmpty();
        return made;
    }

    /// What is no refusal of the client is a fault of ours, or of the next hop's configuration.
    private SmtpFailure refused(Reply reply) {
        boolean ours = reply.code() < 400
                || (reply.code() >= 500 && reply.code() <= 504)
                || reply.text().toLowerCase(Locale.ROOT).contains("insufficient authorization");
        if (ours) {
            outside.warning("host " + call.host().labelWithPort() + " offers XCLIENT, but answers it with: " + reply);
            return SmtpFailure.refusedToTalk(call.host(), reply, Phase.EHLO);
        }
        return SmtpFailure.refusedToTalk(call.host(), reply, Phase.CLIENT);
    }

    /// The commands: the attributes that the server takes, in as few lines as hold them.
    static List<String> commands(Peer client, Set<String> offered) {
        Map<String, String> attributes = new LinkedHashMap<>();
        // first: a new address may make a server forget the name
        attributes.put(
                "ADDR", client.inetAddress() == null ? UNAVAILABLE : (isIp6(client) ? "IPV6:" : "") + client.address());
        attributes.put("PORT", client.port() > 0 ? Integer.toString(client.port()) : UNAVAILABLE);
        String name = known(client.name());
        attributes.put("NAME", name.isEmpty() && client.nameTempFail() ? TEMPUNAVAIL : orUnavailable(name));
        attributes.put("REVERSE_NAME", orUnavailable(known(client.reverseName())));
        // Postfix knows no more than these two
        attributes.put("PROTO", client.protocol().equals("SMTP") ? "SMTP" : "ESMTP");
        attributes.put("HELO", orUnavailable(client.helo()));
        attributes.keySet().retainAll(offered);
        List<String> commands = new ArrayList<>();
        StringBuilder line = new StringBuilder();
        attributes.forEach((attribute, value) -> {
            String word = " " + attribute + "=" + value;
            if (!line.isEmpty() && line.length() + word.length() > LONGEST_LINE - 2) {
                commands.add(line.toString());
                line.setLength(0);
            }
            line.append(line.isEmpty() ? "XCLIENT" : "").append(word);
        });
        if (!line.isEmpty()) {
            commands.add(line.toString());
        }
        return commands;
    }

    private static String orUnavailable(String text) {
        String encoded = Xtext.encode(text);
        return text.isEmpty() || text.length() > LONGEST_NAME || encoded.length() > LONGEST_LINE - 32
                ? UNAVAILABLE
                : encoded;
    }

    private static String known(String text) {
        return text.equals("unknown") ? "" : text;
    }
}
