package postern.smtp.extension;

import postern.smtp.Extension;

/// ENHANCEDSTATUSCODES (RFC 2034): replies carry a [postern.smtp.EnhancedStatus].
public final class EnhancedStatusCodes implements Extension {
    @Override
    public String keyword() {
        return "ENHANCEDSTATUSCODES";
    }
}
