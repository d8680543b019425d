package postern.mailbox.transfer;

import static org.assertj.core.api.Assertions.assertThat;

import com.code_intelligence.jazzer.api.FuzzedDataProvider;
import com.code_intelligence.jazzer.junit.FuzzTest;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.ZoneOffset;
import java.util.Arrays;
import java.util.List;
import java.util.Set;
import postern.mailbox.MailboxName;

/// What other programs wrote, or what somebody wrote in their name: it is understood or refused, and nothing else.
class TransferFuzz {
    @FuzzTest
    void namesComeBackAsTheyWere(FuzzedDataProvider data) {
        String name = new String(data.consumeString(60).getBytes(StandardCharsets.UTF_8), StandardCharsets.UTF_8);
        assertThat(ModifiedUtf7.decode(ModifiedUtf7.encode(name))).isEqualTo(name);
        String text = data.consumeRemainingAsString();
        String decoded = ModifiedUtf7.decode(text);
        assertThat(decoded == null ? text : ModifiedUtf7.encode(decoded)).isEqualTo(text);
    }

    @FuzzTest
    void uidListsHaveEachUidOnce(byte[] bytes) {
        UidList list = UidList.parse(TextLines.of(bytes), flaw -> {});
        assertThat(list.entries().values().stream().map(UidList.Entry::uid)).doesNotHaveDuplicates();
        list.entries().values().forEach(entry -> assertThat(entry.uid()).isBetween(1L, list.next() - 1));
    }

    @FuzzTest
    void smallFilesAreUnderstoodOrNot(byte[] bytes) {
        List<String> lines = TextLines.of(bytes);
        assertThat(KeywordList.parse(lines, flaw -> {})).hasSizeLessThanOrEqualTo(26);
        Set<MailboxName> names = Subscriptions.parse(lines, flaw -> {});
        assertThat(Subscriptions.parse(Subscriptions.format(names).lines().toList(), flaw -> {}))
                .isEqualTo(names);
        lines.forEach(line -> {
            MaildirName name = MaildirName.of(line);
            assertThat(name.flags(List.of("a", "b")).keywords()).isSubsetOf("a", "b", "$Forwarded");
            assertThat(Keys.of(line)).doesNotContainPattern("[\\x00-\\x1f]");
        });
    }

    @FuzzTest
    void linesAreEndedInAnyPieces(FuzzedDataProvider data) throws IOException {
        int[] sizes = data.consumeInts(5);
        byte[] raw = data.consumeRemainingAsBytes();
        InputStream pieces = new InputStream() {
            private int at;
            private int turn;

            @Override
            public int read() {
                throw new AssertionError("byte by byte");
            }

            @Override
            public int read(byte[] into, int from, int count) {
                int size = sizes.length == 0 ? count : Math.floorMod(sizes[turn++ % sizes.length], 7) + 1;
                int length = Math.min(Math.min(count, size), raw.length - at);
                System.arraycopy(raw, at, into, from, length);
                at += length;
                return length == 0 ? -1 : length;
            }
        };
        String text = new String(raw, StandardCharsets.ISO_8859_1);
        assertThat(new String(new CrlfStream(pieces).readAllBytes(), StandardCharsets.ISO_8859_1))
                .isEqualTo(text.replaceAll("(?<!\r)\n", "\r\n"));
    }

    @FuzzTest
    void packedTextsAreUnpackedOrRefused(FuzzedDataProvider data) throws IOException {
        String start = data.pickValue(new String[] {
            "", "BZh91AY&SY", "Dovecot-LZ4\r*\u009b\u00c5\0\0\u0010\0", "\u001f\u008b", "(\u00b5/\u00fd"
        });
        byte[] head = start.getBytes(StandardCharsets.ISO_8859_1);
        byte[] rest = data.consumeRemainingAsBytes();
        byte[] file = Arrays.copyOf(head, head.length + rest.length);
        System.arraycopy(rest, 0, file, head.length, rest.length);
        try (InputStream text = Compression.open(new ByteArrayInputStream(file))) {
            assertThat(text.readNBytes(1 << 20)).hasSizeLessThanOrEqualTo(1 << 20);
        } catch (IOException e) {
            assertThat(Why.of(e)).isNotEmpty();
        }
    }

    @FuzzTest
    void responsesAreUnderstoodOrRefused(byte[] bytes) {
        ImapParser parser = new ImapParser(new ByteArrayInputStream(bytes));
        try {
            while (true) {
                ImapParser.Response response = parser.read((before, text) -> text.read());
                assertThat(response.tag()).isNotEmpty();
                ImapDialog.code(response, "UIDNEXT");
            }
        } catch (IOException e) {
            assertThat(e.getMessage()).isNotEmpty();
        }
    }

    @FuzzTest
    void mboxesAreCutIntoMessages(byte[] bytes) throws IOException {
        Path file = Files.createTempFile("fuzz", ".mbox");
        try {
            Files.write(file, bytes);
            long before = 0;
            for (MboxScan.Part part : MboxScan.of(file, ZoneOffset.UTC)) {
                assertThat(part.from()).isGreaterThan(before);
                assertThat(part.to()).isBetween(part.from(), (long) bytes.length);
                before = part.from();
            }
        } catch (MailboxUnreadable e) {
            assertThat(e.getMessage()).contains("not an mbox");
        } finally {
            Files.delete(file);
        }
    }
}
