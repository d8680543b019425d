package postern.mailbox.transfer;

import java.io.BufferedOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.ZoneId;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.TreeSet;
import postern.mailbox.AccountName;
import postern.mailbox.Mailbox;
import postern.mailbox.MailboxStore;
import postern.mailbox.MessageRef;
import postern.mailbox.Uid;
import postern.mailbox.transfer.Report.Count;

/// Writes an account as mbox files, one for each mailbox, `From ` at the beginning of a line quoted (mboxrd), lines
/// with LF. Fields say flags and UIDs as Dovecot and others have them.
///
/// @param zone of the times in the files
record MboxExport(MailboxStore store, ZoneId zone, Report report) {
    void write(AccountName account, Path to) throws IOException {
        for (Mailbox mailbox : store.mailboxes(account)) {
            report.add(Count.MAILBOXES, 1);
            Path file = to.resolve(ModifiedUtf7.encode(mailbox.name().name()).replace('/', '_'));
            if (Files.exists(file)) {
                report.problem(account + " " + mailbox.name(), "another mailbox is called so over there: left out");
                continue;
            }
            try (OutputStream out = new BufferedOutputStream(Files.newOutputStream(file), 64 << 10)) {
                List<MessageRef> messages = store.messages(mailbox, Uid.FIRST, Uid.LAST);
                String base = base(mailbox, messages);
                for (MessageRef message : messages) {
                    write(message, base, out);
                    base = "";
                }
            }
        }
    }

    /// `X-IMAPbase: 1234 17 word`: UIDVALIDITY, the last UID, and all keywords, without which none counts.
    private static String base(Mailbox mailbox, List<MessageRef> messages) {
        Set<String> keywords = new TreeSet<>(String.CASE_INSENSITIVE_ORDER);
        messages.forEach(message -> keywords.addAll(message.flags().keywords()));
        List<String> words = new ArrayList<>(keywords);
        words.add(0, mailbox.validity() + " " + (mailbox.next().value() - 1));
        return "X-IMAPbase: " + String.join(" ", words) + "\n";
    }

    /// @param base what belongs to the whole file, in its first message
    private void write(MessageRef message, String base, OutputStream out) throws IOException {
        String own = base + MboxHead.lines(message.flags(), message.uid().value());
        try (InputStream text = store.open(message, 0)) {
            put(out, Postmark.of(sender(message), message.arrival(), zone) + "\n");
            LineChunks lines = new LineChunks(text);
            boolean isBody = header(lines, own, out);
            while (isBody && lines.next()) {
                if (lines.quotes() >= 0) {
                    out.write('>');
                }
                put(lines, out);
            }
            put(out, lines.endedLine() ? "\n" : "\n\n");
        }
        report.add(Count.TAKEN, 1);
        report.add(Count.BYTES, message.size());
    }

    /// The header with our fields at its end; returns whether a body follows.
    private static boolean header(LineChunks lines, String own, OutputStream out) throws IOException {
        boolean isOwn = false;
        while (lines.next()) {
            if (lines.isBlank()) {
                put(out, own + "\n");
                return true;
            }
            String field = lines.field();
            boolean isMore = !lines.beginsLine() || lines.isFolded();
            isOwn = isMore ? isOwn : field != null && MboxHead.isOwn(field);
            if (!isOwn) {
                put(lines, out);
            }
        }
        put(out, (lines.endedLine() ? "" : "\n") + own);
        return false;
    }

    private static void put(LineChunks lines, OutputStream out) throws IOException {
        byte[] bytes = lines.bytes();
        boolean hasReturn = bytes.length > 1 && bytes[bytes.length - 1] == '\n' && bytes[bytes.length - 2] == '\r';
        out.write(bytes, 0, bytes.length - (hasReturn ? 2 : 0));
        if (hasReturn) {
            out.write('\n');
        }
    }

    private static void put(OutputStream out, String text) throws IOException {
        out.write(text.getBytes(StandardCharsets.ISO_8859_1));
    }

    /// From the Return-Path that delivery has put in front.
    private static String sender(MessageRef message) {
        String front = message.front();
        int start = front.startsWith("Return-Path: <") ? "Return-Path: <".length() : 0;
        int end = front.indexOf('>');
        return start > 0 && end > start ? front.substring(start, end) : "";
    }
}
