package postern.lookup;

import java.util.EnumSet;
import java.util.Set;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;
import postern.address.Address;
import postern.address.Domain;

/// Postfix's look-up order for addresses. Which of the steps are taken depends on the table; they come in the
/// order of [Part].
public final class AddressLookup {
    /// The steps, in their order.
    public enum Part {
        /// `user+ext@domain`
        FULL,
        /// Each further look-up also without the extension: `user@domain`.
        BARE,
        /// `user+ext`, `user`, when the domain is `$myorigin` or this host.
        LOCAL_PART_IF_LOCAL,
        /// `user+ext@`, `user@`, when the domain is `$myorigin` or this host.
        LOCAL_PART_AT_IF_LOCAL,
        /// `@domain`
        AT_DOMAIN,
        /// `domain`
        DOMAIN,
        /// With DOMAIN: `example.com` for what is below it.
        PARENTS,
        /// With DOMAIN: `.example.com` for what is below it.
        DOTTED_PARENTS,
        /// `user+ext@`, `user@`, whatever the domain.
        LOCAL_PART_AT
    }

    /// What was found, and the extension (with its delimiter) that had to be cut off to find it.
    public sealed interface Match {
        record Found(String value, String extension) implements Match {}

        record NotFound() implements Match {}

        record TempFail(String reason) implements Match {}
    }

    /// The steps for canonical, virtual, recipient and sender-dependent maps.
    public static final Set<Part> DEFAULT = Set.of(Part.FULL, Part.BARE, Part.LOCAL_PART_IF_LOCAL, Part.AT_DOMAIN);

    private static final Match NOT_FOUND = new Match.NotFound();

    private final Table table;
    private final String delimiters;
    private final Function<Domain, Lookup> local;
    private final Set<Part> parts;
    /// Whether there is no table: then nothing is asked.
    private final boolean isEmpty;

    /// @param delimiters `recipient_delimiter`
    /// @param local whether a domain is `$myorigin` or delivered here
    public AddressLookup(Table table, String delimiters, Function<Domain, Lookup> local, Part... parts) {
        this.table = table;
        this.isEmpty = table.isEmpty();
        this.delimiters = delimiters;
        this.local = local;
        this.parts = parts.length == 0 ? DEFAULT : EnumSet.of(parts[0], parts);
    }

    /// The value alone.
    public Lookup find(Address address) {
        return switch (match(address)) {
            case Match.Found(String value, String extension) -> new Lookup.Found(value);
            case Match.NotFound() -> Lookup.NOT_FOUND;
            case Match.TempFail(String reason) -> new Lookup.TempFail(reason);
        };
    }

    public Match match(Address address) {
        if (isEmpty) {
            return NOT_FOUND;
        }
        int cut = parts.contains(Part.BARE) ? address.extensionStart(delimiters) : -1;
        String extension = cut < 0 ? "" : address.localPart().substring(cut);
        Address bare =
                cut < 0 ? null : address.withLocalPart(address.localPart().substring(0, cut));
        Match match = NOT_FOUND;
        if (parts.contains(Part.FULL)) {
            match = match(find(address, true), "");
        }
        if (match == NOT_FOUND && bare != null) {
            match = match(find(bare, false), extension);
        }
        Domain domain = address.domain();
        return match == NOT_FOUND && domain != null ? byParts(address, bare, extension, domain) : match;
    }

    private Match byParts(Address address, @Nullable Address bare, String extension, Domain domain) {
        Match match = ifLocal(address, bare, extension, domain);
        if (match == NOT_FOUND && parts.contains(Part.AT_DOMAIN)) {
            match = match(table.findPart("@" + domain.text()), "");
        }
        if (match == NOT_FOUND && parts.contains(Part.DOMAIN)) {
            MatchList.Parents parents = parts.contains(Part.PARENTS)
                    ? MatchList.Parents.PLAIN
                    : parts.contains(Part.DOTTED_PARENTS) ? MatchList.Parents.DOTTED : MatchList.Parents.NONE;
            match = match(DomainLookup.find(table, domain.text(), false, parents), "");
        }
        if (match == NOT_FOUND && parts.contains(Part.LOCAL_PART_AT)) {
            match = localPart(address, bare, extension, "@");
        }
        return match;
    }

    private Match ifLocal(Address address, @Nullable Address bare, String extension, Domain domain) {
        boolean plain = parts.contains(Part.LOCAL_PART_IF_LOCAL);
        boolean at = parts.contains(Part.LOCAL_PART_AT_IF_LOCAL);
        if (!plain && !at) {
            return NOT_FOUND;
        }
        Match match = match(local.apply(domain), "");
        if (!(match instanceof Match.Found)) {
            return match;
        }
        match = plain ? localPart(address, bare, extension, "") : NOT_FOUND;
        return match == NOT_FOUND && at ? localPart(address, bare, extension, "@") : match;
    }

    private Match localPart(Address address, @Nullable Address bare, String extension, String behind) {
        Match match = match(findLocalPart(address, behind), "");
        return match == NOT_FOUND && bare != null ? match(findLocalPart(bare, behind), extension) : match;
    }

    /// As it goes over the wire, with quotes where it needs them; then, when that is another text, without.
    private Lookup find(Address address, boolean whole) {
        String quoted = address.toString();
        Lookup answer = whole ? table.find(quoted) : table.findPart(quoted);
        if (!(answer instanceof Lookup.NotFound) || !address.needsQuotes()) {
            return answer;
        }
        String plain = address.internal();
        return whole ? table.find(plain) : table.findPart(plain);
    }

    private Lookup findLocalPart(Address address, String behind) {
        String plain = address.localPart();
        String quoted = new Address(plain, (Domain) null).toString();
        Lookup answer = table.findPart(quoted + behind);
        return answer instanceof Lookup.NotFound && !quoted.equals(plain) ? table.findPart(plain + behind) : answer;
    }

    private static Match match(Lookup answer, String extension) {
        return switch (answer) {
            case Lookup.Found(String value) -> new Match.Found(value, extension);
            case Lookup.NotFound() -> NOT_FOUND;
            case Lookup.TempFail(String reason) -> new Match.TempFail(reason);
        };
    }
}
