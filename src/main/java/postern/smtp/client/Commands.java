package postern.smtp.client;

import java.util.Set;
import postern.address.Address;
import postern.address.Path;
import postern.smtp.HandoverId;
import postern.smtp.Params;
import postern.smtp.Peer;
import postern.smtp.Recipient;
import postern.smtp.extension.Dsn;
import postern.smtp.extension.EightBitMime;
import postern.smtp.extension.SmtpUtf8;
import postern.smtp.extension.Xtext;

/// Writes the commands of a transaction into the batch of a [Chat], each with the parameters that the server
/// offers to take.
final class Commands {
    private static final int LONGEST_ADDRESS = 512;
    private static final int LONGEST_ATTRIBUTE = 255;

    private final Chat chat;
    private final Features features;

    Commands(Chat chat, Features features) {
        this.chat = chat;
        this.features = features;
    }

    /// @param prdr whether an answer for each recipient is asked for after the data
    void mail(MailFrom from, boolean prdr) {
        chat.put("MAIL FROM:<");
        put(from.sender());
        chat.put(">");
        if (from.size() > 0 && features.offers("SIZE")) {
            chat.put(" SIZE=").put(Long.toString(from.size()));
        }
        EightBitMime.Body body = from.body();
        if (body != null && features.offers("8BITMIME")) {
            chat.put(" BODY=").put(EightBitMime.BODY.format(body));
        }
        Params params = from.params();
        if (!params.isEmpty() && features.offers("DSN")) {
            chat.put(params.wire(Dsn.RET)).put(params.wire(Dsn.ENVID));
        }
        if ((from.needsUtf8() || params.has(SmtpUtf8.SMTPUTF8)) && features.offers("SMTPUTF8")) {
            chat.put(" SMTPUTF8");
        }
        HandoverId handover = from.handover();
        if (handover != null && features.offers("XHANDOVER")) {
            chat.put(" XHANDOVER=").put(handover.toString());
        }
        if (prdr) {
            chat.put(" PRDR");
        }
        chat.end();
    }

    void rcpt(Recipient recipient) {
        chat.put("RCPT TO:<");
        put(recipient.address());
        chat.put(">");
        if (!recipient.params().isEmpty() && features.offers("DSN")) {
            chat.put(recipient.params().wire(Dsn.NOTIFY)).put(recipient.params().wire(Dsn.ORCPT));
        }
        chat.end();
    }

    /// What is known of the client that handed the message in, for a server that trusts us (XFORWARD_README):
    /// at most two commands, so that none is too long. Returns how many.
    int xforward(MailFrom from) {
        Peer peer = from.peer();
        Set<String> offered = features.xforward();
        int count = 0;
        StringBuilder line = new StringBuilder("XFORWARD");
        attribute(line, offered, "NAME", known(peer.name()));
        attribute(line, offered, "ADDR", known(peer.address()));
        attribute(line, offered, "PORT", peer.port() > 0 ? Integer.toString(peer.port()) : "");
        count += command(line);
        line.setLength("XFORWARD".length());
        attribute(line, offered, "PROTO", known(peer.protocol()));
        attribute(line, offered, "HELO", peer.helo());
        attribute(line, offered, "IDENT", from.id());
        attribute(line, offered, "SOURCE", peer.equals(Peer.LOCAL) ? "LOCAL" : "REMOTE");
        return count + command(line);
    }

    private int command(StringBuilder line) {
        if (line.length() == "XFORWARD".length()) {
            return 0;
        }
        chat.put(line.toString()).end();
        return 1;
    }

    private static void attribute(StringBuilder line, Set<String> offered, String name, String value) {
        if (!value.isEmpty() && value.length() <= LONGEST_ATTRIBUTE && offered.contains(name)) {
            line.append(' ').append(name).append('=').append(Xtext.encode(value));
        }
    }

    private static String known(String text) {
        return text.equals("unknown") ? "" : text;
    }

    private void put(Path path) {
        Address address = path.address();
        if (address != null) {
            put(address);
        }
    }

    /// As [Address#toString()] has it, without building it for the usual address.
    private void put(Address address) {
        if (address.domain() == null || !isPlain(address.localPart())) {
            chat.put(address.toString());
        } else {
            chat.put(address.localPart()).put("@").put(address.domain().text());
        }
    }

    private static boolean isPlain(String localPart) {
        char before = '.';
        for (int i = 0; i < localPart.length(); i++) {
            char c = localPart.charAt(i);
            boolean letter = (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9');
            if (!letter && c != '-' && c != '_' && c != '+' && c != '=' && (c != '.' || before == '.')) {
                return false;
            }
            before = c;
        }
        return before != '.';
    }

    /// Whether an address can stand in a command: it holds no control character, and leaves room for its
    /// parameters.
    static boolean isSendable(Address address) {
        String text = address.internal();
        return text.length() <= LONGEST_ADDRESS && text.chars().noneMatch(c -> c < ' ' || c == 127);
    }
}
