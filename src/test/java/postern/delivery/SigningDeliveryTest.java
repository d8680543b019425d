package postern.delivery;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Base64;
import java.util.List;
import org.junit.jupiter.api.Test;
import postern.address.Address;
import postern.address.Path;
import postern.mailauth.BodyHash;
import postern.mailauth.Canonicalization;
import postern.mailauth.DkimKey;
import postern.mailauth.DkimKeys;
import postern.mailauth.DkimSigner;
import postern.mailauth.SigningIdentity;
import postern.queue.Body;
import postern.queue.DeliveryRequest;
import postern.queue.DeliveryResult;
import postern.queue.DeliveryStatus;
import postern.queue.Mail;
import postern.queue.QueueId;
import postern.smtp.EnhancedStatus;
import postern.smtp.Params;
import postern.smtp.Peer;
import postern.smtp.Recipient;

class SigningDeliveryTest {
    private static final Instant NOW = Instant.ofEpochSecond(1_800_000_000);
    private static final String TEXT = "From: a@example.com\r\nSubject: x\r\n\r\n" + "line\r\n".repeat(5_000);
    private static final Peer STRANGER =
            new Peer("192.0.2.1", 25, "mx.example.net", "mx.example.net", "mx.example.net", "ESMTP", "", "", "");
    private static final Peer USER =
            new Peer("192.168.2.9", 4000, "unknown", "unknown", "pc", "ESMTPSA", "", "a@example.com", "PLAIN");
    private static final SigningIdentity BY = new SigningIdentity(
            "example.com",
            "mail",
            null,
            DkimKey.of(DkimKeys.ed25519("mail", "example.com").privatePem()),
            SigningIdentity.Form.RSPAMD);

    private final List<String> logged = new ArrayList<>();
    private final List<String> sent = new ArrayList<>();
    private final List<Long> sizes = new ArrayList<>();
    private final SigningDelivery signing = new SigningDelivery(
            this::deliver,
            new DkimSigner(author -> author.key().endsWith("@example.com") ? List.of(BY) : List.of(), () -> NOW),
            SigningDelivery::isOurs,
            998,
            (service, text) -> logged.add(service + ": " + text));

    @Test
    void mailOfAUserGoesOutBehindItsSignature() {
        signing.deliver(request(mail(USER, false), TEXT));

        assertThat(sent).hasSize(1);
        assertThat(sent.getFirst())
                .startsWith("DKIM-Signature: v=1; a=ed25519-sha256; c=relaxed/relaxed; d=example.com;")
                .endsWith("\r\n" + TEXT);
        assertThat(sizes).containsExactly((long) sent.getFirst().length());
        assertThat(logged).containsExactly("dkim: 0000000001: DKIM-Signature field added (s=mail, d=example.com)");
    }

    @Test
    void mailThatWasMadeHereIsSigned() {
        signing.deliver(request(mail(Peer.LOCAL, true), TEXT));

        assertThat(sent.getFirst()).startsWith("DKIM-Signature: ");
    }

    /// Whatever its From says: that is what a forger would write.
    @Test
    void mailFromOutsideIsNeverSigned() {
        signing.deliver(request(mail(STRANGER, false), TEXT));

        assertThat(sent).containsExactly(TEXT);
        assertThat(logged).isEmpty();
    }

    @Test
    void aUsersMailFromADomainWithoutAKeyGoesAsItIsAndTheLogSaysSo() {
        String text = TEXT.replace("example.com", "other.example");
        signing.deliver(request(mail(USER, false), text));

        assertThat(sent).containsExactly(text);
        assertThat(logged).containsExactly("dkim: 0000000001: no signing table match for 'a@other.example'");
    }

    /// Behind the signature it would break it.
    @Test
    void linesTooLongAreBrokenBeforeTheyAreSigned() {
        String text = "From: a@example.com\r\n\r\n" + "y".repeat(997) + "\r\n" + "x".repeat(40_000) + "\r\nend\r\n";
        signing.deliver(request(mail(USER, false), text));

        String went = sent.getFirst();
        assertThat(went.split("\r\n")).allMatch(line -> line.length() <= 998);
        assertThat(went.replace("\r\n ", "")).endsWith("\r\n" + text);
        byte[] body = went.substring(went.indexOf("\r\n\r\n") + 4).getBytes(StandardCharsets.ISO_8859_1);
        BodyHash hash = new BodyHash(Canonicalization.RELAXED);
        hash.write(body, 0, body.length);
        assertThat(went).contains("bh=" + Base64.getEncoder().encodeToString(hash.finish()) + ";");
        assertThat(sizes).containsExactly((long) went.length());
        assertThat(logged).contains("dkim: 0000000001: breaking line > 998 bytes with <CR><LF>SPACE");
    }

    /// Unsigned it must not go.
    @Test
    void mailThatCannotBeReadWaits() {
        DeliveryRequest request = request(mail(USER, false), TEXT);
        DeliveryResult result = signing.deliver(
                new DeliveryRequest(request.mail(), request.recipients(), "smtp", "example.net", 0, () -> {
                    throw new IOException("gone");
                }));

        assertThat(sent).isEmpty();
        assertThat(result.statuses()).hasSize(1).first().isInstanceOf(DeliveryStatus.Deferred.class);
        assertThat(result.nextHopFailed()).isFalse();
    }

    /// Reads in pieces that end within the field, and once more from the start.
    private DeliveryResult deliver(DeliveryRequest request) {
        try (Body body = request.text().open()) {
            String first = read(body);
            body.rewind();
            assertThat(read(body)).isEqualTo(first).hasSize((int) body.size());
            sent.add(first);
            sizes.add(request.mail().size());
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
        DeliveryStatus status = new DeliveryStatus.Sent(new EnhancedStatus(2, 0, 0), "relay", "ok", null, "", false);
        return new DeliveryResult(List.of(status), Duration.ZERO, Duration.ZERO, false);
    }

    private static String read(Body body) throws IOException {
        StringBuilder all = new StringBuilder();
        ByteBuffer piece = ByteBuffer.allocate(100);
        while (body.read(piece) >= 0) {
            all.append(StandardCharsets.ISO_8859_1.decode(piece.flip()));
            piece.clear();
        }
        return all.toString();
    }

    private static Mail mail(Peer peer, boolean notice) {
        return new Mail(
                new QueueId(1),
                Path.of(Address.ofInternal("a@example.com")),
                Params.NONE,
                peer,
                NOW,
                List.of(recipient()),
                TEXT.length(),
                "",
                false,
                false,
                "",
                notice);
    }

    private static Recipient recipient() {
        return new Recipient(Address.ofInternal("b@example.net"), Params.NONE);
    }

    private static DeliveryRequest request(Mail mail, String text) {
        return new DeliveryRequest(
                mail,
                List.of(recipient()),
                "smtp",
                "example.net",
                0,
                () -> new MemoryBody(text.getBytes(StandardCharsets.ISO_8859_1)));
    }
}
