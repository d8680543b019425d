package postern.tlspolicy;

import java.security.cert.CertificateException;
import java.security.cert.X509Certificate;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.Executor;
import org.jspecify.annotations.Nullable;
import postern.config.MainCf;
import postern.config.Parameter;
import postern.net.ClientTls;
import postern.net.PeerCheck;
import postern.net.ServerKeys;
import postern.net.TlsProtocols;
import postern.net.TlsSettings;
import postern.net.Trust;
import postern.net.TrustAnchors;

/// Makes the client's side of a handshake out of a policy. One [ClientTls], and so one store of sessions to
/// resume, is kept for each set of demands; a bounded number of them.
public final class ClientContexts {
    static final Parameter<String> SMTP_TLS_CAFILE =
            Parameter.text("smtp_tls_CAfile", "").doc("PEM file with the certificates of trusted authorities.");
    static final Parameter<String> SMTP_TLS_CAPATH =
            Parameter.text("smtp_tls_CApath", "").doc("Directory with PEM files of trusted authorities.");
    static final Parameter<Boolean> TLS_APPEND_DEFAULT_CA = Parameter.bool("tls_append_default_CA", "no")
            .doc("Whether the system's authorities are trusted when no others are named.");
    static final Parameter<String> SMTP_TLS_FINGERPRINT_DIGEST = Parameter.text(
                    "smtp_tls_fingerprint_digest", "${{$compatibility_level} <level {3.6} ? {md5} : {sha256}}")
            .doc("Digest of the fingerprints at level fingerprint.");
    static final Parameter<String> SMTP_TLS_CERT_FILE = Parameter.text("smtp_tls_cert_file", "")
            .doc("PEM file with the certificate shown to servers that ask for one.");
    static final Parameter<String> SMTP_TLS_KEY_FILE = Parameter.text("smtp_tls_key_file", "$smtp_tls_cert_file")
            .doc("PEM file with the key of smtp_tls_cert_file.");
    static final Parameter<List<String>> SMTP_TLS_CHAIN_FILES = Parameter.list("smtp_tls_chain_files", "")
            .doc("PEM files with keys, each before its certificates, to show to servers that ask.");

    /// Here, as it decides whether certificates are looked at where nothing is demanded of them.
    public static final Parameter<Integer> SMTP_TLS_LOGLEVEL = Parameter.integer("smtp_tls_loglevel", "0")
            .doc("1: what each TLS handshake agreed on is logged, and how far the server is trusted.");

    public static final List<Parameter<?>> PARAMETERS = List.of(
            SMTP_TLS_LOGLEVEL,
            SMTP_TLS_CAFILE,
            SMTP_TLS_CAPATH,
            TLS_APPEND_DEFAULT_CA,
            SMTP_TLS_FINGERPRINT_DIGEST,
            SMTP_TLS_CERT_FILE,
            SMTP_TLS_KEY_FILE,
            SMTP_TLS_CHAIN_FILES);

    private static final int KEPT_AT_MOST = 256;

    /// What a context depends on.
    private record Demands(TlsLevel level, TlsProtocols protocols, List<String> match) {}

    private final @Nullable TrustAnchors anchors;
    private final Executor pool;
    private final boolean tells;
    private final String digest;
    private final @Nullable ServerKeys identity;
    private final Map<Demands, ClientTls> contexts = new LinkedHashMap<>(16, 0.75f, true) {
        private static final long serialVersionUID = 1;

        @Override
        protected boolean removeEldestEntry(Map.Entry<Demands, ClientTls> eldest) {
            return size() > KEPT_AT_MOST;
        }
    };

    /// @param pool runs what is long in a handshake
    /// @throws postern.config.ConfigException when a certificate or key cannot be used
    public ClientContexts(MainCf main, Executor pool) {
        this.pool = pool;
        tells = main.get(SMTP_TLS_LOGLEVEL) > 0;
        anchors = anchors(main);
        digest = main.get(SMTP_TLS_FINGERPRINT_DIGEST);
        identity = identity(main);
    }

    /// The settings for one handshake.
    ///
    /// @param nextHop the next hop's domain or host, without brackets and port
    /// @param host the name of the server itself
    public TlsSettings settings(TlsPolicy policy, String nextHop, String host) {
        List<String> names = policy.level() == TlsLevel.FINGERPRINT
                ? policy.match()
                : policy.match().stream().map(name -> name(name, nextHop, host)).toList();
        Demands demands =
                new Demands(policy.level().verifies() ? policy.level() : TlsLevel.ENCRYPT, policy.protocols(), names);
        ClientTls context;
        synchronized (contexts) {
            context = contexts.computeIfAbsent(
                    demands, _ -> new ClientTls(check(demands), policy.protocols(), identity, pool));
        }
        return context.to(name(policy.serverName(), nextHop, host));
    }

    private static String name(String word, String nextHop, String host) {
        return switch (word) {
            case "hostname" -> host;
            case "nexthop" -> nextHop;
            case "dot-nexthop" -> "." + nextHop;
            default -> word;
        };
    }

    private PeerCheck check(Demands demands) {
        if (!demands.level().verifies()) {
            return anchors != null && tells ? PeerCheck.servers(anchors) : PeerCheck.none();
        }
        if (demands.level() == TlsLevel.FINGERPRINT) {
            return PeerCheck.fingerprint(digest, demands.match());
        }
        return anchors == null ? NOBODY : PeerCheck.names(anchors, demands.match());
    }

    /// Without authorities nobody is trusted.
    private static final PeerCheck NOBODY = new PeerCheck() {
        @Override
        public void check(List<X509Certificate> chain) throws CertificateException {
            throw new CertificateException(
                    "Server certificate not trusted: neither smtp_tls_CAfile nor smtp_tls_CApath is set");
        }

        @Override
        public Trust trust(List<X509Certificate> chain) {
            return Trust.UNTRUSTED;
        }
    };

    private static @Nullable TrustAnchors anchors(MainCf main) {
        String file = main.get(SMTP_TLS_CAFILE);
        String directory = main.get(SMTP_TLS_CAPATH);
        if (file.isEmpty() && directory.isEmpty()) {
            return main.get(TLS_APPEND_DEFAULT_CA) ? TrustAnchors.system() : null;
        }
        return TrustAnchors.of(
                file.isEmpty() ? null : main.file(file), directory.isEmpty() ? null : main.file(directory));
    }

    private static @Nullable ServerKeys identity(MainCf main) {
        List<String> chains = main.get(SMTP_TLS_CHAIN_FILES);
        if (!chains.isEmpty()) {
            return ServerKeys.fromChainFiles(chains.stream().map(main::file).toList());
        }
        String certificate = main.get(SMTP_TLS_CERT_FILE);
        String key = main.get(SMTP_TLS_KEY_FILE);
        return certificate.isEmpty()
                ? null
                : ServerKeys.fromFiles(main.file(certificate), main.file(key.isEmpty() ? certificate : key));
    }
}
