package postern.mailauth;

import java.nio.charset.StandardCharsets;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Base64;
import java.util.List;
import java.util.Locale;
import java.util.function.Function;

/// Checks the DKIM signatures of a message that is held whole (RFC 6376 §6.1): those of mail that arrives where
/// somebody looks at it. Takes any bytes, and says of each signature whether it holds.
public final class DkimVerifier {
    private static final String FIELD = "dkim-signature";
    private static final int MOST_SIGNATURES = 20;

    private final Function<String, List<String>> records;
    private final InstantSource clock;

    /// @param records the TXT records of a name, the strings of each joined; none when there are none
    public DkimVerifier(Function<String, List<String>> records, InstantSource clock) {
        this.records = records;
        this.clock = clock;
    }

    /// A signature cannot be used, or does not hold.
    private static final class Broken extends RuntimeException {
        private static final long serialVersionUID = 1;

        Broken(String why) {
            super(why, null, false, false);
        }
    }

    /// Each signature, from the top of the header down.
    ///
    /// @param message as it went over the wire, lines ended by CR LF
    public List<DkimVerdict> verify(byte[] message) {
        List<byte[]> fields = new ArrayList<>();
        byte[] body = Arrays.copyOfRange(message, header(message, fields), message.length);
        return fields.stream()
                .filter(field -> name(field).equals(FIELD))
                .limit(MOST_SIGNATURES)
                .map(field -> verdict(field, fields, body))
                .toList();
    }

    /// Cuts the fields.
    ///
    /// @return where the body begins
    private static int header(byte[] message, List<byte[]> fields) {
        int start = 0;
        for (int i = 0; i < message.length; i++) {
            if (message[i] != '\n') {
                continue;
            }
            boolean isEmpty = i == start || i == start + 1 && message[start] == '\r';
            if (isEmpty) {
                return i + 1;
            }
            boolean goesOn = i + 1 < message.length && (message[i + 1] == ' ' || message[i + 1] == '\t');
            if (!goesOn) {
                fields.add(Arrays.copyOfRange(message, start, i + 1));
                start = i + 1;
            }
        }
        return message.length;
    }

    private static String name(byte[] field) {
        String text = new String(field, StandardCharsets.ISO_8859_1);
        int colon = text.indexOf(':');
        return colon < 0 ? "" : text.substring(0, colon).strip().toLowerCase(Locale.ROOT);
    }

    private DkimVerdict verdict(byte[] field, List<byte[]> fields, byte[] body) {
        DkimTags tags = DkimTags.ofField(new String(field, StandardCharsets.ISO_8859_1));
        String problem = "";
        try {
            check(tags, field, fields, body);
        } catch (Broken e) {
            problem = String.valueOf(e.getMessage());
        }
        return new DkimVerdict(tags.get("d"), tags.get("s"), tags.get("a"), problem);
    }

    private void check(DkimTags tags, byte[] field, List<byte[]> fields, byte[] body) {
        demand(tags.isWellFormed() && tags.get("v").equals("1"), "not a signature of version 1");
        List<String> names = names(tags.get("h"));
        demand(names.contains("from"), "the From field is not signed");
        String domain = tags.get("d").toLowerCase(Locale.ROOT);
        String agent = tags.get("i").toLowerCase(Locale.ROOT);
        String of = agent.substring(agent.lastIndexOf('@') + 1);
        demand(agent.isEmpty() || of.equals(domain) || of.endsWith("." + domain), "i= is not within d=");
        demand(!tags.has("l"), "only a part of the body is signed");
        demand(!hasEnded(tags.get("x")), "the signature has expired");
        String[] forms = tags.getOrElse("c", "simple/simple").split("/", 2);
        BodyHash hash = new BodyHash(form(forms.length < 2 ? "simple" : forms[1]));
        hash.write(body, 0, body.length);
        demand(Arrays.equals(hash.finish(), decode(tags.get("bh"))), "the body has been changed");
        DkimRecord key = key(tags);
        byte[] signed = signed(form(forms[0]), field, fields, names);
        demand(key.verifies(signed, decode(tags.get("b"))), "the header has been changed, or the key is another");
    }

    private static void demand(boolean holds, String otherwise) {
        if (!holds) {
            throw new Broken(otherwise);
        }
    }

    private boolean hasEnded(String seconds) {
        return seconds.matches("[0-9]{1,12}") && clock.instant().getEpochSecond() > Long.parseLong(seconds);
    }

    private static List<String> names(String list) {
        return Arrays.stream(list.split(":"))
                .map(name -> name.strip().toLowerCase(Locale.ROOT))
                .toList();
    }

    private static Canonicalization form(String tag) {
        return switch (tag) {
            case "simple" -> Canonicalization.SIMPLE;
            case "relaxed" -> Canonicalization.RELAXED;
            default -> throw new Broken("c=" + tag + " is unknown");
        };
    }

    private static byte[] decode(String base64) {
        try {
            return Base64.getDecoder().decode(base64.getBytes(StandardCharsets.ISO_8859_1));
        } catch (IllegalArgumentException e) {
            throw new Broken("not Base64");
        }
    }

    /// The key that the signature names (RFC 6376 §3.6.2); of several records the first that can be used.
    private DkimRecord key(DkimTags tags) {
        String name = tags.get("s") + "._domainkey." + tags.get("d");
        String why = "no key at " + name;
        for (String text : records.apply(name)) {
            try {
                return DkimRecord.of(text, tags.get("a"));
            } catch (IllegalArgumentException e) {
                why = e.getMessage() + ", at " + name;
            }
        }
        throw new Broken(why);
    }

    /// What was hashed: the fields of `h=`, of those with one name the lowest first, then the signature's own
    /// without its `b=` (RFC 6376 §3.7).
    private static byte[] signed(Canonicalization form, byte[] own, List<byte[]> fields, List<String> names) {
        Bytes hashed = new Bytes(4096);
        List<byte[]> left = new ArrayList<>(fields);
        for (String name : names) {
            for (int i = left.size() - 1; i >= 0; i--) {
                if (name(left.get(i)).equals(name)) {
                    byte[] field = left.remove(i);
                    hashed.put(form.header(field, 0, field.length));
                    break;
                }
            }
        }
        byte[] empty = DkimTags.withoutSignature(new String(own, StandardCharsets.ISO_8859_1))
                .getBytes(StandardCharsets.ISO_8859_1);
        byte[] last = form.header(empty, 0, empty.length);
        return hashed.put(Arrays.copyOf(last, last.length - 2)).done();
    }
}
