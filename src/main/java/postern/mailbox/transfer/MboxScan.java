package postern.mailbox.transfer;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.ByteBuffer;
import java.nio.channels.Channels;
import java.nio.channels.FileChannel;
import java.nio.file.Path;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.time.Instant;
import java.time.ZoneId;
import java.util.ArrayList;
import java.util.HexFormat;
import java.util.List;
import org.jspecify.annotations.Nullable;

/// Finds the messages of an mbox. One begins at a `From ` line that looks like one, at the beginning of the file or
/// behind a blank line; where its Content-Length leads to the next, as in files that Dovecot writes, such lines are
/// text up to there.
final class MboxScan {
    /// A message in the file.
    ///
    /// @param from where it begins, behind its `From ` line
    /// @param to behind its last line
    /// @param isQuoted whether `>From ` in it stands for `From `
    /// @param digest of what a client sees of it, as it lies there
    record Part(long from, long to, boolean isQuoted, Instant arrival, MboxHead head, String digest) {}

    private final FileChannel file;
    private final ZoneId zone;
    private final List<Part> parts = new ArrayList<>();

    private MboxScan(FileChannel file, ZoneId zone) {
        this.file = file;
        this.zone = zone;
    }

    /// @throws MailboxUnreadable when it is no mbox
    static List<Part> of(Path path, ZoneId zone) throws IOException {
        try (FileChannel file = FileChannel.open(path)) {
            MboxScan scan = new MboxScan(file, zone);
            scan.run();
            return scan.parts;
        }
    }

    private void run() throws IOException {
        LineChunks lines = at(0);
        if (!lines.next()) {
            return;
        }
        Instant arrival = Postmark.time(lines.text(), zone);
        if (arrival == null) {
            throw new MailboxUnreadable("it is not an mbox: it does not begin with a From line");
        }
        long from = lines.length();
        while (arrival != null) {
            Message message = new Message(from);
            from = message.run();
            parts.add(message.part(arrival));
            arrival = message.next;
        }
    }

    private LineChunks at(long position) throws IOException {
        return new LineChunks(Channels.newInputStream(file.position(position)));
    }

    /// One message, from its first line to the `From ` line of the next.
    private final class Message {
        private final long from;
        private final MboxHead head = new MboxHead();
        private final MessageDigest digest = sha256();
        private long to;
        private boolean isQuoted = true;
        private @Nullable Instant next;

        Message(long from) {
            this.from = from;
        }

        Part part(Instant arrival) {
            return new Part(from, to, isQuoted, arrival, head, HexFormat.of().formatHex(digest.digest(), 0, 12));
        }

        /// Returns where the next message begins, behind its `From ` line.
        long run() throws IOException {
            LineChunks lines = at(from);
            long body = header(lines);
            long length = head.length();
            boolean wasBlank = false;
            to = from + lines.position() + lines.length();
            if (length >= 0 && leadsToNext(body + length)) {
                isQuoted = false;
                to = body + length;
                // a last line without an end takes the blank line behind it
                wasBlank = skip(lines, length);
            }
            while (lines.next()) {
                Instant time = wasBlank && lines.startsWith("From ") ? Postmark.time(lines.text(), zone) : null;
                if (time != null) {
                    next = time;
                    return from + lines.position() + lines.length();
                }
                if (wasBlank && lines.position() > 0) {
                    digest.update((byte) '\n');
                }
                wasBlank = lines.isBlank();
                if (!wasBlank) {
                    digest.update(lines.bytes());
                    to = from + lines.position() + lines.length();
                } else {
                    to = from + lines.position();
                }
            }
            return to;
        }

        /// Reads up to the blank line, and that; returns where the body begins.
        private long header(LineChunks lines) throws IOException {
            boolean isOwn = false;
            while (lines.next()) {
                String field = lines.field();
                boolean isMore = !lines.beginsLine() || lines.isFolded();
                isOwn = isMore ? isOwn : field != null && MboxHead.isOwn(field);
                if (isOwn && field != null) {
                    head.add(field, lines.text());
                }
                if (!isOwn) {
                    digest.update(lines.bytes());
                }
                if (lines.isBlank()) {
                    break;
                }
            }
            return from + lines.position() + lines.length();
        }

        /// Returns whether more than that was read.
        private boolean skip(LineChunks lines, long length) throws IOException {
            long end = lines.position() + lines.length() + length;
            while (lines.position() + lines.length() < end && lines.next()) {
                digest.update(lines.bytes());
            }
            return lines.position() + lines.length() > end;
        }
    }

    /// Whether the file ends there, or a blank line and a `From ` line are there.
    private boolean leadsToNext(long position) throws IOException {
        if (position == file.size()) {
            return true;
        }
        ByteBuffer start = ByteBuffer.allocate(6);
        int got = file.read(start, position);
        String text = new String(start.array(), java.nio.charset.StandardCharsets.ISO_8859_1);
        return got == 6 && text.equals("\nFrom ") || got == 1 && text.startsWith("\n");
    }

    private static MessageDigest sha256() {
        try {
            return MessageDigest.getInstance("SHA-256");
        } catch (NoSuchAlgorithmException e) {
            throw new UncheckedIOException(new IOException(e));
        }
    }
}
