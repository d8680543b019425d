package postern.smtp.extension;

import org.jspecify.annotations.Nullable;
import postern.smtp.Extension;

/// STARTTLS (RFC 3207): offered where TLS can be started and has not been.
public final class StartTls implements Extension {
    @Override
    public String keyword() {
        return "STARTTLS";
    }

    @Override
    public @Nullable String ehlo(Offer offer) {
        return offer.tlsReady() && !offer.inTls() ? keyword() : null;
    }
}
