package postern.smtp.server;

import java.nio.file.Path;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.Executor;
import java.util.function.Consumer;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;
import postern.config.ConfigException;
import postern.config.MainCf;
import postern.config.Parameter;
import postern.net.CipherProfile;
import postern.net.LiveKeys;
import postern.net.PeerCheck;
import postern.net.ServerKeys;
import postern.net.ServerTls;
import postern.net.TlsProtocols;
import postern.net.TlsSettings;
import postern.net.TrustAnchors;

/// The certificates and demands of `smtpd_tls_*`.
public final class SmtpdTls {
    static final Parameter<String> SMTPD_TLS_CERT_FILE = Parameter.text("smtpd_tls_cert_file", "")
            .doc("PEM file with the server's certificate and those above it; none for none.");
    static final Parameter<String> SMTPD_TLS_KEY_FILE =
            Parameter.text("smtpd_tls_key_file", "$smtpd_tls_cert_file").doc("PEM file with its private key.");
    static final Parameter<String> SMTPD_TLS_ECCERT_FILE =
            Parameter.text("smtpd_tls_eccert_file", "").doc("A second certificate, of another kind of key.");
    static final Parameter<String> SMTPD_TLS_ECKEY_FILE = Parameter.text(
                    "smtpd_tls_eckey_file", "$smtpd_tls_eccert_file")
            .doc("The second certificate's private key.");
    static final Parameter<List<String>> SMTPD_TLS_CHAIN_FILES = Parameter.list("smtpd_tls_chain_files", "")
            .doc("PEM files, each key followed by its certificates; goes before the cert and key files.");
    static final Parameter<String> SMTPD_TLS_PROTOCOLS = Parameter.text("smtpd_tls_protocols", ">=TLSv1")
            .doc("Protocols at level may. Nothing older than TLSv1.2 is spoken here in any case.");
    static final Parameter<String> SMTPD_TLS_MANDATORY_PROTOCOLS =
            Parameter.text("smtpd_tls_mandatory_protocols", ">=TLSv1").doc("Protocols at level encrypt.");
    static final Parameter<Boolean> SMTPD_TLS_ASK_CCERT =
            Parameter.bool("smtpd_tls_ask_ccert", "no").doc("Whether clients are asked for a certificate.");

    static final Parameter<String> SMTPD_TLS_CAFILE = Parameter.text("smtpd_tls_CAfile", "")
            .doc("PEM file with the authorities that vouch for clients' certificates.");
    static final Parameter<String> SMTPD_TLS_CAPATH = Parameter.text("smtpd_tls_CApath", "")
            .doc("Directory with PEM files of authorities that vouch for clients' certificates.");

    static final Parameter<CipherProfile> POSTERN_SMTPD_TLS_PROFILE = Parameter.choice(
                    "postern_smtpd_tls_profile", "", CipherProfile.NAMES)
            .doc(
                    "modern: AES-GCM and ChaCha20 alone; intermediate: AES-CBC with SHA-256 or SHA-384 too; empty: all ciphers"
                            + " that the JDK enables.");

    public static final List<Parameter<?>> PARAMETERS = List.of(
            POSTERN_SMTPD_TLS_PROFILE,
            SMTPD_TLS_CERT_FILE,
            SMTPD_TLS_KEY_FILE,
            SMTPD_TLS_ECCERT_FILE,
            SMTPD_TLS_ECKEY_FILE,
            SMTPD_TLS_CHAIN_FILES,
            SMTPD_TLS_PROTOCOLS,
            SMTPD_TLS_MANDATORY_PROTOCOLS,
            SMTPD_TLS_ASK_CCERT,
            SMTPD_TLS_CAFILE,
            SMTPD_TLS_CAPATH);

    private SmtpdTls() {}

    /// The TLS of one service; null at level none without wrapper mode. The keys follow their files.
    ///
    /// @param clock one that never jumps
    /// @param pool runs what is long in a handshake
    /// @throws ConfigException when a file is missing or unusable, also at level `may`: a server that its
    ///     administrator gave a certificate never falls back to clear text in silence
    public static @Nullable TlsSettings of(MainCf conf, InstantSource clock, Executor pool, Consumer<String> warnings) {
        TlsLevel level = TlsLevel.of(conf);
        if (level == TlsLevel.NONE && !conf.get(SessionParameters.SMTPD_TLS_WRAPPERMODE)) {
            return null;
        }
        List<Path> files = new ArrayList<>();
        Supplier<ServerKeys> load = keys(conf, files);
        Parameter<String> protocols = level == TlsLevel.MAY ? SMTPD_TLS_PROTOCOLS : SMTPD_TLS_MANDATORY_PROTOCOLS;
        try {
            TlsProtocols spoken = TlsProtocols.parse(conf.get(protocols));
            return new ServerTls(
                    new LiveKeys(load, files, clock, warnings),
                    spoken,
                    conf.get(POSTERN_SMTPD_TLS_PROFILE),
                    clients(conf),
                    pool);
        } catch (IllegalArgumentException e) {
            throw conf.error(protocols.name(), e.getMessage(), e);
        }
    }

    /// What the certificates of clients are worth; null where they are not asked for any.
    private static @Nullable PeerCheck clients(MainCf conf) {
        String file = conf.get(SMTPD_TLS_CAFILE);
        String directory = conf.get(SMTPD_TLS_CAPATH);
        if (!conf.get(SMTPD_TLS_ASK_CCERT)) {
            return null;
        }
        return file.isEmpty() && directory.isEmpty()
                ? PeerCheck.none()
                : PeerCheck.clients(TrustAnchors.of(
                        file.isEmpty() ? null : conf.file(file), directory.isEmpty() ? null : conf.file(directory)));
    }

    private static Supplier<ServerKeys> keys(MainCf conf, List<Path> files) {
        List<String> chains = conf.get(SMTPD_TLS_CHAIN_FILES);
        if (!chains.isEmpty()) {
            chains.forEach(chain -> files.add(conf.file(chain)));
            List<Path> all = List.copyOf(files);
            return () -> named(conf, SMTPD_TLS_CHAIN_FILES, () -> ServerKeys.fromChainFiles(all));
        }
        String certificate = conf.get(SMTPD_TLS_CERT_FILE);
        if (certificate.isEmpty() || certificate.equals("none")) {
            throw conf.error(
                    SMTPD_TLS_CERT_FILE.name(),
                    "smtpd_tls_security_level asks for TLS, but there is no certificate: name a PEM file, or set the level to none",
                    null);
        }
        Supplier<ServerKeys> first = pair(conf, SMTPD_TLS_CERT_FILE, SMTPD_TLS_KEY_FILE, files);
        if (conf.get(SMTPD_TLS_ECCERT_FILE).isEmpty()) {
            return first;
        }
        Supplier<ServerKeys> second = pair(conf, SMTPD_TLS_ECCERT_FILE, SMTPD_TLS_ECKEY_FILE, files);
        return () -> {
            List<postern.net.Identity> both = new ArrayList<>(second.get().identities());
            both.addAll(first.get().identities());
            return new ServerKeys(both);
        };
    }

    private static Supplier<ServerKeys> pair(
            MainCf conf, Parameter<String> certificates, Parameter<String> key, List<Path> files) {
        Path certificateFile = conf.file(conf.get(certificates));
        Path keyFile = conf.file(conf.get(key));
        files.add(certificateFile);
        files.add(keyFile);
        return () -> {
            try {
                return ServerKeys.fromFiles(certificateFile, keyFile);
            } catch (ConfigException e) {
                boolean ofKey = !keyFile.equals(certificateFile)
                        && String.valueOf(e.getMessage()).startsWith(keyFile + ": ");
                throw named(conf, ofKey ? key : certificates, e);
            }
        };
    }

    /// Says which setting a file that cannot be used was named by.
    private static ServerKeys named(MainCf conf, Parameter<?> parameter, Supplier<ServerKeys> load) {
        try {
            return load.get();
        } catch (ConfigException e) {
            throw named(conf, parameter, e);
        }
    }

    private static ConfigException named(MainCf conf, Parameter<?> parameter, ConfigException e) {
        return conf.error(parameter.name(), e.getMessage(), e);
    }
}
