package postern;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.concurrent.ExecutorService;
import org.jspecify.annotations.Nullable;
import postern.mailbox.AccountName;
import postern.mailbox.transfer.ImapAccounts;
import postern.mailbox.transfer.ImapServer;
import postern.net.ClientTls;
import postern.net.Deadlines;
import postern.net.DirectDialer;
import postern.net.HandshakePool;
import postern.net.PeerCheck;
import postern.net.TlsProtocols;
import postern.net.TlsSettings;
import postern.net.TrustAnchors;
import postern.net.Uptime;

/// Where `postern import imap` takes mail from, as its options say.
final class PrivateImap implements AutoCloseable {
    static final String PASSWORD = "POSTERN_IMAP_PASSWORD";

    private static final int IMAP = 143;
    private static final int IMAPS = 993;

    private final Deadlines deadlines = new Deadlines(new Uptime()).start();
    private final ExecutorService pool = HandshakePool.open();
    private @Nullable String host;
    private @Nullable String user;
    private @Nullable String master;
    private @Nullable String passwordFile;
    private @Nullable String authorities;
    private String tls = "";
    private boolean isVerified = true;
    private int port;

    /// Takes its options off a command line.
    void read(Arguments arguments) {
        host = arguments.text("--host");
        port = arguments.ports("--port");
        user = arguments.text("--user");
        master = arguments.text("--master");
        passwordFile = arguments.text("--password-file");
        authorities = arguments.text("--ca");
        isVerified = !arguments.flag("--no-verify");
        String wanted = arguments.text("--tls");
        tls = wanted == null ? "implicit" : wanted;
        if (!tls.matches("implicit|starttls|none")) {
            throw new Arguments.Wrong("--tls wants implicit, starttls or none, not \"" + tls + "\"");
        }
    }

    /// The accounts to take: the user's, or with a master user all of the config volume.
    ///
    /// @param account whose the mail is to be here; null for that of the same name
    /// @param known accounts of the config volume
    List<ImapAccounts> accounts(@Nullable AccountName account, Set<String> known) throws IOException {
        if (host == null || user == null && master == null) {
            throw new Arguments.Wrong("import imap wants --host, and --user or --master");
        }
        ImapServer server = server(host);
        String password = password();
        String shared = master == null ? "" : master;
        List<ImapAccounts> accounts = new ArrayList<>();
        if (user != null) {
            AccountName here = account == null ? PrivateImport.named(user) : account;
            accounts.add(new ImapAccounts(server, new ImapServer.Login(user, shared, password), here));
        } else if (known.isEmpty()) {
            throw new Arguments.Wrong("--master without --user wants -c: all accounts of that volume are taken");
        } else {
            for (String address : known) {
                accounts.add(new ImapAccounts(
                        server, new ImapServer.Login(address, shared, password), new AccountName(address)));
            }
        }
        return accounts;
    }

    private ImapServer server(String name) {
        boolean isImplicit = tls.equals("implicit");
        int standard = isImplicit ? IMAPS : IMAP;
        return new ImapServer(
                name, port == 0 ? standard : port, settings(name), !isImplicit, new DirectDialer(deadlines));
    }

    private @Nullable TlsSettings settings(String name) {
        if (tls.equals("none")) {
            return null;
        }
        TrustAnchors anchors =
                authorities == null ? TrustAnchors.system() : TrustAnchors.of(Path.of(authorities), null);
        PeerCheck check = isVerified ? PeerCheck.names(anchors, List.of(name)) : PeerCheck.none();
        return new ClientTls(check, TlsProtocols.ALL, null, pool).to(name);
    }

    /// From a file, from the environment, or asked for: never from the command line, which everybody sees.
    private String password() throws IOException {
        if (passwordFile != null) {
            return Files.readString(Path.of(passwordFile)).strip();
        }
        String given = System.getenv(PASSWORD);
        if (given != null) {
            return given;
        }
        char[] typed = System.console() == null ? null : System.console().readPassword("Password: ");
        if (typed == null) {
            throw new Arguments.Wrong("the password is missing: --password-file FILE, or " + PASSWORD);
        }
        return new String(typed);
    }

    @Override
    public void close() {
        pool.shutdown();
        deadlines.close();
    }
}
