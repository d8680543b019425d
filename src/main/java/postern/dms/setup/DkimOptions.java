package postern.dms.setup;

import java.util.ArrayDeque;
import java.util.Deque;
import java.util.List;
import java.util.Locale;

/// The arguments of `setup config dkim`: words with a value each, and with Rspamd options.
final class DkimOptions {
    static final int STANDARD_SIZE = 2048;
    private static final List<String> SIZES = List.of("1024", "2048", "4096");

    private final Deque<String> left;
    private final boolean ofRspamd;
    private Report report;
    private String keytype = "rsa";
    private int keysize = STANDARD_SIZE;
    private String selector = "mail";
    private String domain = "";
    private boolean force;
    private boolean help;

    private DkimOptions(List<String> arguments, boolean ofRspamd, Report report) {
        this.left = new ArrayDeque<>(arguments);
        this.ofRspamd = ofRspamd;
        this.report = report;
    }

    static DkimOptions parse(List<String> arguments, boolean ofRspamd, Report report) {
        DkimOptions options = new DkimOptions(arguments, ofRspamd, report);
        while (!options.left.isEmpty() && !options.help) {
            options.take(options.left.removeFirst());
        }
        if (options.keytype.equals("ed25519") && options.keysize != STANDARD_SIZE) {
            throw Refusal.of("Chosen keytype does not accept the 'keysize' argument");
        }
        return options;
    }

    private void take(String word) {
        switch (word) {
            case "keysize" -> keysize = size(value(word, "keysize"));
            case "selector" -> selector = Texts.dnsName(value(word, "selector"), "a selector");
            case "domain" -> domain = value(word, ofRspamd ? "domain" : "domain(s)");
            case "help" -> help = true;
            default -> {
                if (!ofRspamd || !takeOfRspamd(word)) {
                    String next = left.isEmpty() ? "" : " and '" + left.getFirst() + "'";
                    throw Refusal.withUsage("Unknown options '" + word + "'" + next);
                }
            }
        }
    }

    private boolean takeOfRspamd(String word) {
        switch (word) {
            case "keytype" -> {
                keytype = value(word, "keytype");
                if (!keytype.equals("rsa") && !keytype.equals("ed25519")) {
                    throw Refusal.of("Unknown keytype '" + keytype + "'");
                }
            }
            case "-f", "--force" -> force = true;
            case "-v" -> {
                report = report.at(Report.Level.DEBUG);
                report.debug("Enabled debug-logging");
            }
            case "-vv" -> {
                report = report.at(Report.Level.TRACE);
                report.trace("Enabled trace-logging");
            }
            default -> {
                return false;
            }
        }
        return true;
    }

    private String value(String word, String what) {
        if (left.isEmpty() || left.getFirst().isEmpty()) {
            throw Refusal.of("No " + what + " provided after '" + word + "' argument");
        }
        String value = left.removeFirst();
        report.debug(word.substring(0, 1).toUpperCase(Locale.ROOT) + word.substring(1) + " set to '" + value + "'");
        return value;
    }

    private static int size(String given) {
        if (!SIZES.contains(given)) {
            throw Refusal.of("The keysize is 1024, 2048 or 4096, not '" + given + "'");
        }
        return Integer.parseInt(given);
    }

    Report report() {
        return report;
    }

    boolean isEd25519() {
        return keytype.equals("ed25519");
    }

    int keysize() {
        return keysize;
    }

    String selector() {
        return selector;
    }

    /// As given; empty when it was not.
    String domain() {
        return domain;
    }

    boolean isForced() {
        return force;
    }

    boolean asksForHelp() {
        return help;
    }
}
