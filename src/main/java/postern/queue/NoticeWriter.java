package postern.queue;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.time.ZoneId;
import java.time.ZoneOffset;
import java.time.format.DateTimeFormatter;
import postern.message.MailDate;
import postern.smtp.Handover;

/// Writes one notice into an intake, piece by piece: `multipart/report` (RFC 6522) of a text for people, the
/// status for machines, and the message or its header.
final class NoticeWriter {
    private static final DateTimeFormatter ID_TIME =
            DateTimeFormatter.ofPattern("yyyyMMddHHmmss").withZone(ZoneOffset.UTC);
    private static final int PIECE = 8 * 1024;

    private final Notice notice;
    private final House house;
    private final Handover into;
    private final String boundary;
    private final boolean utf8;

    /// Who writes.
    ///
    /// @param host `myhostname`
    /// @param origin `myorigin`
    /// @param threaded `enable_threaded_bounces`: whether the notice answers the message
    /// @param headerLimit most bytes of a header that are returned
    record House(String host, String origin, boolean threaded, int headerLimit) {}

    NoticeWriter(Notice notice, House house, Handover into, Instant now) {
        this.notice = notice;
        this.house = house;
        this.into = into;
        this.boundary = notice.mail().id() + "." + into.id() + "." + now.getEpochSecond() + "/" + house.host();
        this.utf8 = notice.isUtf8();
    }

    /// @param text of the message, at its start
    /// @throws IOException when it cannot be read
    /// @throws postern.smtp.Reply.Refused as the intake refuses
    void write(Body text, Instant now) throws IOException {
        head(now);
        people();
        machines();
        message(text);
        put("\r\n--" + boundary + "--\r\n");
    }

    private void head(Instant now) {
        String id = "<" + ID_TIME.format(now) + "." + into.id() + "@" + house.host() + ">";
        put("Date: " + MailDate.format(now, ZoneId.systemDefault()) + "\r\n");
        field("From", "Mail Delivery System <MAILER-DAEMON@" + house.origin() + ">");
        field("Subject", NoticeText.subject(notice));
        field("To", notice.to().toString());
        field("Message-ID", id);
        String about = notice.mail().messageId();
        if (house.threaded() && !about.isEmpty()) {
            field("In-Reply-To", about);
            field("References", about);
        }
        put("Auto-Submitted: auto-replied\r\n");
        put("MIME-Version: 1.0\r\n");
        put("Content-Type: multipart/report; report-type=delivery-status;\r\n\tboundary=\"" + boundary + "\"\r\n");
        if (notice.isEightBit()) {
            put("Content-Transfer-Encoding: 8bit\r\n");
        }
        put("\r\nThis is a notice in several parts (MIME).\r\n");
    }

    private void people() {
        part("Notification", "text/plain; charset=" + (utf8 ? "utf-8" : "us-ascii"), utf8);
        put(NoticeText.opening(notice, house.host()));
        for (Report report : notice.reports()) {
            put(NoticeText.recipient(report, utf8));
        }
    }

    private void machines() {
        part("Delivery report", utf8 ? "message/global-delivery-status" : "message/delivery-status", utf8);
        put(StatusPart.ofMessage(notice, house.host(), utf8));
        for (Report report : notice.reports()) {
            put(StatusPart.ofRecipient(notice, report, utf8));
        }
    }

    private void message(Body text) throws IOException {
        part(
                NoticeText.returnedPart(notice).getFirst(),
                NoticeText.returnedPart(notice).getLast(),
                notice.isEightBit());
        if (!notice.returnsText()) {
            into.write(header(text, house.headerLimit()));
            return;
        }
        ByteBuffer piece = ByteBuffer.allocate(PIECE);
        while (text.read(piece) >= 0) {
            into.write(piece.flip());
            piece.clear();
        }
    }

    /// The header of a message without the empty line behind it; whole lines of it when it is longer than
    /// `most`.
    private static ByteBuffer header(Body text, int most) throws IOException {
        ByteBuffer header = ByteBuffer.allocate((int) Math.min(most, text.size()));
        while (header.hasRemaining() && text.read(header) >= 0) {
            // on until it is full
        }
        header.flip();
        int lineStart = 0;
        for (int i = 0; i < header.limit(); i++) {
            if (header.get(i) == '\n') {
                if (i - lineStart <= 1) {
                    break;
                }
                lineStart = i + 1;
            }
        }
        return header.limit(lineStart);
    }

    private void part(String description, String type, boolean eightBit) {
        put("\r\n--" + boundary + "\r\n");
        put("Content-Description: " + description + "\r\n");
        put("Content-Type: " + type + "\r\n");
        if (eightBit) {
            put("Content-Transfer-Encoding: 8bit\r\n");
        }
        put("\r\n");
    }

    private void field(String name, String value) {
        put(Folded.field(name, value, utf8));
    }

    private void put(String text) {
        into.write(ByteBuffer.wrap(text.getBytes(StandardCharsets.UTF_8)));
    }
}
