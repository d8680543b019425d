package postern.net;

import java.security.cert.CertificateException;
import java.security.cert.X509Certificate;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.function.Function;
import javax.net.ssl.ExtendedSSLSession;
import javax.net.ssl.SNIHostName;
import javax.net.ssl.SNIServerName;
import javax.net.ssl.SSLEngine;
import javax.net.ssl.SSLException;
import javax.net.ssl.SSLPeerUnverifiedException;
import javax.net.ssl.SSLSession;

/// What came out of a handshake, for logs and Received headers.
final class Handshakes {
    private Handshakes() {}

    /// @param worth of the peer's certificates, where it has shown any
    /// @throws SSLException when nothing can be bound to the connection: it would be offered and not hold
    static TlsFacts facts(SSLEngine engine, Function<List<X509Certificate>, Trust> worth) throws SSLException {
        SSLSession session = engine.getSession();
        List<X509Certificate> chain = certificates(session);
        String suite = session.getCipherSuite();
        return new TlsFacts(
                session.getProtocol(),
                CipherNames.openssl(suite),
                CipherNames.bits(suite),
                chain,
                chain.isEmpty() ? Trust.ANONYMOUS : worth.apply(chain),
                serverName(session),
                engine.getUseClientMode() ? Map.of() : bindings(session));
    }

    /// What a login over this connection can be bound to (RFC 9266 §2).
    private static Map<String, byte[]> bindings(SSLSession session) throws SSLException {
        if (!session.getProtocol().equals("TLSv1.3") || !(session instanceof ExtendedSSLSession extended)) {
            return Map.of();
        }
        return Map.of(
                TlsFacts.EXPORTER, extended.exportKeyingMaterialData("EXPORTER-Channel-Binding", new byte[0], 32));
    }

    /// Why it failed, in one line.
    static String reason(SSLException failure) {
        for (Throwable cause = failure; cause != null; cause = cause.getCause()) {
            if (cause instanceof CertificateException && cause.getMessage() != null) {
                return cause.getMessage();
            }
        }
        String message = failure.getMessage();
        return message == null ? "TLS handshake failed" : message.replaceAll("\\s+", " ");
    }

    private static List<X509Certificate> certificates(SSLSession session) {
        List<X509Certificate> chain = new ArrayList<>();
        try {
            for (var certificate : session.getPeerCertificates()) {
                if (certificate instanceof X509Certificate x509) {
                    chain.add(x509);
                }
            }
        } catch (SSLPeerUnverifiedException e) {
            // It sent none.
        }
        return List.copyOf(chain);
    }

    private static String serverName(SSLSession session) {
        if (session instanceof ExtendedSSLSession extended) {
            for (SNIServerName name : extended.getRequestedServerNames()) {
                if (name instanceof SNIHostName host) {
                    return host.getAsciiName();
                }
            }
        }
        return "";
    }
}
