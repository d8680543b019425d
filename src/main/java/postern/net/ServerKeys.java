package postern.net;

import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;
import postern.config.ConfigException;

/// The identities of a listener: mostly one; more for several kinds of key, or names asked for by SNI.
public record ServerKeys(List<Identity> identities) {
    public ServerKeys {
        identities = List.copyOf(identities);
        if (identities.isEmpty()) {
            throw new IllegalArgumentException("no certificate");
        }
    }

    /// From a file of certificates and a file with the key (`smtpd_tls_cert_file`, `smtpd_tls_key_file`; they
    /// may be the same file).
    ///
    /// @throws ConfigException naming the file and what is wrong with it
    public static ServerKeys fromFiles(Path certificates, Path key) {
        return new ServerKeys(List.of(PemFiles.identity(certificates, key)));
    }

    /// From files that hold each key before its certificates (`smtpd_tls_chain_files`).
    ///
    /// @throws ConfigException naming the file and what is wrong with it
    public static ServerKeys fromChainFiles(List<Path> files) {
        List<Identity> identities = new ArrayList<>();
        for (Path file : files) {
            identities.addAll(PemFiles.chains(file));
        }
        return new ServerKeys(identities);
    }

    /// The identity with this kind of key whose certificate covers the name; else the first with this kind of
    /// key; null when there is none of the kind.
    @Nullable
    Identity choose(String keyAlgorithm, String serverName) {
        Identity first = null;
        for (Identity identity : identities) {
            if (!identity.key().getAlgorithm().equals(keyAlgorithm)) {
                continue;
            }
            if (serverName.isEmpty() || (identities.size() > 1 && identity.covers(serverName))) {
                return identity;
            }
            first = first == null ? identity : first;
        }
        return first;
    }
}
