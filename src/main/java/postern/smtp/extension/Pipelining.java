package postern.smtp.extension;

import postern.smtp.Extension;

/// PIPELINING (RFC 2920): the client need not wait for each reply.
public final class Pipelining implements Extension {
    @Override
    public String keyword() {
        return "PIPELINING";
    }
}
