package postern.queue;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.nio.ByteBuffer;
import java.time.Instant;
import java.util.ArrayList;
import java.util.BitSet;
import java.util.List;
import java.util.Random;
import java.util.Set;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import postern.address.Address;
import postern.address.Domain;
import postern.address.Path;
import postern.smtp.Params;
import postern.smtp.Peer;
import postern.smtp.Recipient;
import postern.smtp.extension.Dsn;
import postern.smtp.extension.EightBitMime;
import postern.smtp.extension.Size;
import postern.smtp.extension.SmtpUtf8;

class MailCodecTest {
    private static final String[] TEXTS = {
        "", "a", "x@y", "a b", "\"quoted\\", "jörg", "例え", "with\u0000nul", "😀", "..", "l".repeat(300)
    };

    @ParameterizedTest
    @ValueSource(longs = {1, 2, 3, 4, 5, 6, 7, 8})
    void mailReadsBackAsItWas(long seed) throws DamagedException {
        Random random = new Random(seed);
        for (int i = 0; i < 200; i++) {
            Mail mail = mail(random);
            assertThat(MailCodec.decode(mail.id(), MailCodec.encode(mail))).isEqualTo(mail);
        }
    }

    @ParameterizedTest
    @ValueSource(longs = {1, 2, 3, 4})
    void stateReadsBackAsItWas(long seed) throws DamagedException {
        Random random = new Random(seed);
        for (int i = 0; i < 200; i++) {
            int recipients = random.nextInt(40);
            BitSet finished = new BitSet();
            List<String> reasons = new ArrayList<>();
            for (int place = 0; place < recipients; place++) {
                finished.set(place, random.nextBoolean());
                reasons.add(text(random));
            }
            State state = new State(
                    recipients,
                    finished,
                    random.nextLong(1L << 32),
                    random.nextInt(100),
                    random.nextInt(),
                    random.nextBoolean(),
                    reasons);
            assertThat(State.decode(state.encode())).isEqualTo(state);
        }
    }

    @ParameterizedTest
    @ValueSource(longs = {1, 2, 3, 4})
    void placesOfATextReadBackAsTheyWere(long seed) throws DamagedException {
        Random random = new Random(seed);
        for (int i = 0; i < 200; i++) {
            List<Piece> pieces = new ArrayList<>();
            int offset = SegmentHeader.BYTES;
            SegmentName segment = new SegmentName(1 + random.nextInt(9), random.nextInt(3));
            for (int count = random.nextInt(6); count > 0; count--) {
                if (random.nextInt(4) == 0) {
                    segment = new SegmentName(segment.major() + 1, 0);
                    offset = SegmentHeader.BYTES;
                }
                Piece piece = new Piece(segment, offset + random.nextInt(1000), 1 + random.nextInt(65_536));
                offset = piece.offset() + piece.size();
                pieces.add(piece);
            }
            long size = pieces.stream().mapToLong(Piece::length).sum();
            Text text = new Text(size, random.nextInt(), pieces);
            MailRecord record = new MailRecord(text, random.nextLong(1L << 32), ByteBuffer.wrap(new byte[] {1, 2}));
            assertThat(MailRecord.decode(record.encode())).isEqualTo(record);
        }
    }

    @Test
    void fieldsOfALaterVersionArePassedOver() throws DamagedException {
        Mail mail = Mails.mail(new QueueId(5), QueueContract.START, 10);
        ByteBuffer known = MailCodec.encode(mail);
        ByteBuffer later =
                new Fields.Writer(64).text(900, "something new").number(901, 7).done();
        ByteBuffer both = ByteBuffer.allocate(known.remaining() + later.remaining());
        both.put(later).put(known).flip();
        assertThat(MailCodec.decode(mail.id(), both)).isEqualTo(mail);
    }

    @Test
    void cutRecordIsDamagedNotWrong() {
        ByteBuffer whole = MailCodec.encode(Mails.mail(new QueueId(5), QueueContract.START, 10));
        ByteBuffer cut = whole.slice(0, whole.remaining() - 2);
        assertThatThrownBy(() -> MailCodec.decode(new QueueId(5), cut)).isInstanceOf(DamagedException.class);
    }

    private static Mail mail(Random random) {
        List<Recipient> recipients = new ArrayList<>();
        for (int count = random.nextInt(5); count >= 0; count--) {
            Recipient recipient = new Recipient(address(random), rcptParams(random));
            recipients.add(random.nextBoolean() ? recipient : recipient.withAddress(address(random)));
        }
        return new Mail(
                new QueueId(1 + random.nextInt(1000)),
                random.nextInt(4) == 0 ? Path.NULL : Path.of(address(random)),
                mailParams(random),
                peer(random),
                Instant.ofEpochSecond(random.nextInt(), random.nextInt(1_000_000_000)),
                recipients,
                random.nextLong(1L << 40),
                text(random),
                random.nextBoolean(),
                random.nextBoolean(),
                text(random),
                random.nextBoolean());
    }

    private static Params mailParams(Random random) {
        Params params = Params.NONE;
        params = random.nextBoolean() ? params.with(Size.SIZE, random.nextLong(1L << 40)) : params;
        params = random.nextBoolean() ? params.with(Dsn.RET, Dsn.Ret.HDRS) : params;
        params = random.nextBoolean() ? params.with(Dsn.ENVID, "a+b=c d") : params;
        params = random.nextBoolean() ? params.with(EightBitMime.BODY, EightBitMime.Body.EIGHT_BIT) : params;
        return random.nextBoolean() ? params.with(SmtpUtf8.SMTPUTF8, true) : params;
    }

    private static Params rcptParams(Random random) {
        Params params = Params.NONE;
        params = random.nextBoolean() ? params.with(Dsn.NOTIFY, Set.of()) : params;
        params = random.nextBoolean() ? params.with(Dsn.NOTIFY, Set.of(Dsn.Notify.DELAY, Dsn.Notify.SUCCESS)) : params;
        Dsn.OriginalRecipient original = new Dsn.OriginalRecipient("rfc822", "a b+c@example.org");
        return random.nextBoolean() ? params.with(Dsn.ORCPT, original) : params;
    }

    private static Peer peer(Random random) {
        return random.nextInt(4) == 0
                ? Peer.LOCAL
                : new Peer(
                        text(random),
                        random.nextInt(65_536),
                        text(random),
                        text(random),
                        text(random),
                        text(random),
                        text(random),
                        text(random),
                        text(random));
    }

    private static Address address(Random random) {
        return new Address(text(random), random.nextInt(5) == 0 ? null : new Domain(text(random)));
    }

    private static String text(Random random) {
        return TEXTS[random.nextInt(TEXTS.length)];
    }
}
