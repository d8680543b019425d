package postern.mailauth;

import java.nio.charset.StandardCharsets;
import java.security.GeneralSecurityException;
import java.security.KeyFactory;
import java.security.Signature;
import java.security.spec.X509EncodedKeySpec;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Base64;
import java.util.HexFormat;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;

/// Checks signatures in the plainest way, on the canonical forms of the house: as far as a test needs it.
final class SignatureCheck {
    private static final byte[] ED25519 = HexFormat.of().parseHex("302a300506032b6570032100");

    private final List<String> fields = new ArrayList<>();
    private final byte[] body;
    private final Map<String, String> keys;

    /// @param text with CR LF
    /// @param keys Base64 of the public keys, by selector
    SignatureCheck(byte[] text, Map<String, String> keys) {
        String all = new String(text, StandardCharsets.ISO_8859_1);
        int empty = all.indexOf("\r\n\r\n");
        int end = empty < 0 ? all.length() : empty + 2;
        body = Arrays.copyOfRange(text, Math.min(end + 2, text.length), text.length);
        for (String line : all.substring(0, end).split("(?<=\n)(?![ \t])")) {
            fields.add(line);
        }
        this.keys = keys;
    }

    static SignatureCheck of(String text, Map<String, String> keys) {
        return new SignatureCheck(text.getBytes(StandardCharsets.ISO_8859_1), keys);
    }

    /// What is said of each signature from the top: `rsa-sha256 mail pass`, `… body`, `… header`.
    List<String> results() throws GeneralSecurityException {
        List<String> results = new ArrayList<>();
        for (String field : fields) {
            if (field.startsWith("DKIM-Signature:")) {
                results.add(result(field));
            }
        }
        return results;
    }

    private String result(String field) throws GeneralSecurityException {
        Map<String, String> tags = tags(field);
        String[] forms = tags.getOrDefault("c", "simple/simple").split("/");
        BodyHash hash = new BodyHash(Canonicalization.valueOf(forms[1].toUpperCase()));
        hash.write(body, 0, body.length);
        String what = tags.get("a") + " " + tags.get("s");
        if (!Base64.getEncoder().encodeToString(hash.finish()).equals(tags.get("bh"))) {
            return what + " body";
        }
        byte[] hashed = hashed(field, Canonicalization.valueOf(forms[0].toUpperCase()), tags.get("h"));
        return what + (verifies(tags, hashed) ? " pass" : " header");
    }

    private boolean verifies(Map<String, String> tags, byte[] hashed) throws GeneralSecurityException {
        byte[] key = Base64.getDecoder().decode(keys.get(tags.get("s")));
        boolean rsa = "rsa-sha256".equals(tags.get("a"));
        byte[] spki = rsa ? key : new Bytes(44).put(ED25519).put(key).done();
        Signature verifier = Signature.getInstance(rsa ? "SHA256withRSA" : "Ed25519");
        verifier.initVerify(
                KeyFactory.getInstance(rsa ? "RSA" : "Ed25519").generatePublic(new X509EncodedKeySpec(spki)));
        verifier.update(rsa ? hashed : Sha256.of(hashed));
        return verifier.verify(Base64.getDecoder().decode(tags.get("b")));
    }

    private byte[] hashed(String signature, Canonicalization form, String names) {
        Bytes hashed = new Bytes(1000);
        List<String> left = new ArrayList<>(fields);
        for (String name : names.split(":")) {
            for (int i = left.size() - 1; i >= 0; i--) {
                if (left.get(i).toLowerCase().startsWith(name.toLowerCase() + ":")) {
                    byte[] bytes = left.remove(i).getBytes(StandardCharsets.ISO_8859_1);
                    hashed.put(form.header(bytes, 0, bytes.length));
                    break;
                }
            }
        }
        byte[] own = form.header(signature.replaceFirst("(?s)([;\\s]b=)[^;]*", "$1"));
        boolean ends = own[own.length - 1] == '\n';
        return hashed.put(ends ? Arrays.copyOf(own, own.length - 2) : own).done();
    }

    private static Map<String, String> tags(String field) {
        Map<String, String> tags = new TreeMap<>();
        for (String tag :
                field.substring(field.indexOf(':') + 1).replaceAll("\\s", "").split(";")) {
            int equals = tag.indexOf('=');
            tags.put(tag.substring(0, equals), tag.substring(equals + 1));
        }
        return tags;
    }
}
