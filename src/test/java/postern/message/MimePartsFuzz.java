package postern.message;

import static org.assertj.core.api.Assertions.assertThat;

import com.code_intelligence.jazzer.api.FuzzedDataProvider;
import com.code_intelligence.jazzer.junit.FuzzTest;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.EnumSet;
import java.util.List;

class MimePartsFuzz {
    private static final MimeParts.Limits LIMITS = new MimeParts.Limits(60, 20, 3, 8);

    /// However the bytes arrive, the same fields and lines are found, and no byte is lost or changed.
    @FuzzTest
    void cutsDoNotMatterAndNothingIsChanged(FuzzedDataProvider data) {
        int step = data.consumeInt(1, 100);
        byte[] input = data.consumeRemainingAsBytes();
        Walk whole = new Walk(input, Math.max(1, input.length));
        Walk cut = new Walk(input, step);
        assertThat(cut.all.toString()).isEqualTo(whole.all.toString());
        assertThat(cut.found).isEqualTo(whole.found);
        String text = new String(input, StandardCharsets.ISO_8859_1);
        String out = whole.all.toString();
        int added = whole.separator;
        assertThat(added < 0 ? out : out.substring(0, added) + out.substring(added + 2))
                .isEqualTo(text);
    }

    /// A message taken apart and put together again.
    private static final class Walk implements HeaderSplitter.Sink, MimeParts.Sink {
        final StringBuilder all = new StringBuilder();
        final List<String> found = new ArrayList<>();
        int separator = -1;
        private final MimeParts parts = new MimeParts(this, LIMITS, EnumSet.allOf(MimeFlaw.class));
        private boolean inBody;
        private boolean first = true;

        Walk(byte[] input, int step) {
            HeaderSplitter splitter = new HeaderSplitter(this, LIMITS.headerSize());
            for (int i = 0; i < input.length; i += step) {
                splitter.write(ByteBuffer.wrap(input, i, Math.min(step, input.length - i)));
            }
            splitter.finish();
            parts.finish();
            if (separator >= 0 && all.length() < separator + 2) {
                separator = -1;
            }
        }

        private void put(byte[] bytes, int from, int to) {
            all.append(new String(bytes, from, to - from, StandardCharsets.ISO_8859_1));
        }

        @Override
        public void field(Field field) {
            parts.messageField(field);
            put(field.bytes(), field.from(), field.to());
        }

        @Override
        public boolean longField(Field beginning) {
            found.add("long " + beginning.text());
            return true;
        }

        @Override
        public void headerEnd() {
            inBody = true;
        }

        @Override
        public void raw(byte[] bytes, int from, int to) {
            if (!inBody) {
                put(bytes, from, to);
                return;
            }
            if (first && to - from == 2 && bytes.length == 2) {
                separator = all.length();
            }
            first = false;
            parts.write(bytes, from, to);
        }

        @Override
        public void partField(MimeParts.Place place, Field field) {
            found.add(place + " " + field.text());
            put(field.bytes(), field.from(), field.to());
        }

        @Override
        public boolean longPartField(MimeParts.Place place, Field beginning) {
            found.add("long " + place + " " + beginning.text());
            return true;
        }

        @Override
        public void line(byte[] bytes, int from, int textEnd, int to, long offset) {
            found.add(offset + " " + new String(bytes, from, textEnd - from, StandardCharsets.ISO_8859_1));
            put(bytes, from, to);
        }

        @Override
        public void passed(byte[] bytes, int from, int to) {
            put(bytes, from, to);
        }

        @Override
        public void flaw(MimeFlaw flaw, String where) {
            found.add(flaw.toString());
        }
    }
}
