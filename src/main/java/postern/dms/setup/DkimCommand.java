package postern.dms.setup;

import java.io.IOException;
import java.util.List;
import postern.mailauth.DkimKeys;

/// `setup config dkim`: makes keys where OpenDKIM or, when it is the one that signs, Rspamd looks for them.
final class DkimCommand {
    static final String HELP = """
            open-dkim - Configure DKIM (DomainKeys Identified Mail)
            Makes keys in opendkim/ and enters them into KeyTable and SigningTable; a key that is there stays.
              keysize   1024, 2048 (standard) or 4096
              selector  of the key; standard: mail
              domain    one or more, separated by commas; standard: those of accounts and aliases""";
    private static final String HELP_OF_RSPAMD = """
            Usage: setup config dkim [-f] [-v | -vv] [keytype T] [keysize N] [selector S] [domain D]
                rspamd-dkim - Configure DKIM (DomainKeys Identified Mail)
                Makes a key in rspamd/dkim/ and, where there is none, rspamd/override.d/dkim_signing.conf.
                  -f, --force  makes the key also where there is one
                  -v, -vv      says more
                  keytype      rsa (standard) or ed25519
                  keysize      1024, 2048 (standard) or 4096; for rsa only
                  selector     of the key; standard: mail
                  domain       standard: the server's, without its first label""";

    private DkimCommand() {}

    static void run(List<String> arguments, Site site) throws IOException {
        boolean ofRspamd = site.environment().isOn("ENABLE_RSPAMD");
        if (ofRspamd && site.environment().isOn("ENABLE_OPENDKIM")) {
            site.report().error("You enabled Rspamd and OpenDKIM - OpenDKIM will be implicitly used for DKIM keys");
            ofRspamd = false;
        }
        DkimOptions options = DkimOptions.parse(arguments, ofRspamd, site.report());
        if (options.asksForHelp()) {
            options.report().trace("Showing usage message now");
            site.report().line(ofRspamd ? HELP_OF_RSPAMD : SetupCommands.usage("config dkim"));
        } else if (ofRspamd) {
            new RspamdKeys(options, site).make();
        } else {
            new OpenDkimKeys(options, site).make();
        }
    }

    /// What is to be put into DNS.
    static void show(DkimKeys.Made made, String name, Report report) {
        report.info("Here is the content of the TXT DNS record " + name + " that you need to create:\n");
        report.info(made.dnsRecord() + "\n");
    }
}
