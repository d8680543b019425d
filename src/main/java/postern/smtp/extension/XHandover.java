package postern.smtp.extension;

import java.util.List;
import org.jspecify.annotations.Nullable;
import postern.smtp.Extension;
import postern.smtp.HandoverId;
import postern.smtp.Param;

/// XHANDOVER (docs/xhandover.md): between two servers of ours a message goes under an id, and XFATE asks later
/// whether it was taken. After the text there is a reply for each recipient.
public final class XHandover implements Extension {
    /// What this transaction is called.
    public static final Param<HandoverId> ID = new Param<>() {
        @Override
        public String keyword() {
            return "XHANDOVER";
        }

        @Override
        public HandoverId parse(String text) {
            return HandoverId.parse(text);
        }

        @Override
        public String format(HandoverId value) {
            return value.toString();
        }
    };

    @Override
    public String keyword() {
        return "XHANDOVER";
    }

    @Override
    public @Nullable String ehlo(Offer offer) {
        return offer.handover() ? "XHANDOVER" : null;
    }

    @Override
    public List<Param<?>> mailParams() {
        return List.of(ID);
    }
}
