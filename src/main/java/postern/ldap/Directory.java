package postern.ldap;

import com.unboundid.ldap.sdk.DereferencePolicy;
import com.unboundid.ldap.sdk.Filter;
import com.unboundid.ldap.sdk.LDAPConnection;
import com.unboundid.ldap.sdk.LDAPConnectionOptions;
import com.unboundid.ldap.sdk.LDAPException;
import com.unboundid.ldap.sdk.LDAPSearchException;
import com.unboundid.ldap.sdk.LDAPURL;
import com.unboundid.ldap.sdk.ResultCode;
import com.unboundid.ldap.sdk.SearchRequest;
import com.unboundid.ldap.sdk.SearchResultEntry;
import com.unboundid.ldap.sdk.SearchScope;
import com.unboundid.ldap.sdk.extensions.StartTLSExtendedRequest;
import java.io.Closeable;
import java.io.IOException;
import java.time.Duration;
import java.time.InstantSource;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.HashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.concurrent.Semaphore;
import java.util.concurrent.TimeUnit;
import javax.net.ssl.SSLSocketFactory;
import org.jspecify.annotations.Nullable;
import postern.config.ConfigException;
import postern.lookup.Recent;
import postern.net.ClientTls;
import postern.net.PeerCheck;
import postern.net.ServerKeys;
import postern.net.TlsProtocols;
import postern.net.TrustAnchors;

/// A directory, asked over connections that are kept. Safe for use from many threads; each question has a
/// connection for itself while it is asked.
public final class Directory implements Closeable {
    /// Of each kind: those that ask, and those that try passwords.
    public static final int MOST_CONNECTIONS = 8;

    private static final Duration REMEMBERED = Duration.ofSeconds(5);
    private static final int MOST_REMEMBERED = 10_000;
    private static final long IDLE_AT_MOST_MILLIS = 60_000;
    /// After a failure nobody waits for the server again for so long.
    private static final long REST_MILLIS = 1_000;

    private static final int LARGEST_MESSAGE = 4 << 20;

    private final LdapServers servers;
    private final InstantSource clock;
    private final Line asking;
    private final Line trying;
    private final Recent<Question, List<Entry>> recent;
    private final Map<String, SSLSocketFactory> tls = new HashMap<>();
    private volatile boolean closed;
    private volatile Failure failure = new Failure("", Long.MIN_VALUE);

    private record Failure(String reason, long until) {}

    private record Kept(LDAPConnection connection, long used) {}

    /// What is done with a connection.
    @FunctionalInterface
    private interface Work<T> {
        T with(LDAPConnection connection) throws LDAPException;
    }

    /// Nothing is connected yet.
    ///
    /// @throws ConfigException for certificates that cannot be read
    public Directory(LdapServers servers, InstantSource clock) {
        this.servers = servers;
        this.clock = clock;
        this.asking = new Line(true);
        this.trying = new Line(false);
        this.recent = new Recent<>(REMEMBERED, MOST_REMEMBERED, clock);
        for (LdapServers.Place place : servers.places()) {
            if (place.tls() || servers.security().startTls()) {
                tls.computeIfAbsent(place.host(), this::sockets);
            }
        }
    }

    private SSLSocketFactory sockets(String host) {
        LdapServers.Security security = servers.security();
        LdapServers.Authorities authorities = security.authorities();
        TrustAnchors anchors = authorities.file() == null && authorities.directory() == null
                ? TrustAnchors.system()
                : TrustAnchors.of(authorities.file(), authorities.directory());
        PeerCheck check = security.verify() ? PeerCheck.names(anchors, List.of(host)) : PeerCheck.none();
        LdapServers.Key key = security.key();
        ServerKeys own = key == null ? null : ServerKeys.fromFiles(key.certificate(), key.key());
        return new ClientTls(check, TlsProtocols.ALL, own, Runnable::run).sockets();
    }

    /// Asks.
    ///
    /// @return the entries; none also when there is no such base
    /// @throws IOException when there is no answer: never a reason to say that somebody is unknown
    List<Entry> search(Question question) throws IOException {
        List<Entry> known = recent.get(question);
        if (known != null) {
            return known;
        }
        List<Entry> found = asking.use(connection -> search(connection, question));
        recent.put(question, found);
        return found;
    }

    private List<Entry> search(LDAPConnection connection, Question question) throws LDAPException {
        SearchRequest request = new SearchRequest(
                question.base(),
                switch (question.scope()) {
                    case BASE -> SearchScope.BASE;
                    case ONE -> SearchScope.ONE;
                    case SUB -> SearchScope.SUB;
                },
                DereferencePolicy.valueOf(question.limits().dereference()),
                question.limits().entries(),
                (int) servers.timeout().toSeconds(),
                false,
                Filter.create(question.filter()),
                question.attributes().toArray(new String[0]));
        try {
            List<Entry> entries = new ArrayList<>();
            for (SearchResultEntry entry : connection.search(request).getSearchEntries()) {
                entries.add(entry(entry));
            }
            return entries;
        } catch (LDAPSearchException e) {
            if (e.getResultCode().equals(ResultCode.NO_SUCH_OBJECT)) {
                return List.of();
            }
            throw e;
        }
    }

    private static Entry entry(SearchResultEntry found) {
        Map<String, List<String>> values = new HashMap<>();
        found.getAttributes()
                .forEach(attribute ->
                        values.put(attribute.getName().toLowerCase(Locale.ROOT), List.of(attribute.getValues())));
        return new Entry(found.getDN(), values);
    }

    /// What is wrong with a filter; null when nothing is.
    static @Nullable String objection(String filter) {
        try {
            Filter.create(filter);
            return null;
        } catch (LDAPException e) {
            return text(e);
        }
    }

    /// The search that a URL stands for (RFC 4516): with no attributes when it names none; null for what is no
    /// URL. Its server is not looked at: this directory is asked.
    static @Nullable Question url(String text, Question.Limits limits) {
        try {
            LDAPURL url = new LDAPURL(text);
            Question.Scope scope = url.getScope() == SearchScope.SUB
                    ? Question.Scope.SUB
                    : url.getScope() == SearchScope.ONE ? Question.Scope.ONE : Question.Scope.BASE;
            return new Question(
                    url.getBaseDN().toString(),
                    scope,
                    url.getFilter().toString(),
                    List.of(url.getAttributes()),
                    limits);
        } catch (LDAPException e) {
            return null;
        }
    }

    /// Whether this is the password of an entry: tries to bind with it (RFC 4513 §5.1.3). An empty one never is.
    ///
    /// @throws IOException when there is no answer
    boolean isPassword(String dn, String password) throws IOException {
        if (dn.isEmpty() || password.isEmpty()) {
            return false;
        }
        return trying.use(connection -> {
            try {
                connection.bind(dn, password);
                return true;
            } catch (LDAPException e) {
                if (saysNo(e.getResultCode())) {
                    return false;
                }
                throw e;
            }
        });
    }

    /// What is an answer about the one who logs in, not a failure of the server.
    private static boolean saysNo(ResultCode code) {
        return List.of(
                        ResultCode.INVALID_CREDENTIALS,
                        ResultCode.NO_SUCH_OBJECT,
                        ResultCode.INAPPROPRIATE_AUTHENTICATION,
                        ResultCode.CONSTRAINT_VIOLATION,
                        ResultCode.INSUFFICIENT_ACCESS_RIGHTS,
                        ResultCode.UNWILLING_TO_PERFORM)
                .contains(code);
    }

    private LDAPConnection connect(boolean login) throws IOException, LDAPException {
        Failure last = failure;
        if (clock.millis() < last.until && last.until - clock.millis() <= REST_MILLIS) {
            throw new IOException(last.reason);
        }
        LDAPException why = null;
        for (LdapServers.Place place : servers.places()) {
            try {
                return connect(place, login);
            } catch (LDAPException e) {
                why = e;
            }
        }
        failure = new Failure(why == null ? "no server is named" : text(why), clock.millis() + REST_MILLIS);
        throw new IOException(failure.reason, why);
    }

    private LDAPConnection connect(LdapServers.Place place, boolean login) throws LDAPException {
        LDAPConnectionOptions options = new LDAPConnectionOptions();
        options.setUseSynchronousMode(true);
        options.setConnectTimeoutMillis((int) servers.timeout().toMillis());
        options.setResponseTimeoutMillis(servers.timeout().toMillis());
        options.setFollowReferrals(servers.chase());
        options.setMaxMessageSize(LARGEST_MESSAGE);
        SSLSocketFactory secure = tls.get(place.host());
        LDAPConnection connection = place.tls() ? new LDAPConnection(secure, options) : new LDAPConnection(options);
        try {
            connection.connect(place.host(), place.port());
            if (secure != null && !place.tls()) {
                connection.processExtendedOperation(new StartTLSExtendedRequest(secure));
            }
            LdapServers.Login as = servers.login();
            if (login && as != null) {
                connection.bind(as.dn(), as.password());
            }
            return connection;
        } catch (LDAPException e) {
            connection.close();
            throw e;
        }
    }

    private static String text(LDAPException e) {
        String message = e.getDiagnosticMessage() == null ? e.getMessage() : e.getDiagnosticMessage();
        return (e.getResultCode().getName() + ": " + message).replaceAll("\\p{Cntrl}+", " ");
    }

    /// Connections of one kind.
    private final class Line {
        private final boolean login;
        private final Semaphore places = new Semaphore(MOST_CONNECTIONS);
        private final Deque<Kept> kept = new ArrayDeque<>();

        Line(boolean login) {
            this.login = login;
        }

        /// A kept connection may have been closed by the server meanwhile: then a fresh one does the work.
        <T> T use(Work<T> work) throws IOException {
            if (!waited()) {
                throw new IOException("all connections to the directory are busy");
            }
            try {
                @Nullable LDAPConnection old = take();
                if (old != null) {
                    try {
                        return done(old, work);
                    } catch (LDAPException e) {
                        if (e.getResultCode().isConnectionUsable()) {
                            throw e;
                        }
                    }
                }
                return done(connect(login), work);
            } catch (LDAPException e) {
                throw new IOException(text(e), e);
            } finally {
                places.release();
            }
        }

        private boolean waited() throws IOException {
            try {
                return places.tryAcquire(servers.timeout().toMillis(), TimeUnit.MILLISECONDS);
            } catch (InterruptedException e) {
                throw new IOException("the directory was not waited for", e);
            }
        }

        private <T> T done(LDAPConnection connection, Work<T> work) throws LDAPException {
            boolean usable = false;
            try {
                T result = work.with(connection);
                usable = true;
                return result;
            } catch (LDAPException e) {
                usable = e.getResultCode().isConnectionUsable()
                        && !e.getResultCode().equals(ResultCode.TIMEOUT);
                throw e;
            } finally {
                if (usable) {
                    keep(connection);
                } else {
                    connection.close();
                }
            }
        }

        private synchronized @Nullable LDAPConnection take() {
            for (Kept newest = kept.pollFirst(); newest != null; newest = kept.pollFirst()) {
                if (newest.connection.isConnected() && clock.millis() - newest.used <= IDLE_AT_MOST_MILLIS) {
                    return newest.connection;
                }
                newest.connection.close();
            }
            return null;
        }

        private synchronized void keep(LDAPConnection connection) {
            if (closed) {
                connection.close();
            } else {
                kept.addFirst(new Kept(connection, clock.millis()));
            }
        }

        synchronized void close() {
            kept.forEach(each -> each.connection.close());
            kept.clear();
        }
    }

    /// Closes the kept connections, and after each later question its own.
    @Override
    public void close() {
        closed = true;
        asking.close();
        trying.close();
    }
}
