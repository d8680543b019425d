package postern.smtp.server;

import org.jspecify.annotations.Nullable;
import postern.net.TlsFacts;

/// What a handshake agreed on, in Postfix's words.
final class TlsText {
    private TlsText() {}

    /// `TLSv1.3 with cipher TLS_AES_256_GCM_SHA384 (256/256 bits)`
    static String of(@Nullable TlsFacts facts) {
        return facts == null
                ? ""
                : facts.protocol() + " with cipher " + facts.cipher() + " (" + facts.bits() + "/" + facts.bits()
                        + " bits)";
    }
}
