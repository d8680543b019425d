package postern.dms.setup;

import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.GeneralSecurityException;
import java.security.MessageDigest;
import java.security.SecureRandom;
import java.security.cert.CertificateFactory;
import java.util.HexFormat;
import java.util.List;
import java.util.Locale;
import org.jspecify.annotations.Nullable;
import postern.sasl.StoredPasswords;

/// `setup email apppass` and `setup email cert`: what lets an account in besides its password. Ours; DMS has none.
final class KeyCommands {
    /// Letters that nobody takes for others: 20 of them are 96 bits.
    private static final String LETTERS = "abcdefghijkmnpqrstuvwxyz2345";

    private static final int GROUPS = 5;
    private static final int GROUP = 4;

    private KeyCommands() {}

    static void apps(List<String> arguments, Site site) throws IOException {
        switch (arguments.getFirst()) {
            case "add" -> addApp(account(arguments, 3, site), label(arguments.get(2)), site);
            case "del" -> delete(ConfigFile.APPS, account(arguments, 3, site), label(arguments.get(2)) + "|", site);
            case "list" -> list(ConfigFile.APPS, arguments, site);
            default -> throw Refusal.withUsage("Unknown command '" + arguments.getFirst() + "'");
        }
    }

    static void certificates(List<String> arguments, Site site) throws IOException {
        switch (arguments.getFirst()) {
            case "add" -> {
                String account = account(arguments, 3, site);
                String fingerprint = fingerprint(arguments.get(2));
                needs(account, site);
                edit(ConfigFile.CERTIFICATES, site, lines -> {
                    if (lines.entries().stream().anyMatch(entry -> entry.value().equalsIgnoreCase(fingerprint))) {
                        throw Refusal.of("The certificate is there already");
                    }
                    lines.add(account, fingerprint);
                });
            }
            case "del" ->
                delete(ConfigFile.CERTIFICATES, account(arguments, 3, site), fingerprint(arguments.get(2)), site);
            case "list" -> list(ConfigFile.CERTIFICATES, arguments, site);
            default -> throw Refusal.withUsage("Unknown command '" + arguments.getFirst() + "'");
        }
    }

    private static String account(List<String> arguments, int count, Site site) {
        if (arguments.size() != count) {
            throw Refusal.withUsage("An account and what belongs to it are needed");
        }
        return Texts.account(arguments.get(1), site.report());
    }

    private static String label(String text) {
        if (!text.matches("[A-Za-z0-9._-]{1,64}")) {
            throw Refusal.of("A label is made of letters, digits, dots, and dashes: phone, laptop-2");
        }
        return text;
    }

    private static void needs(String account, Site site) throws IOException {
        Accounts.needs(site.volume().read(ConfigFile.ACCOUNTS), account);
    }

    private static void edit(ConfigFile file, Site site, java.util.function.Consumer<KeyedLines> change)
            throws IOException {
        try (ConfigVolume.Lock lock = site.volume().lock()) {
            lock.edit(file, change);
        }
    }

    /// The password is shown this once: nothing that is kept gives it away.
    private static void addApp(String account, String label, Site site) throws IOException {
        needs(account, site);
        String password = password();
        edit(ConfigFile.APPS, site, lines -> {
            List<KeyedLines.Entry> own = own(lines, account);
            if (own.stream().anyMatch(entry -> entry.value().startsWith(label + "|"))) {
                throw Refusal.of("'" + account + "' has an app password '" + label + "' already");
            }
            @Nullable
            String like = own.stream()
                    .map(entry -> entry.value().substring(entry.value().indexOf('|') + 1))
                    .filter(stored -> stored.startsWith("{SCRAM-SHA-256}"))
                    .findFirst()
                    .orElse(null);
            lines.add(account, label + "|" + StoredPasswords.scram(password, like));
        });
        site.report().line(password);
    }

    private static String password() {
        SecureRandom random = new SecureRandom();
        StringBuilder text = new StringBuilder();
        for (int i = 0; i < GROUPS * GROUP; i++) {
            text.append(i > 0 && i % GROUP == 0 ? "-" : "").append(LETTERS.charAt(random.nextInt(LETTERS.length())));
        }
        return text.toString();
    }

    private static List<KeyedLines.Entry> own(KeyedLines lines, String account) {
        return lines.entries().stream()
                .filter(entry -> entry.key().equalsIgnoreCase(account))
                .toList();
    }

    /// @param start of what belongs to the account
    private static void delete(ConfigFile file, String account, String start, Site site) throws IOException {
        edit(file, site, lines -> {
            List<KeyedLines.Entry> there = own(lines, account).stream()
                    .filter(entry ->
                            (entry.value() + "|").toUpperCase(Locale.ROOT).startsWith(start.toUpperCase(Locale.ROOT)))
                    .toList();
            if (there.isEmpty()) {
                throw Refusal.of("'" + account + "' has no such one");
            }
            there.reversed().forEach(lines::remove);
        });
    }

    /// Never the hash.
    private static void list(ConfigFile file, List<String> arguments, Site site) throws IOException {
        KeyedLines lines = site.volume().read(file);
        for (KeyedLines.Entry entry : lines.entries()) {
            if (arguments.size() < 2 || entry.key().equalsIgnoreCase(arguments.get(1))) {
                int bar = entry.value().indexOf('|');
                site.report()
                        .line("* " + entry.key() + " "
                                + (bar < 0 ? entry.value() : entry.value().substring(0, bar)));
            }
        }
    }

    /// Of a PEM or DER file, or as it is given.
    private static String fingerprint(String text) throws IOException {
        try {
            if (Files.isRegularFile(Path.of(text))) {
                try (InputStream in = Files.newInputStream(Path.of(text))) {
                    byte[] encoded = CertificateFactory.getInstance("X.509")
                            .generateCertificate(in)
                            .getEncoded();
                    byte[] digest = MessageDigest.getInstance("SHA-256").digest(encoded);
                    return HexFormat.of().withUpperCase().formatHex(digest);
                }
            }
            return StoredPasswords.fingerprint(text);
        } catch (GeneralSecurityException e) {
            throw Refusal.of("'" + text + "' is no certificate: " + e.getMessage());
        } catch (IllegalArgumentException e) {
            throw Refusal.of("'" + text + "' is neither a file nor a fingerprint: " + e.getMessage());
        }
    }
}
