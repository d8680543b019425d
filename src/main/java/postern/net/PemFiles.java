package postern.net;

import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.AccessDeniedException;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.security.PrivateKey;
import java.security.cert.CertificateException;
import java.security.cert.CertificateFactory;
import java.security.cert.X509Certificate;
import java.util.ArrayList;
import java.util.List;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;
import postern.config.ConfigException;

/// Keys and certificates out of PEM files. Every failure is a [ConfigException] that begins with the file's
/// name.
final class PemFiles {
    private PemFiles() {}

    /// Reads one identity from a file of certificates and a file with a key.
    static Identity identity(Path certificates, Path key) {
        List<X509Certificate> chain = certificates(certificates);
        List<Pem> keys = read(key).stream().filter(Pem::isKey).toList();
        if (keys.isEmpty()) {
            throw new ConfigException(key + ": no private key (-----BEGIN PRIVATE KEY-----)");
        }
        return inFile(key, () -> new Identity(PrivateKeys.of(keys.getFirst()), chain));
    }

    /// Reads identities from a file that holds each key before its certificates.
    static List<Identity> chains(Path file) {
        return inFile(file, () -> {
            List<Identity> identities = new ArrayList<>();
            List<X509Certificate> chain = new ArrayList<>();
            PrivateKey key = null;
            for (Pem block : read(file)) {
                if (block.isKey()) {
                    finish(identities, key, chain);
                    key = PrivateKeys.of(block);
                } else if (block.isCertificate()) {
                    if (key == null) {
                        throw new IllegalArgumentException("a certificate stands before the private key it belongs to");
                    }
                    chain.add(certificate(block));
                }
            }
            finish(identities, key, chain);
            if (identities.isEmpty()) {
                throw new IllegalArgumentException("no private key with certificates behind it");
            }
            return identities;
        });
    }

    /// All certificates of a file, at least one.
    static List<X509Certificate> certificates(Path file) {
        return inFile(file, () -> {
            List<X509Certificate> found = new ArrayList<>();
            for (Pem block : read(file)) {
                if (block.isCertificate()) {
                    found.add(certificate(block));
                }
            }
            if (found.isEmpty()) {
                throw new IllegalArgumentException("no certificate (-----BEGIN CERTIFICATE-----)");
            }
            return found;
        });
    }

    private static void finish(List<Identity> identities, @Nullable PrivateKey key, List<X509Certificate> chain) {
        if (key != null) {
            identities.add(new Identity(key, chain));
            chain.clear();
        }
    }

    private static X509Certificate certificate(Pem block) {
        try {
            return (X509Certificate)
                    CertificateFactory.getInstance("X.509").generateCertificate(new ByteArrayInputStream(block.der()));
        } catch (CertificateException e) {
            throw new IllegalArgumentException("a certificate is broken: " + e.getMessage(), e);
        }
    }

    private static List<Pem> read(Path file) {
        String text;
        try {
            text = Files.readString(file, StandardCharsets.ISO_8859_1);
        } catch (NoSuchFileException e) {
            throw new ConfigException(file + ": no such file; a PEM file belongs there", e);
        } catch (AccessDeniedException e) {
            throw new ConfigException(file + ": cannot be read: permission denied", e);
        } catch (IOException e) {
            throw new ConfigException(file + ": cannot be read: " + e.getMessage(), e);
        }
        return inFile(file, () -> Pem.parse(text));
    }

    private static <T> T inFile(Path file, Supplier<T> work) {
        try {
            return work.get();
        } catch (IllegalArgumentException e) {
            throw new ConfigException(file + ": " + e.getMessage(), e);
        }
    }
}
