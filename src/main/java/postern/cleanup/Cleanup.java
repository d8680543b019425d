package postern.cleanup;

import java.time.Instant;
import java.time.InstantSource;
import java.time.ZoneId;
import java.time.ZoneOffset;
import java.time.format.DateTimeFormatter;
import java.util.ArrayList;
import java.util.List;
import java.util.function.Predicate;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
import postern.address.Address;
import postern.address.Path;
import postern.config.MainCf;
import postern.config.Parameter;
import postern.log.MailLog;
import postern.lookup.Lookup;
import postern.lookup.Table;
import postern.lookup.Tables;
import postern.message.Field;
import postern.message.MailDate;
import postern.message.Received;
import postern.rewrite.Canonical;
import postern.rewrite.LocalDomains;
import postern.rewrite.StandardForm;
import postern.smtp.Envelope;
import postern.smtp.Fates;
import postern.smtp.Handover;
import postern.smtp.Intake;
import postern.smtp.Peer;
import postern.smtp.Reply;

/// The intake that leads into the queue. One instance per configuration; a session keeps the one it was born
/// with.
public final class Cleanup implements Intake {
    static final Parameter<Integer> HEADER_SIZE_LIMIT = Parameter.integer("header_size_limit", "102400")
            .doc(
                    "Bytes of one header field that are looked into. A longer field is judged by them, and passes unaltered.");
    static final Parameter<Integer> HOPCOUNT_LIMIT = Parameter.integer("hopcount_limit", "50")
            .doc("Received fields that a message may have: more mean a loop (554 5.4.6).");
    static final Parameter<List<String>> MESSAGE_DROP_HEADERS = Parameter.list(
                    "message_drop_headers", "bcc, content-length, resent-bcc, return-path")
            .doc("Header fields that are taken out of every message: what others must not see, or would be wrong.");
    static final Parameter<List<String>> ALWAYS_BCC =
            Parameter.list("always_bcc", "").doc("An address that gets a copy of all mail.");
    static final Parameter<List<String>> SENDER_BCC_MAPS =
            Parameter.list("sender_bcc_maps", "").doc("Tables by sender address: who gets a copy.");
    static final Parameter<List<String>> RECIPIENT_BCC_MAPS =
            Parameter.list("recipient_bcc_maps", "").doc("Tables by recipient address: who gets a copy.");
    static final Parameter<Boolean> ALWAYS_ADD_MISSING_HEADERS = Parameter.bool("always_add_missing_headers", "no")
            .doc("Whether mail of strangers too gets the Message-Id, Date and From that it lacks.");
    static final Parameter<String> CONTENT_FILTER = Parameter.text("content_filter", "")
            .doc("transport:nexthop that all mail goes to instead of its own route.");
    static final Parameter<String> MAIL_NAME =
            Parameter.text("mail_name", "Postfix").doc("The product's name in Received fields and greetings.");
    static final Parameter<Boolean> SMTPD_SASL_AUTHENTICATED_HEADER =
            Parameter.bool("smtpd_sasl_authenticated_header", "no").doc("Whether the Received field names the login.");

    public static final List<Parameter<?>> PARAMETERS = Stream.of(
                    List.<Parameter<?>>of(
                            HEADER_SIZE_LIMIT,
                            HOPCOUNT_LIMIT,
                            MESSAGE_DROP_HEADERS,
                            ALWAYS_BCC,
                            SENDER_BCC_MAPS,
                            RECIPIENT_BCC_MAPS,
                            ALWAYS_ADD_MISSING_HEADERS,
                            CONTENT_FILTER,
                            MAIL_NAME,
                            SMTPD_SASL_AUTHENTICATED_HEADER),
                    ContentChecks.PARAMETERS)
            .<Parameter<?>>flatMap(List::stream)
            .toList();

    private static final DateTimeFormatter ID_TIME =
            DateTimeFormatter.ofPattern("yyyyMMddHHmmss").withZone(ZoneOffset.UTC);

    private final Settings settings;
    private final Services services;
    private final Maps maps;
    private final Buffers buffers = new Buffers();

    /// What of the configuration is asked per message, read once.
    record Settings(
            int headerSizeLimit,
            int hopcountLimit,
            boolean alwaysAddMissing,
            boolean showsLogin,
            String contentFilter,
            String hostname,
            String mailName,
            List<Address> alwaysBcc,
            List<String> dropped) {
        static Settings of(MainCf conf) {
            return new Settings(
                    conf.get(HEADER_SIZE_LIMIT),
                    conf.get(HOPCOUNT_LIMIT),
                    conf.get(ALWAYS_ADD_MISSING_HEADERS),
                    conf.get(SMTPD_SASL_AUTHENTICATED_HEADER),
                    conf.get(CONTENT_FILTER),
                    conf.get(MainCf.MYHOSTNAME),
                    conf.get(MAIL_NAME),
                    conf.get(ALWAYS_BCC).stream().map(Address::ofInternal).toList(),
                    List.copyOf(conf.get(MESSAGE_DROP_HEADERS)));
        }

        /// Whether a field is taken out of every message.
        boolean drops(Field field) {
            for (int i = 0; i < dropped.size(); i++) {
                if (field.isNamed(dropped.get(i))) {
                    return true;
                }
            }
            return false;
        }
    }

    /// @param log where `cleanup` says what it did
    /// @param outlet where mail goes
    /// @param ownClient whether a client is one of ours (`local_header_rewrite_clients`), whose mail may lack
    ///     fields
    public record Services(MailLog log, Outlet.Opener outlet, Predicate<Peer> ownClient, InstantSource clock) {}

    /// @param checks null when no message is looked into
    /// @param ownHeaders rewrites header fields of our own clients' mail
    /// @param remoteHeaders rewrites those of other mail; null when it is left as it is
    record Maps(
            Addressing addressing,
            @Nullable ContentChecks checks,
            @Nullable HeaderRewrite ownHeaders,
            @Nullable HeaderRewrite remoteHeaders,
            Table senderBcc,
            Table recipientBcc) {
        /// Those that the configuration names.
        static Maps of(MainCf conf, Tables tables, LocalDomains local, MailLog log) {
            Canonical canonical = new Canonical(conf, tables, local);
            StandardForm remote = StandardForm.ofRemote(conf);
            return new Maps(
                    new EnvelopeRewrite(conf, tables, local, canonical, log),
                    ContentChecks.of(conf, tables),
                    new HeaderRewrite(new StandardForm(conf), canonical),
                    remote == null ? null : new HeaderRewrite(remote, canonical),
                    tables.open(SENDER_BCC_MAPS),
                    tables.open(RECIPIENT_BCC_MAPS));
        }
    }

    /// With the tables that the configuration names.
    ///
    /// @throws ConfigException when they want what cannot be done with mail that is not kept here
    public Cleanup(MainCf conf, Services services, Tables tables, LocalDomains local) {
        this(conf, services, Maps.of(conf, tables, local, services.log()));
        ContentChecks checks = maps.checks();
        if (checks != null && !services.outlet().keeps()) {
            checks.requirePassable(conf);
        }
    }

    Cleanup(MainCf conf, Services services, Maps maps) {
        this.settings = Settings.of(conf);
        this.services = services;
        this.maps = maps;
    }

    @Override
    public Handover open(Envelope envelope) {
        CleanupState state = new CleanupState(
                this,
                envelope,
                services.outlet().open(envelope.withSender(addressing().sender(envelope.sender()))));
        if (envelope.isRequeued()) {
            String from = "from=<" + envelope.sender().internal() + ">";
            services.log().info("pickup", state.id() + ": " + from + " orig_id=" + envelope.requeued());
        }
        return state;
    }

    @Override
    public boolean streams() {
        return !services.outlet().keeps();
    }

    @Override
    public @Nullable Fates fates() {
        return services.outlet().fates();
    }

    @Override
    public boolean answersEach() {
        return services.outlet().answersEach();
    }

    Buffers buffers() {
        return buffers;
    }

    Settings settings() {
        return settings;
    }

    MailLog log() {
        return services.log();
    }

    Addressing addressing() {
        return maps.addressing();
    }

    @Nullable
    ContentChecks checks() {
        return maps.checks();
    }

    boolean isOwn(Peer peer) {
        return services.ownClient().test(peer);
    }

    boolean addsMissingFields(boolean own) {
        return own || settings.alwaysAddMissing();
    }

    /// Who rewrites the header of a message; null when it is left as it is.
    ///
    /// @param own whether it comes from one of our own clients, or was made here
    @Nullable
    HeaderRewrite headerRewrite(boolean own) {
        return own ? maps.ownHeaders() : maps.remoteHeaders();
    }

    String newMessageId(String id, Instant arrival) {
        return "<" + ID_TIME.format(arrival) + "." + id + "@" + settings.hostname() + ">";
    }

    String date(Instant time) {
        return MailDate.format(time, ZoneId.systemDefault());
    }

    String mailerDaemon() {
        return "MAILER-DAEMON@" + settings.hostname() + " (Mail Delivery System)";
    }

    /// The trace field of a message (RFC 5321 §4.4). One that comes in again was received from nobody now: its
    /// field says who did that, and when, as Postfix's does.
    String received(Envelope envelope, String id, @Nullable Address only) {
        return envelope.isRequeued()
                ? receivedAgain(id)
                : received(envelope.peer(), date(envelope.arrival()), id, only);
    }

    private String receivedAgain(String id) {
        return received(Peer.LOCAL, date(services.clock().instant()), id, null);
    }

    private String received(Peer peer, String date, String id, @Nullable Address only) {
        boolean local = peer.equals(Peer.LOCAL);
        return new Received(
                        peer.helo().isEmpty() ? peer.name() : peer.helo(),
                        local
                                ? ""
                                : peer.name() + " [" + (peer.address().indexOf(':') >= 0 ? "IPv6:" : "")
                                        + peer.address() + "]",
                        peer.tls(),
                        settings.showsLogin() ? peer.login() : "",
                        settings.hostname(),
                        settings.mailName(),
                        peer.protocol(),
                        id,
                        only == null ? null : "<" + only + ">",
                        date)
                .text();
    }

    /// Who gets a blind copy of mail from this sender to these recipients.
    List<Address> copies(Path sender, List<Address> recipients) {
        if (maps.senderBcc().isEmpty() && maps.recipientBcc().isEmpty()) {
            return settings.alwaysBcc();
        }
        List<Address> copies = new ArrayList<>(settings.alwaysBcc());
        copyFrom(maps.senderBcc(), sender.isNull() ? "<>" : sender.internal(), copies);
        for (Address recipient : recipients) {
            copyFrom(maps.recipientBcc(), recipient.internal(), copies);
        }
        return copies;
    }

    private static void copyFrom(Table table, String address, List<Address> copies) {
        switch (table.find(address)) {
            case Lookup.Found(String to) -> copies.add(Address.ofInternal(to));
            case Lookup.NotFound _ -> {}
            case Lookup.TempFail _ -> throw new Reply.Refused("451 4.3.0 Temporary lookup failure");
        }
    }

    /// @param aliases recipients whose senders are to be told that they were aliases
}
