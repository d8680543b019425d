package postern.net;

import java.util.ArrayList;
import java.util.Base64;
import java.util.List;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/// One block of a PEM file (RFC 7468): its label (`CERTIFICATE`, `EC PRIVATE KEY`) and what it holds. Text
/// between blocks is a comment.
@SuppressWarnings("ArrayRecordComponent") // compared nowhere
record Pem(String label, byte[] der) {
    private static final Pattern BEGIN = Pattern.compile("-----BEGIN ([A-Z0-9 ]+)-----[ \\t\\r]*\\n");
    private static final int LINE = 64;

    /// @throws IllegalArgumentException when a block does not end, holds no Base64, or is encrypted
    static List<Pem> parse(String text) {
        List<Pem> blocks = new ArrayList<>();
        Matcher begin = BEGIN.matcher(text);
        int at = 0;
        while (begin.find(at)) {
            String label = begin.group(1);
            int end = text.indexOf("-----END " + label + "-----", begin.end());
            if (end < 0) {
                throw new IllegalArgumentException("the block \"BEGIN " + label + "\" has no END line");
            }
            blocks.add(new Pem(label, decode(label, text.substring(begin.end(), end))));
            at = end + label.length();
        }
        return blocks;
    }

    /// The block as text.
    String text() {
        return "-----BEGIN " + label + "-----\n"
                + Base64.getMimeEncoder(LINE, new byte[] {'\n'}).encodeToString(der) + "\n-----END " + label
                + "-----\n";
    }

    boolean isKey() {
        return label.endsWith("PRIVATE KEY");
    }

    boolean isCertificate() {
        return label.equals("CERTIFICATE") || label.equals("X509 CERTIFICATE") || label.equals("TRUSTED CERTIFICATE");
    }

    private static byte[] decode(String label, String base64) {
        if (label.equals("ENCRYPTED PRIVATE KEY") || base64.contains("Proc-Type: 4,ENCRYPTED")) {
            throw new IllegalArgumentException(
                    "the private key is encrypted; it must be readable without a passphrase (openssl pkey -in FILE -out FILE)");
        }
        try {
            return Base64.getMimeDecoder().decode(base64);
        } catch (IllegalArgumentException e) {
            throw new IllegalArgumentException("the block \"BEGIN " + label + "\" is not Base64", e);
        }
    }
}
