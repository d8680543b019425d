package postern.smtp.extension;

import java.util.List;
import org.jspecify.annotations.Nullable;
import postern.smtp.Extension;
import postern.smtp.Flag;
import postern.smtp.Param;

/// PRDR (draft-hall-prdr-00, as Exim speaks it): a client that asks for it may hear, behind 353, a reply for each
/// recipient after the text, and a last one for the message. Offered where recipients can have answers of their
/// own: a queue has but one. The parameter is a flag of MAIL.
public final class Prdr implements Extension {
    public static final Param<Boolean> PRDR = new Flag("PRDR");

    @Override
    public String keyword() {
        return "PRDR";
    }

    @Override
    public @Nullable String ehlo(Offer offer) {
        return offer.each() ? keyword() : null;
    }

    @Override
    public List<Param<?>> mailParams() {
        return List.of(PRDR);
    }
}
