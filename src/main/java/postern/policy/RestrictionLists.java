package postern.policy;

import java.io.Closeable;
import java.util.List;
import java.util.Locale;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
import postern.address.Address;
import postern.config.ConfigException;
import postern.config.Parameter;
import postern.dns.Resolver;
import postern.lookup.Tables;
import postern.rewrite.Routes;

/// Postfix's restriction lists (SMTPD_ACCESS_README), compiled once for one service.
///
/// RCPT asks the lists of client, HELO and sender (unless they answered for themselves: `smtpd_delay_reject =
/// no`), who may send as whom, the lists of relay and recipient, then whether the recipient is known. A bare
/// `postmaster` always passes (RFC 5321 §4.5.1).
public final class RestrictionLists implements Policy, Closeable {
    static final Parameter<List<String>> SMTPD_CLIENT_RESTRICTIONS =
            Parameter.list("smtpd_client_restrictions", "").doc("restrictions on who connects");
    static final Parameter<List<String>> SMTPD_HELO_RESTRICTIONS =
            Parameter.list("smtpd_helo_restrictions", "").doc("restrictions on HELO and EHLO");
    static final Parameter<List<String>> SMTPD_SENDER_RESTRICTIONS =
            Parameter.list("smtpd_sender_restrictions", "").doc("restrictions on MAIL");
    static final Parameter<List<String>> SMTPD_RELAY_RESTRICTIONS = Parameter.list(
                    "smtpd_relay_restrictions",
                    "${{$compatibility_level} <level {1} ? {} : {permit_mynetworks, permit_sasl_authenticated, defer_unauth_destination}}")
            .doc("restrictions on RCPT that say for whom we relay");
    static final Parameter<List<String>> SMTPD_RECIPIENT_RESTRICTIONS =
            Parameter.list("smtpd_recipient_restrictions", "").doc("further restrictions on RCPT");
    static final Parameter<List<String>> SMTPD_DATA_RESTRICTIONS =
            Parameter.list("smtpd_data_restrictions", "").doc("restrictions on DATA");
    static final Parameter<List<String>> SMTPD_END_OF_DATA_RESTRICTIONS =
            Parameter.list("smtpd_end_of_data_restrictions", "").doc("restrictions on a message once it has arrived");
    static final Parameter<List<String>> SMTPD_ETRN_RESTRICTIONS =
            Parameter.list("smtpd_etrn_restrictions", "").doc("restrictions on ETRN, which is not offered: only read");
    static final Parameter<Boolean> SMTPD_DELAY_REJECT = Parameter.bool("smtpd_delay_reject", "yes")
            .doc("whether refusals of client, HELO and sender wait until RCPT");
    static final Parameter<Boolean> SMTPD_RELAY_BEFORE_RECIPIENT_RESTRICTIONS = Parameter.bool(
                    "smtpd_relay_before_recipient_restrictions",
                    "${{$compatibility_level} <level {3.6} ? {no} : {yes}}")
            .doc("which of the two lists of RCPT is asked first");

    private static final List<Parameter<?>> LISTS = List.of(
            SMTPD_CLIENT_RESTRICTIONS,
            SMTPD_HELO_RESTRICTIONS,
            SMTPD_SENDER_RESTRICTIONS,
            SMTPD_RELAY_RESTRICTIONS,
            SMTPD_RECIPIENT_RESTRICTIONS,
            SMTPD_DATA_RESTRICTIONS,
            SMTPD_END_OF_DATA_RESTRICTIONS,
            SMTPD_ETRN_RESTRICTIONS,
            SMTPD_DELAY_REJECT,
            SMTPD_RELAY_BEFORE_RECIPIENT_RESTRICTIONS);

    /// Those of all restrictions.
    public static final List<Parameter<?>> PARAMETERS = Stream.of(
                    LISTS,
                    RestrictionCompiler.PARAMETERS,
                    PolicyContext.PARAMETERS,
                    SessionChecks.PARAMETERS,
                    ClientChecks.PARAMETERS,
                    HeloChecks.PARAMETERS,
                    AddressChecks.PARAMETERS,
                    ListedAddressChecks.PARAMETERS,
                    VerifiedAddressChecks.PARAMETERS,
                    AddressVerification.PARAMETERS,
                    TempfailAction.PARAMETERS,
                    RelayAccess.PARAMETERS,
                    RelaySenders.PARAMETERS,
                    SenderLogin.PARAMETERS,
                    Certificates.PARAMETERS,
                    RblReply.PARAMETERS,
                    AccessActions.PARAMETERS,
                    PermitLog.PARAMETERS,
                    MapAccess.PARAMETERS,
                    PolicySettings.PARAMETERS)
            .<Parameter<?>>flatMap(List::stream)
            .toList();

    private final PolicyContext context;
    private final boolean delayed;
    private final RestrictionList client;
    private final RestrictionList helo;
    private final Restriction sender;
    private final Restriction recipient;
    private final RestrictionList data;
    private final RestrictionList endOfData;
    private final RelaySenders senders;

    /// @param tables with the configuration of this service
    /// @param probe how addresses are verified, or null when they cannot be
    /// @param service the name in log lines: `smtpd`
    /// @throws ConfigException naming file, line, parameter and what would be right; also when nothing keeps
    ///     strangers from relaying
    public RestrictionLists(Tables tables, Routes routes, Resolver resolver, @Nullable Probe probe, String service) {
        context = new PolicyContext(tables, routes, resolver, probe, service, new CopyOnWriteArrayList<>());
        SenderLogin logins = new SenderLogin(context);
        RestrictionCompiler compiler = new RestrictionCompiler(context, logins);
        delayed = context.conf(SMTPD_DELAY_REJECT);
        senders = new RelaySenders(context, logins);
        client = compiler.list(SMTPD_CLIENT_RESTRICTIONS);
        helo = compiler.list(SMTPD_HELO_RESTRICTIONS);
        sender = all(
                compiler.list(SMTPD_SENDER_RESTRICTIONS),
                unlisted(Subject.SENDER, ListedAddressChecks.SMTPD_REJECT_UNLISTED_SENDER),
                senders::ask);
        recipient = recipient(compiler);
        data = compiler.list(SMTPD_DATA_RESTRICTIONS);
        endOfData = compiler.list(SMTPD_END_OF_DATA_RESTRICTIONS);
        compiler.list(SMTPD_ETRN_RESTRICTIONS);
        new RelayGuard(context).check();
    }

    private Restriction unlisted(Subject subject, Parameter<Boolean> parameter) {
        return context.conf(parameter) ? ListedAddressChecks.rejectUnlisted(subject, context) : check -> Outcome.DUNNO;
    }

    /// The lists of RCPT, then what waits for a permission, then whether the recipient is known.
    private Restriction recipient(RestrictionCompiler compiler) {
        RestrictionList relay = compiler.list(SMTPD_RELAY_RESTRICTIONS);
        RestrictionList further = compiler.list(SMTPD_RECIPIENT_RESTRICTIONS);
        boolean relayFirst = context.conf(SMTPD_RELAY_BEFORE_RECIPIENT_RESTRICTIONS);
        return all(
                relayFirst ? relay : further,
                relayFirst ? further : relay,
                check -> check.settlePermission(Outcome.DUNNO),
                unlisted(Subject.RECIPIENT, ListedAddressChecks.SMTPD_REJECT_UNLISTED_RECIPIENT));
    }

    /// Asks one after the other, whatever those before have permitted, until one refuses or the message is to
    /// be thrown away.
    private static Restriction all(Restriction... restrictions) {
        return check -> {
            for (Restriction restriction : restrictions) {
                if (restriction.ask(check) == Outcome.REJECT) {
                    return Outcome.REJECT;
                }
                if (check.isDiscarded()) {
                    return Outcome.PERMIT;
                }
            }
            return Outcome.DUNNO;
        };
    }

    /// Lets go of the connections that rest. The lists can still be asked: sessions of an older configuration may.
    @Override
    public void close() {
        context.connections().forEach(PolicyConnections::close);
    }

    /// For the start, one line: who may send as whom.
    public String whoMaySendAsWhom() {
        return senders.describe();
    }

    @Override
    public boolean isPossible(Address address) {
        return !context.routes().isBad(address);
    }

    @Override
    public Verdict connect(PolicyRequest request) {
        return delayed ? Verdict.ACCEPT : alone(request, Where.CONNECT, Subject.CLIENT, client);
    }

    @Override
    public Verdict helo(PolicyRequest request) {
        return delayed ? Verdict.ACCEPT : alone(request, Where.HELO, Subject.HELO, helo);
    }

    @Override
    public Verdict mail(PolicyRequest request) {
        return delayed ? Verdict.ACCEPT : alone(request, Where.MAIL, Subject.SENDER, sender);
    }

    @Override
    public Verdict rcpt(PolicyRequest request) {
        return recipient(request, Where.RCPT);
    }

    @Override
    public Verdict vrfy(PolicyRequest request) {
        return recipient(request, Where.VRFY);
    }

    @Override
    public Verdict data(PolicyRequest request) {
        return data.isEmpty() ? Verdict.ACCEPT : alone(request, Where.DATA, Subject.DATA, data);
    }

    @Override
    public Verdict endOfData(PolicyRequest request) {
        return endOfData.isEmpty()
                ? Verdict.ACCEPT
                : alone(request, Where.END_OF_MESSAGE, Subject.END_OF_DATA, endOfData);
    }

    /// A stage that answers for itself. What waits for a permission is refused here and now: a later stage
    /// would not know of it.
    private Verdict alone(PolicyRequest request, Where where, Subject subject, Restriction list) {
        Check check = new Check(request, where, context);
        if (goesOn(check, subject, list)) {
            check.settlePermission(Outcome.DUNNO);
        }
        return check.verdict();
    }

    private Verdict recipient(PolicyRequest request, Where where) {
        Address address = request.recipient();
        if (address == null || isPostmaster(address)) {
            return Verdict.ACCEPT;
        }
        Check check = new Check(request, where, context);
        boolean goesOn = !delayed
                || (goesOn(check, Subject.CLIENT, client)
                        && goesOn(check, Subject.HELO, helo)
                        && goesOn(check, Subject.SENDER, sender));
        if (goesOn) {
            goesOn(check, Subject.RECIPIENT, recipient);
        }
        return check.verdict();
    }

    private static boolean isPostmaster(Address address) {
        return address.domain() == null
                && address.localPart().toLowerCase(Locale.ROOT).equals("postmaster");
    }

    private static boolean goesOn(Check check, Subject subject, Restriction list) {
        check.begin(subject);
        return check.settleRefusal(list.ask(check)) != Outcome.REJECT && !check.isDiscarded();
    }
}
