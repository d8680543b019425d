package postern.ldap;

import com.unboundid.ldap.listener.InMemoryDirectoryServer;
import com.unboundid.ldap.listener.InMemoryDirectoryServerConfig;
import com.unboundid.ldap.listener.InMemoryListenerConfig;
import com.unboundid.ldap.listener.interceptor.InMemoryInterceptedSearchRequest;
import com.unboundid.ldap.listener.interceptor.InMemoryOperationInterceptor;
import com.unboundid.ldap.sdk.LDAPException;
import com.unboundid.ldif.LDIFException;
import java.net.InetAddress;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.atomic.AtomicInteger;
import javax.net.ssl.SSLContext;
import org.jspecify.annotations.Nullable;

/// A directory in this process, with the people of an example family, in the attributes of docker-mailserver's
/// own example schema.
public final class TestDirectory implements AutoCloseable {
    public static final String BASE = "ou=people,dc=example,dc=com";
    static final String ADMIN = "cn=admin,dc=example,dc=com";

    private final InMemoryDirectoryServer server;
    private final AtomicInteger searches = new AtomicInteger();
    private volatile @Nullable CountDownLatch gate;

    public TestDirectory() {
        this(null, false);
    }

    /// @param tls for StartTLS, or from the first byte; null for none
    TestDirectory(@Nullable SSLContext tls, boolean fromTheStart) {
        try {
            InMemoryDirectoryServerConfig config = new InMemoryDirectoryServerConfig("dc=example,dc=com");
            config.setSchema(null);
            config.addAdditionalBindCredentials(ADMIN, "admin");
            InetAddress here = InetAddress.getLoopbackAddress();
            config.setListenerConfigs(
                    fromTheStart && tls != null
                            ? InMemoryListenerConfig.createLDAPSConfig(
                                    "ldaps", here, 0, tls.getServerSocketFactory(), tls.getSocketFactory())
                            : InMemoryListenerConfig.createLDAPConfig(
                                    "ldap", here, 0, tls == null ? null : tls.getSocketFactory()));
            config.addInMemoryOperationInterceptor(new Counting());
            server = new InMemoryDirectoryServer(config);
            server.add("dn: dc=example,dc=com", "objectClass: domain", "dc: example");
            server.add("dn: " + BASE, "objectClass: organizationalUnit", "ou: people");
            server.startListening();
        } catch (LDAPException | LDIFException e) {
            throw new IllegalStateException(e);
        }
    }

    private final class Counting extends InMemoryOperationInterceptor {
        @Override
        public void processSearchRequest(InMemoryInterceptedSearchRequest request) {
            searches.incrementAndGet();
            CountDownLatch waiting = gate;
            if (waiting != null) {
                try {
                    waiting.await();
                } catch (InterruptedException e) {
                    throw new IllegalStateException(e);
                }
            }
        }
    }

    /// @param lines of LDIF behind the name: `mail: you@example.com`
    public TestDirectory add(String dn, String... lines) {
        String[] all = new String[lines.length + 1];
        all[0] = "dn: " + dn;
        System.arraycopy(lines, 0, all, 1, lines.length);
        try {
            server.add(all);
        } catch (LDAPException | LDIFException e) {
            throw new IllegalStateException(e);
        }
        return this;
    }

    /// A person with a mailbox, as docker-mailserver's schema has it.
    public TestDirectory person(String uid, String mail, String password, String... more) {
        String[] lines = new String[more.length + 5];
        lines[0] = "objectClass: PostfixBookMailAccount";
        lines[1] = "uniqueIdentifier: " + uid;
        lines[2] = "mail: " + mail;
        lines[3] = "userPassword: " + password;
        lines[4] = "mailEnabled: TRUE";
        System.arraycopy(more, 0, lines, 5, more.length);
        return add("uniqueIdentifier=" + uid + "," + BASE, lines);
    }

    public void remove(String dn) {
        try {
            server.delete(dn);
        } catch (LDAPException e) {
            throw new IllegalStateException(e);
        }
    }

    public int port() {
        return server.getListenPort();
    }

    public String url() {
        return "ldap://127.0.0.1:" + port();
    }

    int searches() {
        return searches.get();
    }

    /// From now on searches wait.
    void hang() {
        gate = new CountDownLatch(1);
    }

    void goOn() {
        CountDownLatch waiting = gate;
        gate = null;
        if (waiting != null) {
            waiting.countDown();
        }
    }

    /// Cuts all connections, and takes none until [#start].
    public void stop() {
        server.shutDown(true);
    }

    public void start() {
        try {
            server.startListening();
        } catch (LDAPException e) {
            throw new IllegalStateException(e);
        }
    }

    @Override
    public void close() {
        goOn();
        server.shutDown(true);
    }
}
