package postern.dms;

import postern.mailauth.SigningTables;

/// Where DMS keeps what mail is signed with: `opendkim/` as ENABLE_OPENDKIM says, `rspamd/override.d/dkim_signing.conf`
/// as ENABLE_RSPAMD says.
public final class SigningFiles {
    private SigningFiles() {}

    public static SigningTables.Places of(DmsConfig config) {
        Volume volume = config.volume();
        boolean opendkim = config.environment().isOn("ENABLE_OPENDKIM");
        boolean rspamd = config.environment().isOn("ENABLE_RSPAMD");
        return new SigningTables.Places(
                opendkim ? volume.file("opendkim") : null,
                rspamd ? volume.file("rspamd/override.d/dkim_signing.conf") : null,
                volume::here);
    }
}
