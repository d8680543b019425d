package postern.net;

import java.net.Socket;
import java.security.Principal;
import java.security.PrivateKey;
import java.security.cert.X509Certificate;
import java.util.function.Supplier;
import javax.net.ssl.ExtendedSSLSession;
import javax.net.ssl.SNIHostName;
import javax.net.ssl.SNIServerName;
import javax.net.ssl.SSLEngine;
import javax.net.ssl.X509ExtendedKeyManager;
import org.jspecify.annotations.Nullable;

/// Gives JSSE our keys, decoded, as they are at the moment of the handshake. (The JDK's own key manager
/// decrypts the key at every handshake and never sees a renewed one.)
///
/// JSSE names an identity by an alias between choosing and using it. Ours carries the number of the key set
/// it was chosen from; the set before the present one is kept for handshakes that are under way while the
/// files change.
final class OwnKeys extends X509ExtendedKeyManager {
    private final Supplier<ServerKeys> source;
    private volatile Generation generation;

    private record Generation(
            long number, ServerKeys keys, @Nullable Generation before) {}

    OwnKeys(Supplier<ServerKeys> source) {
        this.source = source;
        this.generation = new Generation(0, source.get(), null);
    }

    @Override
    public @Nullable String chooseEngineServerAlias(
            String keyType, Principal @Nullable [] issuers, @Nullable SSLEngine engine) {
        return choose(keyType, engine == null ? "" : serverName(engine));
    }

    @Override
    public @Nullable String chooseEngineClientAlias(
            String[] keyTypes, Principal @Nullable [] issuers, @Nullable SSLEngine engine) {
        for (String keyType : keyTypes) {
            String alias = choose(keyType, "");
            if (alias != null) {
                return alias;
            }
        }
        return null;
    }

    @Override
    public @Nullable PrivateKey getPrivateKey(String alias) {
        Identity identity = identity(alias);
        return identity == null ? null : identity.key();
    }

    @Override
    public X509Certificate @Nullable [] getCertificateChain(String alias) {
        Identity identity = identity(alias);
        return identity == null ? null : identity.chainArray();
    }

    /// Only sockets ask for these; there are none here.
    @Override
    public @Nullable String chooseServerAlias(String keyType, Principal @Nullable [] issuers, @Nullable Socket socket) {
        return null;
    }

    @Override
    public @Nullable String chooseClientAlias(
            String[] keyTypes, Principal @Nullable [] issuers, @Nullable Socket socket) {
        return null;
    }

    @Override
    public String @Nullable [] getServerAliases(String keyType, Principal @Nullable [] issuers) {
        return null;
    }

    @Override
    public String @Nullable [] getClientAliases(String keyType, Principal @Nullable [] issuers) {
        return null;
    }

    private @Nullable String choose(String keyType, String serverName) {
        Generation now = present();
        Identity identity = now.keys.choose(keyType, serverName);
        return identity == null
                ? null
                : now.number + ":" + now.keys.identities().indexOf(identity);
    }

    private Generation present() {
        ServerKeys keys = source.get();
        if (!keys.equals(generation.keys)) {
            synchronized (this) {
                Generation last = generation;
                if (!keys.equals(last.keys)) {
                    generation = new Generation(last.number + 1, keys, new Generation(last.number, last.keys, null));
                }
            }
        }
        return generation;
    }

    private @Nullable Identity identity(String alias) {
        int colon = alias.indexOf(':');
        long number = Long.parseLong(alias.substring(0, colon));
        int index = Integer.parseInt(alias.substring(colon + 1));
        for (Generation each = generation; each != null; each = each.before) {
            if (each.number == number) {
                return each.keys.identities().get(index);
            }
        }
        return null;
    }

    private static String serverName(SSLEngine engine) {
        if (engine.getHandshakeSession() instanceof ExtendedSSLSession session) {
            for (SNIServerName name : session.getRequestedServerNames()) {
                if (name instanceof SNIHostName host) {
                    return host.getAsciiName();
                }
            }
        }
        return "";
    }
}
