package postern.net;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.GeneralSecurityException;
import java.security.KeyStore;
import java.security.cert.CertificateException;
import java.security.cert.X509Certificate;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Set;
import java.util.function.Supplier;
import java.util.stream.Stream;
import javax.net.ssl.TrustManagerFactory;
import javax.net.ssl.X509TrustManager;
import org.jspecify.annotations.Nullable;
import postern.config.ConfigException;

/// The authorities one trusts. Loaded when the first certificate is to be checked: a server that only
/// encrypts never holds them.
public final class TrustAnchors {
    /// What OpenSSL looks for in a CApath: the hash of a subject and a number.
    private static final String HASHED = "[0-9a-f]{8}\\.[0-9]+";

    private final Supplier<@Nullable KeyStore> source;
    private @Nullable X509TrustManager loaded;

    private TrustAnchors(Supplier<@Nullable KeyStore> source) {
        this.source = source;
    }

    /// What the JDK (on Debian: the system) trusts.
    public static TrustAnchors system() {
        return new TrustAnchors(() -> null);
    }

    /// The certificates of a PEM file and of the PEM files in a directory (`smtp_tls_CAfile`,
    /// `smtp_tls_CApath`); either may be null.
    public static TrustAnchors of(@Nullable Path file, @Nullable Path directory) {
        return new TrustAnchors(() -> {
            Set<X509Certificate> found = new LinkedHashSet<>();
            if (file != null) {
                found.addAll(PemFiles.certificates(file));
            }
            if (directory != null) {
                addDirectory(directory, found);
            }
            return keyStore(found);
        });
    }

    /// @throws CertificateException when the chain does not lead to one of them, or has expired
    void check(List<X509Certificate> chain) throws CertificateException {
        check(chain, X509TrustManager::checkServerTrusted);
    }

    /// The same for the chain of a client.
    void checkClient(List<X509Certificate> chain) throws CertificateException {
        check(chain, X509TrustManager::checkClientTrusted);
    }

    /// Which end of a connection the chain belongs to.
    @FunctionalInterface
    private interface End {
        void check(X509TrustManager trust, X509Certificate[] chain, String type) throws CertificateException;
    }

    private void check(List<X509Certificate> chain, End end) throws CertificateException {
        try {
            // PKIX does not look at the dates of a certificate that is itself an anchor.
            chain.getFirst().checkValidity();
            end.check(trust(), chain.toArray(new X509Certificate[0]), "UNKNOWN");
        } catch (CertificateException | ConfigException e) {
            throw new CertificateException("Server certificate not trusted: " + e.getMessage(), e);
        }
    }

    private synchronized X509TrustManager trust() {
        if (loaded == null) {
            loaded = manager(source.get());
        }
        return loaded;
    }

    private static void addDirectory(Path directory, Set<X509Certificate> found) {
        List<Path> files;
        try (Stream<Path> all = Files.list(directory)) {
            files = all.toList();
        } catch (IOException e) {
            throw new ConfigException(directory + ": is not a directory that can be read", e);
        }
        boolean hashed =
                files.stream().anyMatch(file -> file.getFileName().toString().matches(HASHED));
        for (Path file : files) {
            String name = file.getFileName().toString();
            if (hashed ? name.matches(HASHED) : name.endsWith(".pem") || name.endsWith(".crt")) {
                try {
                    found.addAll(PemFiles.certificates(file));
                } catch (ConfigException e) {
                    // One bad file of many: what it would vouch for is not trusted.
                }
            }
        }
    }

    private static KeyStore keyStore(Set<X509Certificate> certificates) {
        try {
            KeyStore store = KeyStore.getInstance("PKCS12");
            store.load(null, null);
            int number = 0;
            for (X509Certificate certificate : certificates) {
                store.setCertificateEntry(Integer.toString(number++), certificate);
            }
            return store;
        } catch (GeneralSecurityException | IOException e) {
            throw new IllegalStateException("this JDK cannot hold certificates", e);
        }
    }

    private static X509TrustManager manager(@Nullable KeyStore store) {
        try {
            TrustManagerFactory factory = TrustManagerFactory.getInstance("PKIX");
            factory.init(store);
            return (X509TrustManager) factory.getTrustManagers()[0];
        } catch (GeneralSecurityException e) {
            throw new IllegalStateException("this JDK cannot check certificates", e);
        }
    }
}
