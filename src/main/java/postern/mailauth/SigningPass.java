package postern.mailauth;

import java.nio.ByteBuffer;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Base64;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;
import postern.message.Field;
import postern.message.HeaderSplitter;

/// One message on its way through the signer: its header is kept as far as it is signed, its body hashed.
final class SigningPass implements HeaderSplitter.Sink {
    private static final int LONGEST_FIELD = 64 * 1024;

    private final MailHeader header;
    private final Function<MailHeader, List<SigningIdentity>> whoSigns;
    private final HeaderSplitter splitter = new HeaderSplitter(this, LONGEST_FIELD);
    private final Map<Canonicalization, BodyHash> bodies = new EnumMap<>(Canonicalization.class);
    private List<SigningIdentity> identities = List.of();
    private @Nullable String refused;
    private boolean inBody;

    /// A message that is not signed.
    static final class Refused extends RuntimeException {
        private static final long serialVersionUID = 1;

        Refused(String why) {
            super(why, null, false, false);
        }
    }

    /// @param whoSigns is asked when the header is complete; throws [Refused]
    SigningPass(MailHeader header, Function<MailHeader, List<SigningIdentity>> whoSigns) {
        this.header = header;
        this.whoSigns = whoSigns;
    }

    void write(ByteBuffer piece) {
        splitter.write(piece);
    }

    boolean isRefused() {
        return refused != null;
    }

    @Override
    public void field(Field field) {
        header.add(field);
    }

    @Override
    public boolean longField(Field beginning) {
        header.tooLong(beginning);
        return false;
    }

    @Override
    public void headerEnd() {
        try {
            identities = whoSigns.apply(header);
        } catch (Refused e) {
            refused = e.getMessage();
        }
        for (SigningIdentity identity : identities) {
            bodies.computeIfAbsent(identity.form().body(), BodyHash::new);
        }
    }

    @Override
    public void raw(byte[] bytes, int from, int to) {
        int start = from;
        while (!inBody && start < to) {
            inBody = bytes[start++] == '\n'; // the empty line ends
        }
        if (start < to) {
            for (BodyHash body : bodies.values()) {
                body.write(bytes, start, to);
            }
        }
    }

    DkimOutcome finish(Instant now) {
        if (refused == null) {
            splitter.finish();
        }
        if (refused != null) {
            return new DkimOutcome.NotAdded(refused);
        }
        Map<Canonicalization, String> hashes = new EnumMap<>(Canonicalization.class);
        bodies.forEach((kind, body) -> hashes.put(kind, Base64.getEncoder().encodeToString(body.finish())));
        StringBuilder fields = new StringBuilder();
        for (SigningIdentity identity : identities) {
            String hash = Objects.requireNonNull(hashes.get(identity.form().body()));
            fields.append(signature(identity, hash, now)).append("\r\n");
        }
        return new DkimOutcome.Added(fields.toString(), identities);
    }

    private FoldedField signature(SigningIdentity identity, String bodyHash, Instant now) {
        SigningIdentity.Form form = identity.form();
        FoldedField field = new FoldedField("DKIM-Signature")
                .tag("v=1;")
                .tag("a=" + identity.key().algorithm().tag() + ";")
                .tag("c=" + form.header().tag() + "/" + form.body().tag() + ";")
                .tag("d=" + identity.domain() + ";")
                .tag("s=" + identity.selector() + ";");
        if (identity.agent() != null) {
            field.tag("i=" + identity.agent() + ";");
        }
        field.tag("t=" + now.getEpochSecond() + ";").tag("bh=" + bodyHash + ";");
        List<String> names = names(form.fields());
        field.lineWith("h=" + names.getFirst());
        for (String name : names.subList(1, names.size())) {
            field.more(":" + name);
        }
        field.more(";").lineWith("b=");
        Bytes hashed = headers(form, names);
        byte[] own = form.header().header(field.toString());
        for (int i = 0; i < own.length - 2; i++) { // its line end is not signed (RFC 6376 §3.7)
            hashed.put(own[i]);
        }
        return field.broken(Base64.getEncoder().encodeToString(identity.key().sign(hashed.done())));
    }

    /// The names of `h=`: one for each field there is, and one more where none may be added.
    private List<String> names(SignedFields fields) {
        List<String> names = new ArrayList<>();
        for (String name : fields.names()) {
            if (header.isWhole(name)) {
                boolean once = fields.isOversigned(name);
                for (int count = header.named(name).size() + (once ? 1 : 0); count > 0; count--) {
                    names.add(name);
                }
            }
        }
        return names;
    }

    /// The fields in the order of `h=`; of those with one name the lowest comes first (RFC 6376 §5.4.2).
    private Bytes headers(SigningIdentity.Form form, List<String> names) {
        Bytes hashed = new Bytes(4096);
        String before = "";
        int count = 0;
        for (String name : names) {
            count = name.equals(before) ? count + 1 : 1;
            before = name;
            List<byte[]> those = header.named(name);
            if (count <= those.size()) {
                byte[] field = those.get(those.size() - count);
                hashed.put(form.header().header(field, 0, field.length));
            }
        }
        return hashed;
    }
}
