package postern.policy;

import java.net.InetAddress;
import postern.address.Address;
import postern.address.Path;
import postern.net.Endpoint;
import postern.smtp.EnhancedStatus;

/// What a refusal is about: `<subject>: Sender address rejected: …`.
enum Subject {
    CLIENT("Client host"),
    REVERSE_CLIENT("Unverified Client host"),
    HELO("Helo command"),
    SENDER("Sender address"),
    RECIPIENT("Recipient address"),
    DATA("Data command"),
    END_OF_DATA("End-of-data"),
    ETRN("Etrn command"),
    LOGIN("SASL login name"),
    CERTIFICATE("Client certificate");

    private final String label;

    Subject(String label) {
        this.label = label;
    }

    String label() {
        return label;
    }

    /// What stands between `<` and `>`. That of a certificate is known to `Certificates` only.
    String name(PolicyRequest request) {
        return switch (this) {
            case CLIENT -> request.clientLabel();
            case REVERSE_CLIENT -> request.reverseClientName();
            case HELO, ETRN -> request.helo();
            case SENDER -> sender(request);
            case RECIPIENT -> recipient(request);
            case DATA -> "DATA";
            case END_OF_DATA -> "END-OF-MESSAGE";
            case LOGIN -> request.login();
            case CERTIFICATE -> "";
        };
    }

    static String address(PolicyRequest request) {
        InetAddress address = request.clientAddress();
        return address == null ? "unknown" : Endpoint.of(address, 0).text();
    }

    /// Empty for the null sender and before MAIL.
    static String sender(PolicyRequest request) {
        Path sender = request.sender();
        return sender == null ? "" : sender.internal();
    }

    static String recipient(PolicyRequest request) {
        Address recipient = request.recipient();
        return recipient == null ? "" : recipient.internal();
    }

    /// A status that speaks of a destination, said of a sender, speaks of the sender, and so on: so that one
    /// table can serve several kinds of restrictions.
    EnhancedStatus fix(EnhancedStatus status) {
        if (status.subject() != 1) {
            return status;
        }
        return switch (this) {
            case SENDER -> withDetail(status, forSender(status.detail()));
            case RECIPIENT -> withDetail(status, forRecipient(status.detail()));
            default -> new EnhancedStatus(status.statusClass(), 0, 0);
        };
    }

    private static EnhancedStatus withDetail(EnhancedStatus status, int detail) {
        return detail == status.detail() ? status : new EnhancedStatus(status.statusClass(), 1, detail);
    }

    private static int forSender(int detail) {
        return switch (detail) {
            case 1, 3, 4, 6 -> 7;
            case 2 -> 8;
            default -> detail;
        };
    }

    private static int forRecipient(int detail) {
        return switch (detail) {
            case 7 -> 3;
            case 8 -> 2;
            default -> detail;
        };
    }
}
