package postern.net;

import java.security.cert.CertificateException;
import java.security.cert.X509Certificate;
import java.util.ArrayList;
import java.util.List;
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

    static TlsFacts facts(SSLEngine engine, boolean verified) {
        SSLSession session = engine.getSession();
        String suite = session.getCipherSuite();
        return new TlsFacts(
                session.getProtocol(),
                CipherNames.openssl(suite),
                CipherNames.bits(suite),
                certificates(session),
                verified,
                serverName(session));
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
