package postern.net;

/// Cipher suites by the names that OpenSSL gives them, and Postfix writes into logs and Received headers.
final class CipherNames {
    private static final String BEFORE_CIPHER = "_WITH_";

    private CipherNames() {}

    /// `TLS_ECDHE_RSA_WITH_AES_256_GCM_SHA384` becomes `ECDHE-RSA-AES256-GCM-SHA384`; suites of TLS 1.3 keep
    /// their name.
    static String openssl(String suite) {
        int with = suite.indexOf(BEFORE_CIPHER);
        if (with < 0) {
            return suite;
        }
        String exchange = suite.substring("TLS_".length(), with);
        String cipher = suite.substring(with + BEFORE_CIPHER.length())
                .replace("AES_128", "AES128")
                .replace("AES_256", "AES256")
                .replace("3DES_EDE_CBC", "DES-CBC3")
                .replace("_CBC_", "_")
                .replace("CHACHA20_POLY1305_SHA256", "CHACHA20_POLY1305");
        return ((exchange.equals("RSA") ? "" : exchange + "_") + cipher).replace('_', '-');
    }

    /// The length of the symmetric key.
    static int bits(String suite) {
        if (suite.contains("AES_256") || suite.contains("CHACHA20")) {
            return 256;
        }
        return suite.contains("3DES") ? 168 : 128;
    }
}
