package postern.lookup;

import java.util.List;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import postern.config.ConfigException;
import postern.config.MainCf;
import postern.config.Parameter;

/// The tables of one configuration. Each is opened once, however many parameters name it. Made by the role
/// class and handed to all who look things up; a reload makes a new one.
public final class Tables implements AutoCloseable {
    private final TableContext context;
    private final Map<String, TableTypes.Type> more;
    private final Map<String, Table> open;

    public Tables(TableContext context) {
        this(context, Map.of());
    }

    /// @param more types that only this role has, by their names
    public Tables(TableContext context, Map<String, TableTypes.Type> more) {
        this(context, more, new ConcurrentHashMap<>());
    }

    private Tables(TableContext context, Map<String, TableTypes.Type> more, Map<String, Table> open) {
        this.context = context;
        this.more = more;
        this.open = open;
    }

    Map<String, TableTypes.Type> more() {
        return more;
    }

    /// The same tables for a service whose settings differ (`-o name=value` of master.cf).
    public Tables with(MainCf conf) {
        return new Tables(new TableContext(conf, context.log(), context.dialer(), context.clock()), more, open);
    }

    public TableContext context() {
        return context;
    }

    /// The tables that a parameter such as `transport_maps` names, asked in turn; finds nothing when it names
    /// none.
    ///
    /// @throws ConfigException naming where the parameter was set, the parameter, the table and what is wrong
    public Table open(Parameter<List<String>> parameter) {
        return open(where(parameter), context.conf().get(parameter));
    }

    /// @param where for errors: `main.cf:12: smtpd_client_restrictions`
    public Table open(String where, List<String> specs) {
        try {
            return inTurn(specs.stream().map(this::open).toList());
        } catch (ConfigException e) {
            throw new ConfigException(where + ": " + e.getMessage(), e);
        }
    }

    /// Several tables as one: the first that finds answers, and a failure ends the search.
    public static Table inTurn(List<Table> tables) {
        return new Maps(List.copyOf(tables));
    }

    /// One table.
    ///
    /// @throws ConfigException naming the table and what is wrong
    public Table open(String spec) {
        Table known = open.get(spec);
        if (known == null) {
            known = TableTypes.open(spec, this);
            Table raced = open.putIfAbsent(spec, known);
            known = raced == null ? known : raced;
        }
        return known;
    }

    /// A list such as `mydestination` or `virtual_alias_domains`: a name matches itself only.
    public MatchList names(Parameter<List<String>> parameter) {
        return new MatchList(where(parameter), context.conf().get(parameter), MatchList.Parents.NONE, this);
    }

    /// The same for a list that stands in a table's own file.
    ///
    /// @param where for errors
    public MatchList names(String where, List<String> members) {
        return new MatchList(where, members, MatchList.Parents.NONE, this);
    }

    /// The table of an alias file (aliases(5), `name: value`), whose file need not be there: until it is, it
    /// cannot be asked.
    public Table openAliases(String spec) {
        return open.computeIfAbsent("aliases:" + spec, key -> AliasTable.open(spec, this));
    }

    /// A list such as `relay_domains`: a domain may match its sub-domains too, as
    /// `parent_domain_matches_subdomains` says for this parameter.
    public MatchList domains(Parameter<List<String>> parameter) {
        return new MatchList(where(parameter), context.conf().get(parameter), parents(parameter.name()), this);
    }

    /// How parents match in the lists and tables of a parameter (`relay_domains`, `smtpd_access_maps`,
    /// `transport_maps`).
    public MatchList.Parents parents(String parameter) {
        return context.conf().get(MatchList.PARENT_DOMAIN_MATCHES_SUBDOMAINS).contains(parameter)
                ? MatchList.Parents.PLAIN
                : MatchList.Parents.DOTTED;
    }

    /// A table that keeps connections to a server.
    public interface Server extends Table {
        /// Closes those that rest, and after each later question its own.
        void close();
    }

    /// Closes what the tables keep open. They can still be asked: sessions of an older configuration may.
    @Override
    public void close() {
        open.values().forEach(table -> {
            if (table instanceof Server server) {
                server.close();
            }
        });
    }

    private String where(Parameter<?> parameter) {
        return context.conf().origin(parameter.name()) + ": " + parameter.name();
    }
}
