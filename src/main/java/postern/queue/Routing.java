package postern.queue;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import postern.address.Address;
import postern.address.Domain;
import postern.address.Path;
import postern.rewrite.Resolved;
import postern.smtp.EnhancedStatus;
import postern.smtp.Recipient;

/// Where the open recipients of one message go: groups that share transport and next hop, and those for whom
/// that could not be found out.
///
/// @param unresolved by place in the mail's recipients
record Routing(List<Group> groups, Map<Integer, DeliveryStatus> unresolved) {
    /// Recipients of one transport and next hop, before they are cut into deliveries.
    record Group(String transport, String nextHop, List<Integer> places, List<Recipient> recipients) {
        Group(String transport, String nextHop) {
            this(transport, nextHop, new ArrayList<>(1), new ArrayList<>(1));
        }
    }

    private record Key(String transport, String nextHop) {}

    /// Asks the router for each open recipient; the mail's filter goes before it.
    static Routing of(ActiveMail mail, Router router) {
        Map<Key, Group> groups = new LinkedHashMap<>();
        Map<Integer, DeliveryStatus> unresolved = new LinkedHashMap<>();
        mail.open().stream().forEach(place -> {
            Recipient recipient = mail.recipient(place);
            switch (resolve(mail.mail(), recipient, router)) {
                case Resolved.To to -> {
                    Group group = groups.computeIfAbsent(
                            new Key(to.transport(), to.nextHop()), key -> new Group(key.transport, key.nextHop));
                    group.places().add(place);
                    group.recipients()
                            .add(
                                    to.recipient().equals(recipient.address())
                                            ? recipient
                                            : recipient.withAddress(to.recipient()));
                }
                case Resolved.TempFail(String reason) ->
                    unresolved.put(place, deferred("4.3.0", "address resolver failure: " + reason));
            }
        });
        return new Routing(List.copyOf(groups.values()), unresolved);
    }

    /// A recipient that waits although nobody was asked to take it.
    static DeliveryStatus deferred(String status, String text) {
        EnhancedStatus parsed = EnhancedStatus.parse(status);
        return new DeliveryStatus.Deferred(
                parsed == null ? new EnhancedStatus(4, 0, 0) : parsed, "none", text, null, "");
    }

    private static Resolved resolve(Mail mail, Recipient recipient, Router router) {
        if (!mail.filter().isEmpty()) {
            return filtered(mail.filter(), recipient.address());
        }
        return resolve(mail.sender(), recipient.address(), router);
    }

    /// What the router says; when it fails, that it could not be asked.
    static Resolved resolve(Path sender, Address recipient, Router router) {
        try {
            return router.resolve(sender, recipient);
        } catch (RuntimeException e) {
            return new Resolved.TempFail(e.toString());
        }
    }

    /// A filter without a next hop means the recipient's domain.
    private static Resolved filtered(String filter, Address recipient) {
        int colon = filter.indexOf(':');
        String transport = colon < 0 ? filter : filter.substring(0, colon);
        String nextHop = colon < 0 ? "" : filter.substring(colon + 1);
        Domain domain = recipient.domain();
        return new Resolved.To(
                Resolved.AddressClass.DEFAULT,
                transport,
                nextHop.isEmpty() && domain != null ? domain.text() : nextHop,
                recipient);
    }
}
