package postern.smtp.extension;

import org.jspecify.annotations.Nullable;
import postern.smtp.Extension;

/// XFORWARD (XFORWARD_README): a filter says, for the log, where mail came from first.
public final class XForward implements Extension {
    @Override
    public String keyword() {
        return "XFORWARD";
    }

    @Override
    public @Nullable String ehlo(Offer offer) {
        return offer.xforward() ? "XFORWARD NAME ADDR PROTO HELO SOURCE PORT IDENT" : null;
    }
}
