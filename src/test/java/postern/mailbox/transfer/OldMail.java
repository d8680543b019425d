package postern.mailbox.transfer;

import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.time.ZoneOffset;
import java.time.format.DateTimeFormatter;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Objects;
import java.util.stream.Stream;
import postern.mailbox.AccountName;
import postern.mailbox.Flags;
import postern.mailbox.Mailbox;
import postern.mailbox.MailboxName;
import postern.mailbox.MailboxStore;
import postern.mailbox.MessageRef;
import postern.mailbox.Uid;
import postern.peers.ImapTalk;
import postern.peers.ImapTalk.Seen;

/// Mail as an account on Dovecot has it after some years, and a look at what our store has.
final class OldMail {
    static final AccountName YOU = new AccountName("you@example.com");

    private static final DateTimeFormatter DATE = DateTimeFormatter.ofPattern("dd-MMM-yyyy HH:mm:ss Z", Locale.ENGLISH)
            .withZone(ZoneOffset.UTC);

    private OldMail() {}

    static String date(Instant time) {
        return DATE.format(time);
    }

    /// Mailboxes with names of all kinds; flags, keywords, gaps where messages were expunged, odd texts.
    static void fill(ImapTalk talk) throws IOException {
        for (String name : List.of("Archive.2024", "Entw&APw-rfe", "\"A &- B\"", "Junk", "Empty")) {
            talk.ask("CREATE " + name);
        }
        talk.ask("SUBSCRIBE Archive.2024");
        talk.ask("SUBSCRIBE Entw&APw-rfe");
        talk.append("INBOX", "()", "01-Jan-2020 10:00:00 +0000", "Subject: one\r\n\r\nfirst\r\n");
        talk.append("INBOX", "(\\Seen)", "02-Jan-2020 10:00:00 +0200", "Subject: gone\r\n\r\n\r\n");
        talk.append("INBOX", "(\\Seen \\Answered $Forwarded NonJunk)", "03-Jan-2020 10:00:00 +0000", letter(2000));
        talk.append("INBOX", "(\\Flagged \\Deleted)", "04-Jan-2020 10:00:00 +0000", "Subject: \u00e4\r\n\r\n.\r\n\r\n");
        talk.append("INBOX", "()", "05-Jan-2020 10:00:00 +0000", "Subject: no end\r\n\r\n..dots");
        talk.append("INBOX", "()", "06-Jan-2020 10:00:00 +0000", "Subject: last, and gone\r\n\r\nx\r\n");
        talk.append("Archive.2024", "(\\Draft other)", "07-Jan-2020 10:00:00 +0000", letter(5));
        talk.append("Entw&APw-rfe", "()", "08-Jan-2020 10:00:00 +0000", "\r\nno header\r\n");
        talk.append("\"A &- B\"", "(NonJunk)", "09-Jan-2020 10:00:00 +0000", letter(20));
        talk.ask("SELECT INBOX");
        talk.ask("UID STORE 2,6 +FLAGS (gone)");
        talk.ask("UID STORE 2,6 +FLAGS (\\Deleted)");
        talk.ask("UID STORE 4 -FLAGS (\\Deleted)");
        talk.ask("EXPUNGE");
        talk.ask("UID STORE 4 +FLAGS (\\Deleted)");
    }

    /// A long one, with lines that do not compress away.
    static String letter(int lines) {
        StringBuilder text = new StringBuilder("From: a@example.net\r\nSubject: long\r\n\r\n");
        for (int i = 0; i < lines; i++) {
            text.append(i)
                    .append(" the quick brown fox ")
                    .append(i * 7919L % 10007)
                    .append("\r\n");
        }
        return text.toString();
    }

    static final List<String> BOXES = List.of("INBOX", "Archive.2024", "Entw\u00fcrfe", "A & B", "Junk", "Empty");

    static String quoted(String name) {
        return "\"" + ModifiedUtf7.encode(name) + "\"";
    }

    static Mailbox box(MailboxStore store, String name) throws IOException {
        return Objects.requireNonNull(store.mailbox(YOU, new MailboxName(name)), name);
    }

    /// What our store has, in Dovecot's words.
    static List<Seen> messages(MailboxStore store, String name) throws IOException {
        List<Seen> seen = new ArrayList<>();
        for (MessageRef message : store.messages(box(store, name), Uid.FIRST, Uid.LAST)) {
            try (InputStream text = store.open(message, 0)) {
                seen.add(new Seen(
                        message.uid().value(),
                        flags(message.flags()),
                        date(message.arrival()),
                        message.size(),
                        new String(text.readAllBytes(), StandardCharsets.ISO_8859_1)));
            }
        }
        return seen;
    }

    private static String flags(Flags flags) {
        return String.join(
                " ",
                Stream.of(flags.toString().split(" "))
                        .filter(flag -> !flag.isEmpty())
                        .sorted()
                        .toList());
    }
}
