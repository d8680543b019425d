package postern.rewrite;

import java.util.List;
import java.util.Locale;
import java.util.stream.Stream;
import postern.address.Address;
import postern.address.Domain;
import postern.address.Path;
import postern.config.MainCf;
import postern.config.Parameter;
import postern.lookup.AddressLookup;
import postern.lookup.Lookup;
import postern.lookup.Tables;
import postern.rewrite.Resolved.AddressClass;

/// Postfix's trivial-rewrite: where a recipient goes, and whether it is known there. One instance per
/// configuration, asked from any thread; may block on tables.
public final class Routes {
    public static final Parameter<String> RECIPIENT_DELIMITER = LocalDomains.RECIPIENT_DELIMITER;

    static final Parameter<List<String>> RELOCATED_MAPS =
            Parameter.list("relocated_maps", "").doc("Tables of addresses that have moved, and where to.");

    static final Parameter<Boolean> ALLOW_MIN_USER =
            Parameter.bool("allow_min_user", "no").doc("Whether a recipient may begin with a hyphen.");

    static final Parameter<Boolean> ALLOW_UNTRUSTED_ROUTING = Parameter.bool("allow_untrusted_routing", "no")
            .doc("Whether user@site@ours, user%site@ours and site!user@ours are taken for our domains.");

    /// With those of the parts that only this class knows.
    public static final List<Parameter<?>> PARAMETERS = Stream.of(
                    List.of(RELOCATED_MAPS, ALLOW_MIN_USER, ALLOW_UNTRUSTED_ROUTING),
                    LocalStrip.PARAMETERS,
                    ClassRoutes.PARAMETERS,
                    TransportMaps.PARAMETERS,
                    ListedAddresses.PARAMETERS)
            .<Parameter<?>>flatMap(List::stream)
            .toList();

    private final LocalDomains local;
    private final StandardForm form;
    private final LocalStrip strip;
    private final AddressClasses classes;
    private final ClassRoutes byClass;
    private final TransportMaps transportMaps;
    private final AddressLookup relocated;
    private final ListedAddresses listed;
    private final boolean allowsMinUser;
    private final boolean allowsUntrustedRouting;

    public Routes(MainCf conf, Tables tables) {
        local = new LocalDomains(conf, tables);
        form = new StandardForm(conf);
        strip = new LocalStrip(conf, local, form);
        classes = new AddressClasses(tables, local);
        byClass = new ClassRoutes(conf, tables, local);
        transportMaps = new TransportMaps(tables, local);
        relocated = local.lookup(tables.open(RELOCATED_MAPS));
        listed = new ListedAddresses(conf, tables, local);
        allowsMinUser = conf.get(ALLOW_MIN_USER);
        allowsUntrustedRouting = conf.get(ALLOW_UNTRUSTED_ROUTING);
    }

    /// Which domains are this host.
    public LocalDomains local() {
        return local;
    }

    /// Of which class a domain is.
    public AddressClasses.Answer classOf(Domain domain) {
        return classes.of(domain);
    }

    /// Where mail from this sender to this recipient goes.
    public Resolved resolve(Path sender, Address recipient) {
        return switch (strip.strip(form.of(recipient))) {
            case LocalStrip.Stripped.TempFail(String reason) -> new Resolved.TempFail(reason);
            case LocalStrip.Stripped.To(Address stripped, Domain domain, boolean isLocal) ->
                !DomainSyntax.isValid(domain.text())
                        ? bad(AddressClass.DEFAULT, stripped)
                        : switch (isLocal
                                ? new AddressClasses.Answer.In(AddressClass.LOCAL)
                                : classes.ofOther(domain)) {
                            case AddressClasses.Answer.TempFail(String reason) -> new Resolved.TempFail(reason);
                            case AddressClasses.Answer.In(AddressClass of) -> resolve(of, sender, stripped, domain);
                        };
        };
    }

    /// Whether this can be no address ([Resolved.To#isBad()]); false when a table cannot be asked.
    public boolean isBad(Address address) {
        return !isPlain(address) && resolve(Path.NULL, address) instanceof Resolved.To to && to.isBad();
    }

    /// Whether rewriting changes nothing that could make an address bad: then no table needs to be asked.
    private static boolean isPlain(Address address) {
        Domain domain = address.domain();
        if (domain == null || !DomainSyntax.isValid(domain.text())) {
            return false;
        }
        String localPart = address.localPart();
        for (int i = 0; i < localPart.length(); i++) {
            char c = localPart.charAt(i);
            if (!Character.isLetterOrDigit(c) && c != '.' && c != '+') {
                return false;
            }
        }
        return true;
    }

    private Resolved resolve(AddressClass addressClass, Path sender, Address recipient, Domain domain) {
        return switch (byClass.route(addressClass, sender, recipient, domain)) {
            case Resolved.TempFail fail -> fail;
            case Resolved.To to ->
                switch (addressClass == AddressClass.VIRTUAL_ALIAS ? to : transportMaps.override(to, domain)) {
                    case Resolved.TempFail fail -> fail;
                    case Resolved.To route -> unlessMoved(route);
                };
        };
    }

    private Resolved unlessMoved(Resolved.To to) {
        Address recipient = to.recipient();
        return switch (relocated.find(recipient)) {
            case Lookup.TempFail(String reason) -> new Resolved.TempFail(RELOCATED_MAPS + " lookup failure: " + reason);
            case Lookup.Found(String where) ->
                new Resolved.To(to.addressClass(), Resolved.ERROR, "5.1.6 User has moved to " + where, recipient);
            case Lookup.NotFound() ->
                recipient.localPart().startsWith("-") && !allowsMinUser ? bad(to.addressClass(), recipient) : to;
        };
    }

    private static Resolved bad(AddressClass addressClass, Address recipient) {
        return new Resolved.To(addressClass, Resolved.ERROR, Resolved.BAD_ADDRESS, recipient);
    }

    /// Whether mail for this recipient is ours to take from anyone: for a domain of a class that ends here,
    /// or of `relay_domains`, and without routing operators in the local part (what `permit_auth_destination`
    /// and `reject_unauth_destination` ask). Found, NotFound or TempFail.
    public Lookup isAuthorizedDestination(Address recipient) {
        return switch (resolve(Path.NULL, recipient)) {
            case Resolved.TempFail(String reason) -> new Lookup.TempFail(reason);
            case Resolved.To to ->
                to.addressClass() != AddressClass.DEFAULT && !isUntrustedRoute(to)
                        ? new Lookup.Found(to.addressClass().name().toLowerCase(Locale.ROOT))
                        : Lookup.NOT_FOUND;
        };
    }

    /// Whether a route is one that a stranger may not prescribe: for such a recipient an access table's OK does
    /// not count either.
    public boolean isUntrustedRoute(Resolved.To to) {
        return to.isRouted() && !allowsUntrustedRouting;
    }

    /// Whether this recipient is listed where its class has its table (`reject_unlisted_recipient`).
    public Listing known(Address recipient) {
        return listed.recipient(resolve(Path.NULL, recipient));
    }

    /// Whether this sender would be known as a recipient (`reject_unlisted_sender`).
    public Listing knownSender(Address sender) {
        return listed.sender(resolve(Path.NULL, sender));
    }
}
