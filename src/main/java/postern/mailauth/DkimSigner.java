package postern.mailauth;

import java.io.IOException;
import java.net.IDN;
import java.nio.ByteBuffer;
import java.time.InstantSource;
import java.util.HashSet;
import java.util.List;
import java.util.Locale;
import java.util.Set;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;
import postern.address.Address;
import postern.address.Domain;
import postern.wire.ByteSource;

/// Signs messages (RFC 6376 §5). The text is read once and not kept; what is made of it is the fields that go in
/// front. Safe for use from many threads.
public final class DkimSigner {
    private static final int BUFFER = 16 * 1024;
    private static final Set<String> WANTED = wanted();

    private final Function<Address, List<SigningIdentity>> identities;
    private final InstantSource clock;

    /// @param identities who signs for an author, whose domain is in lower case and ASCII: none when mail from
    ///     there is not signed
    public DkimSigner(Function<Address, List<SigningIdentity>> identities, InstantSource clock) {
        this.identities = identities;
        this.clock = clock;
    }

    private static Set<String> wanted() {
        Set<String> names = new HashSet<>();
        for (String name : SignedFields.USUAL.names()) {
            names.add(name.toLowerCase(Locale.ROOT));
        }
        return Set.copyOf(names);
    }

    /// Reads a text, canonical as it will go out. Of one that is not signed no more is read than its header.
    public DkimOutcome sign(ByteSource text) throws IOException {
        SigningPass pass = new SigningPass(new MailHeader(WANTED), this::whoSigns);
        ByteBuffer buffer = ByteBuffer.allocate(BUFFER);
        while (!pass.isRefused() && text.read(buffer) >= 0) {
            pass.write(buffer.flip());
            buffer.clear();
        }
        return pass.finish(clock.instant());
    }

    /// @throws SigningPass.Refused when nobody does
    private List<SigningIdentity> whoSigns(MailHeader header) {
        if (!header.isWhole("From")) {
            throw new SigningPass.Refused("the From field is too long");
        }
        int count = header.named("From").size();
        if (count != 1) {
            throw new SigningPass.Refused(count == 0 ? "no From field" : "several From fields");
        }
        Address author = header.author();
        if (author == null) {
            throw new SigningPass.Refused("no address in the From field");
        }
        List<SigningIdentity> all = identities.apply(normal(author));
        if (all.isEmpty()) {
            throw new SigningPass.Refused("no signing table match for '" + author.internal() + "'");
        }
        return all;
    }

    private static Address normal(Address author) {
        @Nullable Domain domain = author.domain();
        return domain == null ? author : author.withDomain(new Domain(ascii(domain)));
    }

    /// Records are found by A-labels (RFC 6376 §3.5, `d=`).
    private static String ascii(Domain domain) {
        try {
            return IDN.toASCII(domain.key(), IDN.ALLOW_UNASSIGNED).toLowerCase(Locale.ROOT);
        } catch (IllegalArgumentException e) {
            return domain.key();
        }
    }
}
