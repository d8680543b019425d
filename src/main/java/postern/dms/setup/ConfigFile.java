package postern.dms.setup;

/// The files that commands edit, as DMS lays them out.
enum ConfigFile {
    ACCOUNTS("postfix-accounts.cf", Layout.BAR, ConfigVolume.Secrecy.HASHES),
    APPS("postfix-accounts-app.cf", Layout.BAR, ConfigVolume.Secrecy.HASHES),
    CERTIFICATES("postfix-accounts-cert.cf", Layout.BAR, ConfigVolume.Secrecy.OPEN),
    MASTERS("dovecot-masters.cf", Layout.BAR, ConfigVolume.Secrecy.HASHES),
    QUOTAS("dovecot-quotas.cf", Layout.COLON, ConfigVolume.Secrecy.OPEN),
    VIRTUAL("postfix-virtual.cf", Layout.SPACE, ConfigVolume.Secrecy.OPEN),
    RELAYS("postfix-relaymap.cf", Layout.SPACE, ConfigVolume.Secrecy.OPEN),
    RELAY_PASSWORDS("postfix-sasl-password.cf", Layout.SPACE, ConfigVolume.Secrecy.HASHES),
    SEND_ACCESS("postfix-send-access.cf", Layout.SPACE, ConfigVolume.Secrecy.OPEN),
    RECEIVE_ACCESS("postfix-receive-access.cf", Layout.SPACE, ConfigVolume.Secrecy.OPEN),
    KEY_TABLE("opendkim/KeyTable", Layout.SPACE, ConfigVolume.Secrecy.OPEN),
    SIGNING_TABLE("opendkim/SigningTable", Layout.SPACE, ConfigVolume.Secrecy.OPEN);

    private final String path;
    private final Layout layout;
    private final ConfigVolume.Secrecy secrecy;

    ConfigFile(String path, Layout layout, ConfigVolume.Secrecy secrecy) {
        this.path = path;
        this.layout = layout;
        this.secrecy = secrecy;
    }

    /// Below the volume.
    String path() {
        return path;
    }

    Layout layout() {
        return layout;
    }

    ConfigVolume.Secrecy secrecy() {
        return secrecy;
    }
}
