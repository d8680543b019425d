package postern.rewrite;

import java.util.List;
import postern.address.Address;
import postern.address.Domain;
import postern.address.Path;
import postern.config.MainCf;
import postern.config.Parameter;
import postern.lookup.AddressLookup;
import postern.lookup.Lookup;
import postern.lookup.Tables;
import postern.rewrite.Resolved.AddressClass;

/// Transport and next hop by a recipient's class, before `transport_maps` are asked.
final class ClassRoutes {
    static final Parameter<String> LOCAL_TRANSPORT =
            Parameter.text("local_transport", "local:$myhostname").doc("Transport for mydestination.");

    static final Parameter<String> VIRTUAL_TRANSPORT =
            Parameter.text("virtual_transport", "virtual").doc("Transport for virtual_mailbox_domains.");

    static final Parameter<String> RELAY_TRANSPORT =
            Parameter.text("relay_transport", "relay").doc("Transport for relay_domains.");

    static final Parameter<String> DEFAULT_TRANSPORT =
            Parameter.text("default_transport", "smtp").doc("Transport for everything else.");

    static final Parameter<String> RELAYHOST =
            Parameter.text("relayhost", "").doc("Next hop of mail that is not delivered here; empty: its own domain.");

    static final Parameter<List<String>> SENDER_DEPENDENT_RELAYHOST_MAPS =
            Parameter.list("sender_dependent_relayhost_maps", "").doc("Tables of a relayhost by sender.");

    static final Parameter<List<String>> SENDER_DEPENDENT_DEFAULT_TRANSPORT_MAPS = Parameter.list(
                    "sender_dependent_default_transport_maps", "")
            .doc("Tables of a default_transport by sender.");

    static final Parameter<String> EMPTY_ADDRESS_RELAYHOST_MAPS_LOOKUP_KEY = Parameter.text(
                    "empty_address_relayhost_maps_lookup_key", "<>")
            .doc("Key of the null sender in sender_dependent_relayhost_maps.");

    static final Parameter<String> EMPTY_ADDRESS_DEFAULT_TRANSPORT_MAPS_LOOKUP_KEY = Parameter.text(
                    "empty_address_default_transport_maps_lookup_key", "<>")
            .doc("Key of the null sender in sender_dependent_default_transport_maps.");

    static final List<Parameter<?>> PARAMETERS = List.of(
            LOCAL_TRANSPORT,
            VIRTUAL_TRANSPORT,
            RELAY_TRANSPORT,
            DEFAULT_TRANSPORT,
            RELAYHOST,
            SENDER_DEPENDENT_RELAYHOST_MAPS,
            SENDER_DEPENDENT_DEFAULT_TRANSPORT_MAPS,
            EMPTY_ADDRESS_RELAYHOST_MAPS_LOOKUP_KEY,
            EMPTY_ADDRESS_DEFAULT_TRANSPORT_MAPS_LOOKUP_KEY);

    private static final String NOTHING_SPECIAL = "DUNNO";

    private final MainCf conf;
    private final String unknownUser;
    private final AddressLookup relayhosts;
    private final AddressLookup defaultTransports;

    ClassRoutes(MainCf conf, Tables tables, LocalDomains local) {
        this.conf = conf;
        this.unknownUser = "5.1.1 User unknown"
                + (conf.get(ListedAddresses.SHOW_USER_UNKNOWN_TABLE_NAME) ? " in virtual alias table" : "");
        this.relayhosts = local.lookup(tables.open(SENDER_DEPENDENT_RELAYHOST_MAPS));
        this.defaultTransports = local.lookup(tables.open(SENDER_DEPENDENT_DEFAULT_TRANSPORT_MAPS));
    }

    Resolved route(AddressClass addressClass, Path sender, Address recipient, Domain domain) {
        return switch (addressClass) {
            case LOCAL -> to(addressClass, LOCAL_TRANSPORT, domain.text(), recipient);
            case VIRTUAL_ALIAS -> new Resolved.To(addressClass, Resolved.ERROR, unknownUser, recipient);
            case VIRTUAL_MAILBOX -> to(addressClass, VIRTUAL_TRANSPORT, domain.text(), recipient);
            case RELAY, DEFAULT ->
                switch (host(sender)) {
                    case Lookup.TempFail(String reason) ->
                        new Resolved.TempFail(SENDER_DEPENDENT_RELAYHOST_MAPS + " lookup failure: " + reason);
                    case Lookup.NotFound() -> offHost(addressClass, sender, recipient, domain.text());
                    case Lookup.Found(String host) -> offHost(addressClass, sender, recipient, host);
                };
        };
    }

    /// A host of the sender's, else the relayhost.
    private Lookup host(Path sender) {
        Lookup found = bySender(relayhosts, EMPTY_ADDRESS_RELAYHOST_MAPS_LOOKUP_KEY, sender);
        boolean isNothing = found instanceof Lookup.NotFound
                || (found instanceof Lookup.Found(String host) && host.equalsIgnoreCase(NOTHING_SPECIAL));
        String relayhost = conf.get(RELAYHOST);
        return !isNothing ? found : relayhost.isEmpty() ? Lookup.NOT_FOUND : new Lookup.Found(relayhost);
    }

    private Resolved offHost(AddressClass addressClass, Path sender, Address recipient, String nextHop) {
        if (addressClass == AddressClass.RELAY) {
            return to(addressClass, RELAY_TRANSPORT, nextHop, recipient);
        }
        return switch (bySender(defaultTransports, EMPTY_ADDRESS_DEFAULT_TRANSPORT_MAPS_LOOKUP_KEY, sender)) {
            case Lookup.TempFail(String reason) ->
                new Resolved.TempFail(SENDER_DEPENDENT_DEFAULT_TRANSPORT_MAPS + " lookup failure: " + reason);
            case Lookup.Found(String transport)
            when !transport.equalsIgnoreCase(NOTHING_SPECIAL) ->
                to(addressClass, SENDER_DEPENDENT_DEFAULT_TRANSPORT_MAPS.name(), transport, nextHop, recipient);
            case Lookup.Found _, Lookup.NotFound _ -> to(addressClass, DEFAULT_TRANSPORT, nextHop, recipient);
        };
    }

    private Lookup bySender(AddressLookup lookup, Parameter<String> nullKey, Path sender) {
        Address address = sender.address();
        return lookup.find(address == null ? new Address(conf.get(nullKey), (Domain) null) : address);
    }

    private Resolved to(AddressClass addressClass, Parameter<String> parameter, String nextHop, Address recipient) {
        return to(addressClass, parameter.name(), conf.get(parameter), nextHop, recipient);
    }

    /// `transport:nexthop` as a parameter has it: the next hop there goes before the one given.
    private static Resolved to(
            AddressClass addressClass, String blame, String route, String nextHop, Address recipient) {
        int colon = route.indexOf(':');
        String transport = colon < 0 ? route : route.substring(0, colon);
        String own = colon < 0 ? "" : route.substring(colon + 1);
        if (transport.isEmpty()) {
            return new Resolved.TempFail("parameter " + blame + ": null transport is not allowed");
        }
        return new Resolved.To(addressClass, transport, own.isEmpty() ? nextHop : own, recipient);
    }
}
