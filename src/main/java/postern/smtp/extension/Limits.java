package postern.smtp.extension;

import org.jspecify.annotations.Nullable;
import postern.smtp.Extension;

/// LIMITS (RFC 9422): how many recipients one transaction may have.
public final class Limits implements Extension {
    @Override
    public String keyword() {
        return "LIMITS";
    }

    @Override
    public @Nullable String ehlo(Offer offer) {
        return offer.recipientLimit() > 0 ? "LIMITS RCPTMAX=" + offer.recipientLimit() : null;
    }
}
