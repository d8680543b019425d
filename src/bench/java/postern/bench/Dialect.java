package postern.bench;

import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;

/// What a client says before the text: SMTP or LMTP, and to whom.
final class Dialect {
    /// To the one recipient of the benches that relay.
    static final Dialect RELAYED = new Dialect("EHLO", new String[] {"user@example.com"});

    private static final ByteBuffer MAIL = direct("MAIL FROM:<sender@example.net>\r\n");
    private static final ByteBuffer DATA = direct("DATA\r\n");

    private final ByteBuffer hello;
    private final ByteBuffer[] recipients;

    private Dialect(String hello, String[] recipients) {
        this.hello = direct(hello + " bench.example.net\r\n");
        this.recipients = new ByteBuffer[recipients.length];
        for (int i = 0; i < recipients.length; i++) {
            this.recipients[i] = direct("RCPT TO:<" + recipients[i] + ">\r\n");
        }
    }

    /// @param hello `EHLO` or `LHLO`
    /// @param mailboxes to one of which each message goes, in turn
    static Dialect to(String hello, int mailboxes) {
        String[] recipients = new String[mailboxes];
        for (int i = 0; i < mailboxes; i++) {
            recipients[i] = user(i);
        }
        return new Dialect(hello, recipients);
    }

    /// The owner of a mailbox.
    static String user(int mailbox) {
        return "user" + mailbox + "@example.com";
    }

    ByteBuffer hello() {
        return hello.duplicate();
    }

    /// MAIL, RCPT or DATA of a message.
    ByteBuffer command(int number, int which) {
        return switch (which) {
            case 0 -> MAIL.duplicate();
            case 1 -> recipients[number % recipients.length].duplicate();
            default -> DATA.duplicate();
        };
    }

    /// All three.
    ByteBuffer[] envelope(int number) {
        return new ByteBuffer[] {command(number, 0), command(number, 1), command(number, 2)};
    }

    static ByteBuffer direct(String text) {
        byte[] bytes = text.getBytes(StandardCharsets.US_ASCII);
        return ByteBuffer.allocateDirect(bytes.length).put(bytes).flip();
    }
}
