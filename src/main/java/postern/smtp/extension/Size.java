package postern.smtp.extension;

import java.util.List;
import postern.smtp.Extension;
import postern.smtp.Param;
import postern.smtp.Reply;

/// SIZE (RFC 1870): the limit in EHLO, and the client's own figure with MAIL.
public final class Size implements Extension {
    /// Bytes, as the client declares them. It may lie: the limit counts what arrives.
    public static final Param<Long> SIZE = new Param<>() {
        @Override
        public String keyword() {
            return "SIZE";
        }

        @Override
        public Long parse(String text) {
            if (text.isEmpty() || text.length() > 20 || !text.chars().allMatch(c -> c >= '0' && c <= '9')) {
                throw new Reply.Refused("501 5.5.4 Bad message size syntax");
            }
            return text.length() > 18 ? Long.MAX_VALUE : Long.parseLong(text);
        }

        @Override
        public String format(Long value) {
            return Long.toString(value);
        }
    };

    @Override
    public String keyword() {
        return "SIZE";
    }

    @Override
    public String ehlo(Offer offer) {
        return offer.sizeLimit() > 0 ? "SIZE " + offer.sizeLimit() : "SIZE";
    }

    @Override
    public List<Param<?>> mailParams() {
        return List.of(SIZE);
    }
}
