package postern.smtp.extension;

import org.jspecify.annotations.Nullable;
import postern.smtp.Extension;

/// XCLIENT (XCLIENT_README): a proxy or a test says whom it speaks for.
public final class XClient implements Extension {
    @Override
    public String keyword() {
        return "XCLIENT";
    }

    @Override
    public @Nullable String ehlo(Offer offer) {
        return offer.xclient() ? "XCLIENT NAME ADDR PROTO HELO REVERSE_NAME PORT LOGIN DESTADDR DESTPORT" : null;
    }
}
