package postern.dms;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import postern.config.ConfigException;
import postern.config.ConfigFiles;
import postern.config.MainCf;
import postern.config.MasterCf;
import postern.dms.PostfixSettings.Names;

/// What a config volume and an environment of docker-mailserver come to. A value: a change of the volume makes
/// a new one ([DmsWatch]).
///
/// @param conf DMS's main.cf with `postfix-main.cf` over it; its directory has the tables
/// @param master DMS's master.cf with `postfix-master.cf` over it
/// @param postmaster who is asked and told: `POSTMASTER_ADDRESS`
/// @param watched files outside of the volume that it was made of
/// @param warnings what has no effect, or not the one that was meant
/// @param announcements what to say at start: where it is not as in docker-mailserver, and what is lacking
public record DmsConfig(
        Volume volume,
        Environment environment,
        MainCf conf,
        MasterCf master,
        Accounts accounts,
        String postmaster,
        List<Path> watched,
        List<String> warnings,
        List<String> announcements) {
    static final String MAIN = "postfix-main.cf";
    static final String SEND_ACCESS = "postfix-send-access.cf";
    static final String RECEIVE_ACCESS = "postfix-receive-access.cf";
    static final String REGEXP = "postfix-regexp.cf";

    /// Reads them, and writes the tables into `<state>/postern/etc`.
    ///
    /// @param config the volume
    /// @param environment the variables of the process
    /// @throws ConfigException for what cannot be used: file and line, or the variable; nothing is written then
    public static DmsConfig read(Path config, Map<String, String> environment, Path state) {
        return read(config, environment, state, Here.now(state));
    }

    /// Reads them, and writes nothing: to look at what they come to.
    public static DmsConfig look(Path config, Map<String, String> environment, Path state) {
        return reading(config, environment, state, Here.now(state)).read();
    }

    static DmsConfig read(Path config, Map<String, String> environment, Path state, Here here) {
        Reading reading = reading(config, environment, state, here);
        DmsConfig read = reading.read();
        Tables.write(reading.etc, reading.tables);
        return read;
    }

    private static Reading reading(Path config, Map<String, String> environment, Path state, Here here) {
        if (!Files.isDirectory(config)) {
            throw new ConfigException(config + ": no such directory; docker-mailserver's config volume belongs there");
        }
        return new Reading(new Volume(config.toAbsolutePath()), environment, state.toAbsolutePath(), here);
    }

    /// Where the queue of a server lies that runs with this volume, as main.cf says it. Nothing else is read, so
    /// that a mistake elsewhere keeps nobody from his queue.
    ///
    /// @throws ConfigException when `postfix-main.cf` breaks its syntax
    public static MainCf queue(Path config, Path state) {
        Volume volume = new Volume(config);
        byte[] text = volume.here(volume.text(MAIN)).getBytes(StandardCharsets.UTF_8);
        return MainCf.of(state.resolve("postern/etc"), PostfixSettings.places(state), "docker-mailserver")
                .over(MAIN, text);
    }

    /// The same with settings over its own.
    ///
    /// @param origin how messages call where they come from
    public DmsConfig with(Map<String, String> settings, String origin) {
        return settings.isEmpty()
                ? this
                : new DmsConfig(
                        volume,
                        environment,
                        conf.with(settings, origin),
                        master,
                        accounts,
                        postmaster,
                        watched,
                        warnings,
                        announcements);
    }

    /// One reading.
    private static final class Reading {
        private final Volume volume;
        private final Environment environment;
        private final Path state;
        private final Here here;
        private final Path etc;
        private final List<String> warnings = new ArrayList<>();
        private final List<String> notes = new ArrayList<>();
        private final Map<String, String> tables = new LinkedHashMap<>();
        private final List<Path> watched = new ArrayList<>();

        Reading(Volume volume, Map<String, String> process, Path state, Here here) {
            this.volume = volume;
            this.environment = Environment.of(volume, process);
            this.state = state;
            this.here = here;
            this.etc = state.resolve("postern/etc");
        }

        DmsConfig read() {
            warnings.addAll(environment.warnings());
            watched.addAll(environment.files());
            lacking();
            Names names = names();
            boolean elsewhere = DirectoryFiles.areAsked(environment);
            VirtualFile virtual = elsewhere ? VirtualFile.NONE : VirtualFile.of(volume);
            warnings.addAll(virtual.warnings());
            Accounts accounts = elsewhere ? Accounts.NONE : Accounts.of(volume, environment, virtual);
            warnings.addAll(accounts.warnings());
            boolean isManaged = elsewhere || accounts.domains().contains(names.host());
            String postmaster = postmaster(names, virtual, accounts);
            LocalAliases aliases = LocalAliases.of(volume, postmaster, isManaged);
            warnings.addAll(aliases.warnings());
            watched.addAll(aliases.included());

            Map<String, String> settings = new LinkedHashMap<>(PostfixSettings.places(state));
            settings.putAll(PostfixSettings.of(volume, environment, names, isManaged));
            if (elsewhere) {
                directory(settings);
            }
            networks(settings);
            certificates(settings, names);
            MainCf main = main(settings, accounts, aliases.discards(names.local()));
            PostfixServices services = PostfixServices.of(volume, environment);
            warnings.addAll(services.warnings());

            tables(virtual, accounts, aliases, main);
            return new DmsConfig(
                    volume,
                    environment,
                    main,
                    services.master(),
                    accounts,
                    postmaster,
                    List.copyOf(watched),
                    List.copyOf(warnings),
                    List.copyOf(notes));
        }

        private void lacking() {
            Lacking lacking = Lacking.of(volume, environment);
            warnings.addAll(lacking.warnings());
            @Nullable String line = lacking.line();
            if (line != null) {
                notes.add(line);
            }
        }

        private Names names() {
            String given = environment.get("OVERRIDE_HOSTNAME");
            String host = given.isEmpty() ? here.hostname() : given;
            if (!host.matches("[A-Za-z0-9_-]+(\\.[A-Za-z0-9_-]+)+") || host.endsWith(".localdomain")) {
                throw new ConfigException(
                        "this host calls itself \"" + host + "\": set OVERRIDE_HOSTNAME=mail.example.com, a full name");
            }
            return Names.of(host.toLowerCase(java.util.Locale.ROOT));
        }

        private String postmaster(Names names, VirtualFile virtual, Accounts accounts) {
            String given = environment.get("POSTMASTER_ADDRESS");
            String address = given.isEmpty() ? "postmaster@" + names.domain() : given;
            String domain = VirtualFile.domain(address);
            if (address.indexOf('@') <= 0 || domain.isEmpty() || address.matches(".*\\s.*")) {
                throw environment.error("POSTMASTER_ADDRESS", "an address is needed");
            }
            String folded = address.toLowerCase(java.util.Locale.ROOT);
            boolean known = accounts.all().containsKey(folded)
                    || virtual.has(folded)
                    || virtual.catchAlls().containsKey(domain)
                    || volume.has(REGEXP);
            if (accounts.domains().contains(domain) && !known) {
                warnings.add("POSTMASTER_ADDRESS: " + address + " is neither account nor alias: nobody gets its mail");
            }
            return address;
        }

        private void networks(Map<String, String> settings) {
            TrustedNetworks networks = TrustedNetworks.of(environment, here);
            settings.put("mynetworks", networks.mynetworks());
            notes.addAll(networks.notes());
        }

        private void directory(Map<String, String> settings) {
            DirectoryFiles directory = DirectoryFiles.of(volume, environment);
            settings.putAll(directory.settings());
            tables.putAll(directory.files());
            warnings.addAll(directory.warnings());
            notes.addAll(directory.notes());
        }

        private void certificates(Map<String, String> settings, Names names) {
            Certificates certificates = Certificates.of(volume, environment, names, here, etc);
            settings.putAll(certificates.settings());
            tables.putAll(certificates.written());
            watched.addAll(certificates.watched());
            notes.addAll(certificates.notes());
        }

        /// DMS's settings, then the relays', then the user's.
        private MainCf main(Map<String, String> settings, Accounts accounts, List<String> discards) {
            byte[] text = volume.here(volume.text(MAIN)).getBytes(StandardCharsets.UTF_8);
            MainCf own = MainCf.of(etc, Map.of()).over(MAIN, text);
            @Nullable String standing = own.isSet("relayhost") ? own.text("relayhost") : null;
            Relays relays = Relays.of(volume, environment, accounts, standing == null ? "" : standing);
            relays.tables().forEach((name, lines) -> tables.put(name, Tables.text(lines)));
            warnings.addAll(relays.warnings());
            notes.addAll(relays.notes());
            settings.putAll(relays.settings());
            JailFile jail = JailFile.of(volume, environment, relays);
            warnings.addAll(jail.warnings());
            settings.putAll(jail.settings());
            if (own.isSet("smtp_tls_security_level")) {
                settings.remove("smtp_tls_policy_maps");
            }
            MainCf main = MainCf.from(etc, new Origins(volume, environment).of(settings))
                    .over(MAIN, text);
            if (discards.isEmpty()) {
                return main;
            }
            tables.put("discard", Tables.text(discards));
            String maps = main.isSet("transport_maps") ? ", " + main.text("transport_maps") : "";
            return main.with(
                    Map.of("transport_maps", "texthash:/etc/postfix/discard" + maps),
                    main.isSet("transport_maps") ? main.origin("transport_maps") : "postfix-aliases.cf");
        }

        private void tables(VirtualFile virtual, Accounts accounts, LocalAliases aliases, MainCf main) {
            Recipients recipients = new Recipients(virtual, accounts, environment);
            notes.addAll(recipients.notes());
            tables.put("vhost", Tables.text(List.copyOf(accounts.domains())));
            tables.put("vmailbox", Tables.mailboxes(accounts));
            tables.put("virtual", virtual.equals(VirtualFile.NONE) ? "" : volume.text(VirtualFile.NAME));
            tables.put("regexp", recipients.expressions(volume.text(REGEXP), main.get(Tables.DELIMITER)));
            tables.put("accounts", Tables.text(recipients.accounts()));
            tables.put("aliases", Tables.text(aliases.lines()));
            tables.put("users", Tables.users(accounts));
            tables.put("masters", Tables.masters(accounts));
            MoreLogins more = MoreLogins.of(volume, accounts);
            warnings.addAll(more.warnings());
            tables.put("app_passwords", Tables.text(more.apps()));
            tables.put("certificates", Tables.text(more.certificates()));
            tables.put("sender_login_maps.pcre", Tables.SENDER_LOGINS);
            tables.put("sender_header_filter.pcre", Tables.HEADER_FILTER);
            tables.put("send_access", volume.text(SEND_ACCESS));
            tables.put("receive_access", volume.text(RECEIVE_ACCESS));
        }
    }

    /// Whether a switch of docker-mailserver's is on: `ENABLE_POP3`.
    public boolean is(String name) {
        return environment.isOn(name);
    }

    /// The configuration for what serves users besides Postfix: TLS_LEVEL counts there.
    public MainCf forUsers() {
        return conf.with(Map.of("postern_smtpd_tls_profile", environment.get("TLS_LEVEL")), "TLS_LEVEL");
    }

    /// Whether the mailboxes are served by POP3.
    public boolean hasPop3() {
        return environment.isOn("ENABLE_POP3") && !environment.isOn("SMTP_ONLY");
    }

    /// Whether mail marked as spam goes to Junk, and whether it is read there already.
    public boolean movesSpamToJunk() {
        return environment.isOn("MOVE_SPAM_TO_JUNK");
    }

    public boolean marksSpamAsRead() {
        return environment.isOn("MARK_SPAM_AS_READ");
    }

    /// Whether accounts are in a directory, and not in files.
    public boolean hasDirectory() {
        return DirectoryFiles.areAsked(environment);
    }

    /// Where a directory's questions are: `ldap-users.cf`, and `dovecot-ldap.conf.ext`.
    public Path directoryUsers() {
        return conf.file("/etc/postfix/ldap-users.cf");
    }

    /// The same for logins.
    public Path directoryLogins() {
        return conf.file("/etc/postfix/" + DirectoryFiles.DOVECOT);
    }

    /// Whether quotas are kept.
    public boolean hasQuotas() {
        return environment.isOn("ENABLE_QUOTAS") && !environment.isOn("SMTP_ONLY");
    }

    /// What is in the way of writing, as an error of the configuration.
    static ConfigException unwritable(Path file, IOException e) {
        return new ConfigException(ConfigFiles.why(file, e), e);
    }
}
