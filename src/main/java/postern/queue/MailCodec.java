package postern.queue;

import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.time.DateTimeException;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import org.jspecify.annotations.Nullable;
import postern.address.Address;
import postern.address.Domain;
import postern.address.Path;
import postern.smtp.HandoverId;
import postern.smtp.Param;
import postern.smtp.Params;
import postern.smtp.Peer;
import postern.smtp.Recipient;
import postern.smtp.Reply;
import postern.smtp.extension.Extensions;
import postern.smtp.extension.XHandover;

/// A [Mail] as bytes: tagged [Fields]. ESMTP parameters are kept as text, keyword and value, and read back by
/// [Extensions]: one that this version does not know, or whose value it does not take, is left out.
final class MailCodec {
    private static final int SENDER = 1;
    private static final int MAIL_PARAM = 2;
    private static final int PEER = 3;
    private static final int ARRIVAL_SECONDS = 4;
    private static final int ARRIVAL_NANOS = 5;
    private static final int RECIPIENT = 6;
    private static final int SIZE = 7;
    private static final int MESSAGE_ID = 8;
    private static final int EIGHT_BIT = 9;
    private static final int UTF8_HEADER = 10;
    private static final int FILTER = 11;
    private static final int NOTICE = 12;

    private static final int LOCAL_PART = 1;
    private static final int DOMAIN = 2;

    private static final int ADDRESS = 1;
    private static final int ORIGINAL = 2;
    private static final int RCPT_PARAM = 3;

    private static final int KEYWORD = 1;
    private static final int VALUE = 2;

    private MailCodec() {}

    static ByteBuffer encode(Mail mail) {
        Fields.Writer fields = new Fields.Writer(512);
        Address sender = mail.sender().address();
        if (sender != null) {
            address(fields, SENDER, sender);
        }
        params(fields, MAIL_PARAM, mail.params());
        peer(fields, mail.peer());
        fields.number(ARRIVAL_SECONDS, mail.arrival().getEpochSecond())
                .number(ARRIVAL_NANOS, mail.arrival().getNano());
        for (Recipient recipient : mail.recipients()) {
            recipient(fields, recipient);
        }
        fields.number(SIZE, mail.size()).text(MESSAGE_ID, mail.messageId()).text(FILTER, mail.filter());
        flag(fields, EIGHT_BIT, mail.eightBit());
        flag(fields, UTF8_HEADER, mail.utf8Header());
        flag(fields, NOTICE, mail.isNotice());
        return fields.done();
    }

    static Mail decode(QueueId id, ByteBuffer bytes) throws DamagedException {
        Path sender = Path.NULL;
        Params params = Params.NONE;
        Peer peer = Peer.LOCAL;
        long seconds = 0;
        long nanos = 0;
        long size = 0;
        List<Recipient> recipients = new ArrayList<>();
        String messageId = "";
        String filter = "";
        boolean eightBit = false;
        boolean utf8Header = false;
        boolean isNotice = false;
        Fields.Reader fields = new Fields.Reader(bytes);
        while (fields.next()) {
            switch (fields.tag()) {
                case SENDER -> sender = Path.of(address(fields.fields()));
                case MAIL_PARAM -> params = param(params, true, fields.fields());
                case PEER -> peer = peer(fields.fields());
                case ARRIVAL_SECONDS -> seconds = fields.number();
                case ARRIVAL_NANOS -> nanos = fields.number();
                case RECIPIENT -> recipients.add(recipient(fields.fields()));
                case SIZE -> size = fields.number();
                case MESSAGE_ID -> messageId = fields.text();
                case FILTER -> filter = fields.text();
                case EIGHT_BIT -> eightBit = fields.number() != 0;
                case UTF8_HEADER -> utf8Header = fields.number() != 0;
                case NOTICE -> isNotice = fields.number() != 0;
                default -> {}
            }
        }
        Instant arrival = instant(seconds, nanos);
        return new Mail(
                id, sender, params, peer, arrival, recipients, size, messageId, eightBit, utf8Header, filter, isNotice);
    }

    /// The hand-over id in an envelope; null when there is none.
    static @Nullable HandoverId handover(ByteBuffer envelope) throws DamagedException {
        Params params = Params.NONE;
        Fields.Reader fields = new Fields.Reader(envelope.duplicate());
        while (fields.next()) {
            params = fields.tag() == MAIL_PARAM ? param(params, true, fields.fields()) : params;
        }
        return params.get(XHandover.ID);
    }

    private static Instant instant(long seconds, long nanos) throws DamagedException {
        try {
            return Instant.ofEpochSecond(seconds, nanos);
        } catch (DateTimeException | ArithmeticException e) {
            throw new DamagedException("a time of " + seconds + " seconds");
        }
    }

    private static void flag(Fields.Writer fields, int tag, boolean value) {
        if (value) {
            fields.number(tag, 1);
        }
    }

    private static void recipient(Fields.Writer fields, Recipient recipient) {
        int opened = fields.open(RECIPIENT);
        address(fields, ADDRESS, recipient.address());
        if (!isSpelledAlike(recipient.original(), recipient.address())) {
            address(fields, ORIGINAL, recipient.original());
        }
        params(fields, RCPT_PARAM, recipient.params());
        fields.close(opened);
    }

    /// Equal to the letter: [Domain] compares without case.
    private static boolean isSpelledAlike(Address one, Address other) {
        return one == other || one.equals(other) && one.toString().equals(other.toString());
    }

    private static Recipient recipient(Fields.Reader fields) throws DamagedException {
        Address address = new Address("", (Domain) null);
        Address original = null;
        Params params = Params.NONE;
        while (fields.next()) {
            switch (fields.tag()) {
                case ADDRESS -> address = address(fields.fields());
                case ORIGINAL -> original = address(fields.fields());
                case RCPT_PARAM -> params = param(params, false, fields.fields());
                default -> {}
            }
        }
        return new Recipient(address, original == null ? address : original, params);
    }

    private static void address(Fields.Writer fields, int tag, Address address) {
        int opened = fields.open(tag);
        fields.text(LOCAL_PART, address.localPart());
        Domain domain = address.domain();
        if (domain != null) {
            fields.bytes(DOMAIN, domain.text().getBytes(StandardCharsets.UTF_8));
        }
        fields.close(opened);
    }

    private static Address address(Fields.Reader fields) throws DamagedException {
        String localPart = "";
        Domain domain = null;
        while (fields.next()) {
            switch (fields.tag()) {
                case LOCAL_PART -> localPart = fields.text();
                case DOMAIN -> domain = new Domain(fields.text());
                default -> {}
            }
        }
        return new Address(localPart, domain);
    }

    private static void params(Fields.Writer fields, int tag, Params params) {
        for (Param<?> param : params.params()) {
            int opened = fields.open(tag);
            fields.text(KEYWORD, param.keyword()).text(VALUE, value(params, param));
            fields.close(opened);
        }
    }

    private static <T> String value(Params params, Param<T> param) {
        T value = params.get(param);
        return value == null || param.isFlag() ? "" : param.format(value);
    }

    private static Params param(Params params, boolean mail, Fields.Reader fields) throws DamagedException {
        String keyword = "";
        String value = "";
        while (fields.next()) {
            switch (fields.tag()) {
                case KEYWORD -> keyword = fields.text();
                case VALUE -> value = fields.text();
                default -> {}
            }
        }
        Param<?> param = mail ? Extensions.mailParam(keyword) : Extensions.rcptParam(keyword);
        return param == null ? params : with(params, param, value);
    }

    private static <T> Params with(Params params, Param<T> param, String text) {
        T value = parsed(param, text);
        return value == null ? params : params.with(param, value);
    }

    private static <T> @Nullable T parsed(Param<T> param, String text) {
        try {
            return param.parse(text);
        } catch (Reply.Refused e) {
            return null;
        }
    }

    private static void peer(Fields.Writer fields, Peer peer) {
        int opened = fields.open(PEER);
        fields.text(1, peer.address())
                .number(2, peer.port())
                .text(3, peer.name())
                .text(4, peer.reverseName())
                .text(5, peer.helo())
                .text(6, peer.protocol())
                .text(7, peer.tls())
                .text(8, peer.login())
                .text(9, peer.loginMethod());
        fields.close(opened);
    }

    private static Peer peer(Fields.Reader fields) throws DamagedException {
        String[] texts = new String[10];
        Arrays.fill(texts, "");
        int port = 0;
        while (fields.next()) {
            if (fields.tag() == 2) {
                port = (int) fields.number();
            } else if (fields.tag() > 0 && fields.tag() < texts.length) {
                texts[fields.tag()] = fields.text();
            }
        }
        return new Peer(texts[1], port, texts[3], texts[4], texts[5], texts[6], texts[7], texts[8], texts[9]);
    }
}
