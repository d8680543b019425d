package postern.rewrite;

import java.util.List;
import java.util.Locale;
import postern.address.Address;
import postern.address.Domain;
import postern.address.Path;
import postern.config.MainCf;
import postern.config.Parameter;
import postern.lookup.AddressLookup;
import postern.lookup.Lookup;
import postern.lookup.Tables;
import postern.rewrite.Resolved.AddressClass;

/// Postfix's trivial-rewrite: where a recipient goes, and whether it is known there.
public final class Routes {
    public static final Parameter<String> RECIPIENT_DELIMITER =
            Parameter.text("recipient_delimiter", "").doc("characters that separate a user name from its extension");

    static final Parameter<String> LOCAL_TRANSPORT =
            Parameter.text("local_transport", "local:$myhostname").doc("transport of mydestination");

    static final Parameter<String> VIRTUAL_TRANSPORT =
            Parameter.text("virtual_transport", "virtual").doc("transport of virtual_mailbox_domains");

    static final Parameter<String> RELAY_TRANSPORT =
            Parameter.text("relay_transport", "relay").doc("transport of relay_domains");

    static final Parameter<String> DEFAULT_TRANSPORT =
            Parameter.text("default_transport", "smtp").doc("transport of everything else");

    static final Parameter<String> RELAYHOST =
            Parameter.text("relayhost", "").doc("next hop of mail that is not delivered here");

    static final Parameter<List<String>> SENDER_DEPENDENT_RELAYHOST_MAPS =
            Parameter.list("sender_dependent_relayhost_maps", "").doc("tables of a relayhost by sender");

    static final Parameter<List<String>> SENDER_DEPENDENT_DEFAULT_TRANSPORT_MAPS = Parameter.list(
                    "sender_dependent_default_transport_maps", "")
            .doc("tables of a default_transport by sender");

    static final Parameter<String> EMPTY_ADDRESS_RELAYHOST_MAPS_LOOKUP_KEY = Parameter.text(
                    "empty_address_relayhost_maps_lookup_key", "<>")
            .doc("the key for the null sender in sender_dependent_relayhost_maps");

    static final Parameter<String> EMPTY_ADDRESS_DEFAULT_TRANSPORT_MAPS_LOOKUP_KEY = Parameter.text(
                    "empty_address_default_transport_maps_lookup_key", "<>")
            .doc("the key for the null sender in sender_dependent_default_transport_maps");

    public static final List<Parameter<?>> PARAMETERS = List.of(
            RECIPIENT_DELIMITER,
            LOCAL_TRANSPORT,
            VIRTUAL_TRANSPORT,
            RELAY_TRANSPORT,
            DEFAULT_TRANSPORT,
            RELAYHOST,
            SENDER_DEPENDENT_RELAYHOST_MAPS,
            SENDER_DEPENDENT_DEFAULT_TRANSPORT_MAPS,
            EMPTY_ADDRESS_RELAYHOST_MAPS_LOOKUP_KEY,
            EMPTY_ADDRESS_DEFAULT_TRANSPORT_MAPS_LOOKUP_KEY);

    private final MainCf conf;
    private final LocalDomains local;
    private final AddressClasses classes;
    private final TransportMaps transportMaps;
    private final AddressLookup relayhosts;
    private final AddressLookup defaultTransports;
    private final ListedAddresses listed;

    public Routes(MainCf conf, Tables tables) {
        this.conf = conf;
        this.local = new LocalDomains(conf, tables);
        this.classes = new AddressClasses(conf, tables, local);
        this.transportMaps = new TransportMaps(conf, tables);
        this.relayhosts = bySender(tables, SENDER_DEPENDENT_RELAYHOST_MAPS);
        this.defaultTransports = bySender(tables, SENDER_DEPENDENT_DEFAULT_TRANSPORT_MAPS);
        this.listed = new ListedAddresses(conf, tables, local);
    }

    private AddressLookup bySender(Tables tables, Parameter<List<String>> parameter) {
        return new AddressLookup(tables.open(parameter), conf.get(RECIPIENT_DELIMITER), local::isLocalOrOrigin);
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
        Address qualified = qualified(recipient);
        Domain domain = qualified.domain();
        if (domain == null) {
            return new Resolved.TempFail("no domain in " + recipient);
        }
        return switch (classes.of(domain)) {
            case AddressClasses.Answer.TempFail(String reason) -> new Resolved.TempFail(reason);
            case AddressClasses.Answer.In(AddressClass addressClass) ->
                switch (byClass(addressClass, sender, qualified, domain)) {
                    case Resolved.To to when addressClass != AddressClass.VIRTUAL_ALIAS -> byTransportMaps(to, domain);
                    case Resolved other -> other;
                };
        };
    }

    private Address qualified(Address recipient) {
        return recipient.domain() == null
                ? recipient.withDomain(new Domain(conf.get(LocalDomains.MYORIGIN)))
                : recipient;
    }

    private Resolved byClass(AddressClass addressClass, Path sender, Address recipient, Domain domain) {
        return switch (addressClass) {
            case LOCAL -> to(addressClass, conf.get(LOCAL_TRANSPORT), domain.text(), recipient);
            case VIRTUAL_ALIAS ->
                new Resolved.To(addressClass, "error", "5.1.1 User unknown in virtual alias table", recipient);
            case VIRTUAL_MAILBOX -> to(addressClass, conf.get(VIRTUAL_TRANSPORT), domain.text(), recipient);
            case RELAY -> offHost(addressClass, conf.get(RELAY_TRANSPORT), sender, recipient, domain);
            case DEFAULT -> {
                Lookup transport = bySender(defaultTransports, EMPTY_ADDRESS_DEFAULT_TRANSPORT_MAPS_LOOKUP_KEY, sender);
                yield transport instanceof Lookup.TempFail(String reason)
                        ? new Resolved.TempFail(SENDER_DEPENDENT_DEFAULT_TRANSPORT_MAPS + " lookup failure: " + reason)
                        : offHost(
                                addressClass,
                                transport instanceof Lookup.Found(String value) && !value.equalsIgnoreCase("DUNNO")
                                        ? value
                                        : conf.get(DEFAULT_TRANSPORT),
                                sender,
                                recipient,
                                domain);
            }
        };
    }

    /// A host of the sender's, the relayhost, or the recipient's domain.
    private Resolved offHost(
            AddressClass addressClass, String transport, Path sender, Address recipient, Domain domain) {
        return switch (bySender(relayhosts, EMPTY_ADDRESS_RELAYHOST_MAPS_LOOKUP_KEY, sender)) {
            case Lookup.TempFail(String reason) ->
                new Resolved.TempFail(SENDER_DEPENDENT_RELAYHOST_MAPS + " lookup failure: " + reason);
            case Lookup.Found(String host) ->
                to(addressClass, transport, host.equalsIgnoreCase("DUNNO") ? domain.text() : host, recipient);
            case Lookup.NotFound() -> {
                String relayhost = conf.get(RELAYHOST);
                yield to(addressClass, transport, relayhost.isEmpty() ? domain.text() : relayhost, recipient);
            }
        };
    }

    private Lookup bySender(AddressLookup lookup, Parameter<String> nullKey, Path sender) {
        Address address = sender.address();
        return lookup.find(address == null ? new Address(conf.get(nullKey), (Domain) null) : address);
    }

    /// `transport:nexthop` as a parameter has it: the next hop there goes before the one given.
    private static Resolved.To to(AddressClass addressClass, String transport, String nextHop, Address recipient) {
        int colon = transport.indexOf(':');
        return colon < 0 || colon == transport.length() - 1
                ? new Resolved.To(
                        addressClass, colon < 0 ? transport : transport.substring(0, colon), nextHop, recipient)
                : new Resolved.To(
                        addressClass, transport.substring(0, colon), transport.substring(colon + 1), recipient);
    }

    private Resolved byTransportMaps(Resolved.To to, Domain domain) {
        return switch (transportMaps.find(to.recipient())) {
            case Lookup.NotFound() -> to;
            case Lookup.TempFail(String reason) -> new Resolved.TempFail("transport_maps lookup failure: " + reason);
            case Lookup.Found(String value) -> {
                int colon = value.indexOf(':');
                String transport = colon < 0 ? value : value.substring(0, colon);
                String nextHop = colon < 0 ? "" : value.substring(colon + 1);
                yield overridden(to, transport, nextHop, domain);
            }
        };
    }

    private static Resolved.To overridden(Resolved.To to, String transport, String nextHop, Domain domain) {
        String otherwise = transport.isEmpty()
                ? to.nextHop()
                : transport.equals("error") ? "Address is undeliverable" : domain.text();
        return new Resolved.To(
                to.addressClass(),
                transport.isEmpty() ? to.transport() : transport,
                nextHop.isEmpty() ? otherwise : nextHop,
                to.recipient());
    }

    /// Whether mail for this recipient is ours to take from anyone: for a domain of a class that ends here,
    /// or of `relay_domains`, and without routing operators in the local part (what `permit_auth_destination`
    /// and `reject_unauth_destination` ask). Found, NotFound or TempFail.
    public Lookup isAuthorizedDestination(Address recipient) {
        return switch (resolve(Path.NULL, recipient)) {
            case Resolved.TempFail(String reason) -> new Lookup.TempFail(reason);
            case Resolved.To to ->
                to.addressClass().isFinal() || (to.addressClass() == AddressClass.RELAY && !to.isRouted())
                        ? new Lookup.Found(to.addressClass().name().toLowerCase(Locale.ROOT))
                        : Lookup.NOT_FOUND;
        };
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
