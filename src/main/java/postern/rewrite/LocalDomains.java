package postern.rewrite;

import java.util.List;
import java.util.Locale;
import java.util.stream.Stream;
import postern.address.Domain;
import postern.config.MainCf;
import postern.config.Parameter;
import postern.lookup.AddressLookup;
import postern.lookup.Lookup;
import postern.lookup.MatchList;
import postern.lookup.Table;
import postern.lookup.Tables;

/// Which domains are this host: those of `mydestination`, and its own addresses as `[192.0.2.1]`.
public final class LocalDomains {
    static final Parameter<List<String>> MYDESTINATION = Parameter.list(
                    "mydestination", "$myhostname, localhost.$mydomain, localhost")
            .doc("Domains delivered by $local_transport.");

    static final Parameter<String> MYORIGIN =
            Parameter.text("myorigin", "$myhostname").doc("Domain of addresses that come without one.");

    static final Parameter<String> RECIPIENT_DELIMITER =
            Parameter.text("recipient_delimiter", "").doc("Characters that separate a user name from its extension.");

    public static final List<Parameter<?>> PARAMETERS = Stream.of(
                    List.of(MYDESTINATION, MYORIGIN, RECIPIENT_DELIMITER), OwnAddresses.PARAMETERS)
            .<Parameter<?>>flatMap(List::stream)
            .toList();

    private final MatchList mydestination;
    private final String myorigin;
    private final String delimiters;
    private final OwnAddresses own;

    public LocalDomains(MainCf conf, Tables tables) {
        delimiters = conf.get(RECIPIENT_DELIMITER);
        mydestination = tables.names(MYDESTINATION);
        myorigin = conf.get(MYORIGIN).toLowerCase(Locale.ROOT);
        own = OwnAddresses.of(conf);
    }

    /// Whether mail for this domain is delivered by `local_transport`: Found, NotFound or TempFail.
    public Lookup isLocal(Domain domain) {
        String name = domain.key();
        if (name.endsWith(".")) {
            name = name.substring(0, name.length() - 1);
        }
        if (name.isEmpty() || name.endsWith(".")) {
            return Lookup.NOT_FOUND;
        }
        Lookup listed = mydestination.match(name);
        return listed instanceof Lookup.NotFound && domain.isLiteral() && own.has(name)
                ? new Lookup.Found(name)
                : listed;
    }

    /// Whether an address in this domain may also be listed in tables by its local part alone: the domain is
    /// `$myorigin` or local.
    public Lookup isLocalOrOrigin(Domain domain) {
        return domain.key().equals(myorigin) ? new Lookup.Found(myorigin) : isLocal(domain);
    }

    /// How addresses are looked up in a table of this host; without parts in Postfix's usual order.
    public AddressLookup lookup(Table table, AddressLookup.Part... parts) {
        return new AddressLookup(table, delimiters, this::isLocalOrOrigin, parts);
    }
}
