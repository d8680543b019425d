package postern.message;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;

class HeaderSplitterTest {
    /// Collects what comes out: fields by name and value, and all bytes in order.
    private static final class Seen implements HeaderSplitter.Sink {
        final List<String> fields = new ArrayList<>();
        final StringBuilder all = new StringBuilder();
        final StringBuilder body = new StringBuilder();
        final List<String> longFields = new ArrayList<>();
        boolean ended;

        @Override
        public void field(Field field) {
            fields.add(field.name() + "=" + field.value());
            all.append(new String(field.bytes(), field.from(), field.to() - field.from(), StandardCharsets.ISO_8859_1));
        }

        @Override
        public boolean longField(Field beginning) {
            longFields.add(beginning.text());
            return true;
        }

        @Override
        public void raw(byte[] bytes, int from, int to) {
            String text = new String(bytes, from, to - from, StandardCharsets.ISO_8859_1);
            all.append(text);
            if (ended) {
                body.append(text);
            }
        }

        @Override
        public void headerEnd() {
            assertThat(ended).as("the header ends once").isFalse();
            ended = true;
        }
    }

    private static Seen split(String text, int step, int limit) {
        Seen seen = new Seen();
        HeaderSplitter splitter = new HeaderSplitter(seen, limit);
        byte[] bytes = text.getBytes(StandardCharsets.ISO_8859_1);
        for (int i = 0; i < bytes.length; i += step) {
            splitter.write(ByteBuffer.wrap(bytes, i, Math.min(step, bytes.length - i)));
        }
        splitter.finish();
        assertThat(seen.ended).isTrue();
        return seen;
    }

    @Test
    void cutsFieldsWithTheirContinuationLinesHoweverThePiecesFall() {
        String text = "Subject: a\r\n b\r\nFrom : c@d\r\nX-Empty:\r\n\r\nbody: no field\r\n\r\nmore";
        for (int step = 1; step <= text.length(); step++) {
            Seen seen = split(text, step, 1000);
            assertThat(seen.fields).as("in steps of %d", step).containsExactly("Subject=a b", "From=c@d", "X-Empty=");
            assertThat(seen.body.toString()).isEqualTo("\r\nbody: no field\r\n\r\nmore");
            assertThat(seen.all.toString()).isEqualTo(text);
        }
    }

    @Test
    void aLineThatIsNoFieldBeginsTheBody() {
        for (int step = 1; step < 12; step++) {
            Seen seen = split("Subject: a\r\nnot a field\r\nmore\r\n", step, 1000);
            assertThat(seen.fields).containsExactly("Subject=a");
            assertThat(seen.body.toString()).isEqualTo("\r\nnot a field\r\nmore\r\n");
        }
        assertThat(split(" folded\r\n", 3, 1000).body.toString()).isEqualTo("\r\n folded\r\n");
    }

    @Test
    void aMessageMayBeOnlyHeaderOrNothing() {
        assertThat(split("A: b\r\n", 1, 1000).fields).containsExactly("A=b");
        assertThat(split("A: b\r\n", 1, 1000).all.toString()).isEqualTo("A: b\r\n");
        assertThat(split("", 1, 1000).all.toString()).isEmpty();
        assertThat(split("\r\nbody", 1, 1000).body.toString()).isEqualTo("\r\nbody");
    }

    /// A header line of any length passes unaltered, in bounded memory.
    @Test
    void aFieldOverTheLimitPassesUnaltered() {
        String text = "A: 1\r\nLong: " + "x".repeat(50) + "\r\n " + "y".repeat(90) + "\r\nB: 2\r\n\r\nbody\r\n";
        for (int step : new int[] {1, 2, 7, 31, 64, 500}) {
            Seen seen = split(text, step, 40);
            assertThat(seen.all.toString()).isEqualTo(text);
            assertThat(seen.fields).as("in steps of %d", step).containsExactly("A=1", "B=2");
            assertThat(seen.body.toString()).isEqualTo("\r\nbody\r\n");
        }
    }
}
