package postern.ldap;

import java.io.Closeable;
import java.time.InstantSource;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import postern.lookup.Table;
import postern.lookup.Tables;

/// The directories of one configuration: what is asked at the same place in the same way has the same
/// connections.
public final class Directories implements Closeable {
    private final InstantSource clock;
    private final Map<LdapServers, Directory> open = new ConcurrentHashMap<>();

    public Directories(InstantSource clock) {
        this.clock = clock;
    }

    Directory of(LdapServers servers) {
        return open.computeIfAbsent(servers, each -> new Directory(each, clock));
    }

    /// The table type `ldap:`.
    ///
    /// @param spec the whole `type:name`
    /// @param name what follows the colon: a file
    /// @throws postern.config.ConfigException naming file and line
    public Table table(String spec, String name, Tables tables) {
        return LdapTable.open(spec, name, tables, this);
    }

    /// Closes connections that rest. Questions can still be asked: sessions of an older configuration may.
    @Override
    public void close() {
        open.values().forEach(Directory::close);
    }
}
