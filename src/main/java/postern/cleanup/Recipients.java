package postern.cleanup;

import java.util.ArrayList;
import java.util.EnumSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;
import postern.address.Address;
import postern.address.Path;
import postern.smtp.Params;
import postern.smtp.Recipient;
import postern.smtp.Reply;
import postern.smtp.extension.Dsn;

/// The recipients of one message, rewritten and expanded as they come, each address once.
final class Recipients {
    /// Blind copies ask for no notices: nobody knows of them.
    private static final Params SILENT = Params.NONE.with(Dsn.NOTIFY, Set.of());

    private final Addressing addressing;
    private final Map<String, Recipient> byKey = new LinkedHashMap<>();
    private final List<Address> given = new ArrayList<>(1);
    private final List<Recipient> expanded = new ArrayList<>(0);
    private final List<Asked> underWay = new ArrayList<>(1);
    private @Nullable Address redirected;

    Recipients(Addressing addressing) {
        this.addressing = addressing;
    }

    /// Takes one recipient of the client's, if the outlet takes what it becomes; a table that cannot be asked
    /// refuses it for now.
    Reply add(Recipient recipient, Outlet outlet) {
        return offer(recipient, outlet, false).get();
    }

    /// The same, begun; with the answer the recipient is taken.
    Supplier<Reply> ask(Recipient recipient, Outlet outlet) {
        return offer(recipient, outlet, true);
    }

    private Supplier<Reply> offer(Recipient recipient, Outlet outlet, boolean later) {
        Addressing.Expansion expansion;
        try {
            expansion = addressing.expand(recipient.address());
        } catch (Reply.Refused refused) {
            return refused::reply;
        }
        boolean told = expansion.isAlias() && Dsn.wants(recipient.params(), Dsn.Notify.SUCCESS);
        Params params = told ? withoutSuccess(recipient.params()) : recipient.params();
        if (expansion.to().stream().anyMatch(this::isUnderWay)) {
            // whether it is taken has to be known now
            List.copyOf(underWay).forEach(Asked::get);
        }
        Map<String, Recipient> to = new LinkedHashMap<>(2);
        for (Address address : expansion.to()) {
            Recipient known = byKey.get(address.key());
            to.putIfAbsent(address.key(), known != null ? known : new Recipient(address, recipient.original(), params));
        }
        List<Recipient> recipients = List.copyOf(to.values());
        Reply now = later ? null : outlet.rcpt(recipients);
        Asked asked = new Asked(
                recipient.address(),
                to,
                told ? recipient.withAddress(expansion.rewritten()) : null,
                now == null ? outlet.ask(recipients) : () -> now);
        underWay.add(asked);
        return asked;
    }

    private boolean isUnderWay(Address address) {
        return underWay.stream().anyMatch(asked -> asked.to.containsKey(address.key()));
    }

    /// One recipient of the client's that the outlet has been asked about.
    private final class Asked implements Supplier<Reply> {
        private final Address address;
        private final Map<String, Recipient> to;
        private final @Nullable Recipient alias;
        private final Supplier<Reply> answer;

        /// @param to what it stands for
        /// @param alias the recipient itself, when the sender is to be told that it is an alias
        Asked(Address address, Map<String, Recipient> to, @Nullable Recipient alias, Supplier<Reply> answer) {
            this.address = address;
            this.to = to;
            this.alias = alias;
            this.answer = answer;
        }

        @Override
        public Reply get() {
            Reply reply = answer.get();
            if (underWay.remove(this) && reply.isPositive()) {
                given.add(address);
                byKey.putAll(to);
                if (alias != null) {
                    expanded.add(alias);
                }
            }
            return reply;
        }
    }

    /// The sender is told of the alias, and no more of success behind it (RFC 3461 §5.2.7.3).
    private static Params withoutSuccess(Params params) {
        Set<Dsn.Notify> rest = EnumSet.copyOf(params.get(Dsn.NOTIFY, Set.of()));
        rest.remove(Dsn.Notify.SUCCESS);
        return params.with(Dsn.NOTIFY, Set.copyOf(rest));
    }

    /// Aliases among the recipients whose senders want to know that the mail went on.
    List<Recipient> expanded() {
        return redirected == null ? expanded : List.of();
    }

    /// From now on there is only this recipient.
    void redirect(Address to) {
        redirected = to;
    }

    void copyTo(Address to) {
        for (Address address : addressing.expand(to).to()) {
            byKey.putIfAbsent(address.key(), new Recipient(address, to, SILENT));
        }
    }

    void addCopies(List<Address> copies) {
        copies.forEach(this::copyTo);
    }

    List<Recipient> all() {
        if (redirected == null) {
            return List.copyOf(byKey.values());
        }
        List<Recipient> one = new ArrayList<>();
        for (Address address : addressing.expand(redirected).to()) {
            one.add(new Recipient(address, redirected, Params.NONE));
        }
        return one;
    }

    /// What the client gave.
    List<Address> addresses() {
        return given;
    }

    /// The only recipient the client gave, for the Received field; null when there are several.
    @Nullable
    Address only() {
        return given.size() == 1 ? given.getFirst() : null;
    }

    String first() {
        return given.isEmpty() ? "" : given.getFirst().internal();
    }

    boolean anyUtf8(Path sender) {
        Address from = sender.address();
        return (from != null && from.isUtf8())
                || byKey.values().stream()
                        .anyMatch(recipient -> recipient.address().isUtf8());
    }
}
