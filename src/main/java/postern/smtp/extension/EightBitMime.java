package postern.smtp.extension;

import java.util.List;
import java.util.Locale;
import postern.smtp.Extension;
import postern.smtp.Param;
import postern.smtp.Reply;

/// 8BITMIME (RFC 6152) and the BODY parameter. BINARYMIME (RFC 3030 §3) is not offered.
public final class EightBitMime implements Extension {
    /// What BODY may say.
    public enum Body {
        SEVEN_BIT("7BIT"),
        EIGHT_BIT("8BITMIME");

        private final String word;

        Body(String word) {
            this.word = word;
        }
    }

    public static final Param<Body> BODY = new Param<>() {
        @Override
        public String keyword() {
            return "BODY";
        }

        @Override
        public Body parse(String text) {
            return switch (text.toUpperCase(Locale.ROOT)) {
                case "7BIT" -> Body.SEVEN_BIT;
                case "8BITMIME" -> Body.EIGHT_BIT;
                default -> throw new Reply.Refused("501 5.5.4 Bad BODY parameter: 7BIT or 8BITMIME expected");
            };
        }

        @Override
        public String format(Body value) {
            return value.word;
        }
    };

    @Override
    public String keyword() {
        return "8BITMIME";
    }

    @Override
    public List<Param<?>> mailParams() {
        return List.of(BODY);
    }
}
