package postern.policy;

import static java.util.Map.entry;

import java.time.Duration;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;
import postern.config.ConfigException;
import postern.config.Parameter;

/// The restrictions by name: one row each. A new one is a method or a file, and a row here.
final class Restrictions {
    /// How a restriction is made.
    private interface Maker {
        /// @param words where its arguments are read from
        /// @throws IllegalArgumentException with what would be right
        Restriction make(Restrictions shared, RestrictionCompiler.Words words, String name);
    }

    private static final Map<String, Maker> ROWS = Map.ofEntries(
            entry("permit", plain(check -> Outcome.PERMIT)),
            entry("reject", of(SessionChecks::reject)),
            entry("defer", of(SessionChecks::defer)),
            entry("defer_if_permit", plain(SessionChecks::deferIfPermit)),
            entry("defer_if_reject", plain(SessionChecks::deferIfReject)),
            entry("sleep", (shared, words, name) -> SessionChecks.sleep(seconds(words.argument(name, "a time")))),
            entry("permit_sasl_authenticated", plain(SessionChecks::permitSaslAuthenticated)),
            entry("reject_plaintext_session", of(SessionChecks::rejectPlaintextSession)),
            entry("reject_unauth_pipelining", plain(SessionChecks::rejectUnauthPipelining)),
            entry("reject_multi_recipient_bounce", of(SessionChecks::rejectMultiRecipientBounce)),
            // the client
            entry("permit_mynetworks", of(ClientChecks::permitMynetworks)),
            entry("permit_inet_interfaces", of(ClientChecks::permitInetInterfaces)),
            entry("reject_unknown_client_hostname", of(ClientChecks::rejectUnknownClientHostname)),
            entry("reject_unknown_client", of(ClientChecks::rejectUnknownClientHostname)),
            entry("reject_unknown_reverse_client_hostname", of(ClientChecks::rejectUnknownReverseClientHostname)),
            entry("permit_tls_clientcerts", (shared, words, name) -> shared.certificates.permitListed()),
            entry("permit_tls_all_clientcerts", plain(Certificates::permitAll)),
            // HELO
            entry("reject_invalid_helo_hostname", of(HeloChecks::rejectInvalidHeloHostname)),
            entry("reject_invalid_hostname", of(HeloChecks::rejectInvalidHeloHostname)),
            entry("reject_non_fqdn_helo_hostname", of(HeloChecks::rejectNonFqdnHeloHostname)),
            entry("reject_non_fqdn_hostname", of(HeloChecks::rejectNonFqdnHeloHostname)),
            entry("reject_unknown_helo_hostname", of(HeloChecks::rejectUnknownHeloHostname)),
            entry("reject_unknown_hostname", of(HeloChecks::rejectUnknownHeloHostname)),
            // sender and recipient
            entry("reject_non_fqdn_sender", of(Subject.SENDER, AddressChecks::rejectNonFqdn)),
            entry("reject_non_fqdn_recipient", of(Subject.RECIPIENT, AddressChecks::rejectNonFqdn)),
            entry("reject_unknown_sender_domain", of(Subject.SENDER, AddressChecks::rejectUnknownDomain)),
            entry("reject_unknown_address", of(Subject.SENDER, AddressChecks::rejectUnknownDomain)),
            entry("reject_unknown_recipient_domain", of(Subject.RECIPIENT, AddressChecks::rejectUnknownDomain)),
            entry("reject_unlisted_sender", of(Subject.SENDER, ListedAddressChecks::rejectUnlisted)),
            entry("reject_unlisted_recipient", of(Subject.RECIPIENT, ListedAddressChecks::rejectUnlisted)),
            entry("check_recipient_maps", of(Subject.RECIPIENT, ListedAddressChecks::rejectUnlisted)),
            entry("reject_unverified_sender", unverified(Subject.SENDER)),
            entry("reject_unverified_recipient", unverified(Subject.RECIPIENT)),
            entry("reject_sender_login_mismatch", login(logins -> logins::mismatch)),
            entry("reject_known_sender_login_mismatch", login(logins -> logins::known)),
            entry("reject_authenticated_sender_login_mismatch", login(logins -> logins::authenticated)),
            entry("reject_unauthenticated_sender_login_mismatch", login(logins -> logins::unauthenticated)),
            entry("permit_auth_destination", of(RelayAccess::permitAuthDestination)),
            entry("reject_unauth_destination", of(RelayAccess::rejectUnauthDestination)),
            entry("defer_unauth_destination", of(RelayAccess::deferUnauthDestination)),
            // lists in DNS
            entry("reject_rbl_client", dnsbl(list -> list::rejectClient)),
            entry("reject_rbl", dnsbl(list -> list::rejectClient)),
            entry("reject_rhsbl_client", dnsbl(list -> list.rejectDomain(Subject.CLIENT))),
            entry("reject_rhsbl_reverse_client", dnsbl(list -> list.rejectDomain(Subject.REVERSE_CLIENT))),
            entry("reject_rhsbl_helo", dnsbl(list -> list.rejectDomain(Subject.HELO))),
            entry("reject_rhsbl_sender", dnsbl(list -> list.rejectDomain(Subject.SENDER))),
            entry("reject_rhsbl_recipient", dnsbl(list -> list.rejectDomain(Subject.RECIPIENT))),
            entry("permit_dnswl_client", dnsbl(list -> list::permitClient)),
            entry("permit_rhswl_client", dnsbl(list -> list::permitClientDomain)),
            // tables and policy servers
            entry("check_client_access", access(Subject.CLIENT)),
            entry("check_reverse_client_hostname_access", access(Subject.REVERSE_CLIENT)),
            entry("check_helo_access", access(Subject.HELO)),
            entry("check_sender_access", access(Subject.SENDER)),
            entry("check_recipient_access", access(Subject.RECIPIENT)),
            entry("check_etrn_access", access(Subject.ETRN)),
            entry("check_sasl_access", access(Subject.LOGIN)),
            entry(
                    "check_ccert_access",
                    (shared, words, name) -> shared.certificates.access(words.table(name), shared.actions)),
            entry("check_client_a_access", servers(ServerAccess.Kind.A, Subject.CLIENT)),
            entry("check_client_mx_access", servers(ServerAccess.Kind.MX, Subject.CLIENT)),
            entry("check_client_ns_access", servers(ServerAccess.Kind.NS, Subject.CLIENT)),
            entry("check_reverse_client_hostname_a_access", servers(ServerAccess.Kind.A, Subject.REVERSE_CLIENT)),
            entry("check_reverse_client_hostname_mx_access", servers(ServerAccess.Kind.MX, Subject.REVERSE_CLIENT)),
            entry("check_reverse_client_hostname_ns_access", servers(ServerAccess.Kind.NS, Subject.REVERSE_CLIENT)),
            entry("check_helo_a_access", servers(ServerAccess.Kind.A, Subject.HELO)),
            entry("check_helo_mx_access", servers(ServerAccess.Kind.MX, Subject.HELO)),
            entry("check_helo_ns_access", servers(ServerAccess.Kind.NS, Subject.HELO)),
            entry("check_sender_a_access", servers(ServerAccess.Kind.A, Subject.SENDER)),
            entry("check_sender_mx_access", servers(ServerAccess.Kind.MX, Subject.SENDER)),
            entry("check_sender_ns_access", servers(ServerAccess.Kind.NS, Subject.SENDER)),
            entry("check_recipient_a_access", servers(ServerAccess.Kind.A, Subject.RECIPIENT)),
            entry("check_recipient_mx_access", servers(ServerAccess.Kind.MX, Subject.RECIPIENT)),
            entry("check_recipient_ns_access", servers(ServerAccess.Kind.NS, Subject.RECIPIENT)),
            entry("check_policy_service", Restrictions::policyService),
            // Postfix's, not ours
            entry("permit_mx_backup", refused("name the domains in relay_domains")),
            entry("check_relay_domains", refused("use permit_auth_destination or reject_unauth_destination")),
            entry("permit_naked_ip_address", refused("use permit_mynetworks or permit_sasl_authenticated")),
            entry("reject_maps_rbl", refused("use reject_rbl_client with the domain of each list")));

    private static final List<Subject> OF_BARE_TABLES =
            List.of(Subject.CLIENT, Subject.HELO, Subject.SENDER, Subject.RECIPIENT, Subject.ETRN);

    private final PolicyContext context;
    private final AccessActions actions;
    private final SenderLogin logins;
    private final Certificates certificates;
    private final RblReply rblReply;
    private final @Nullable AddressVerification verification;

    Restrictions(PolicyContext context, RestrictionCompiler compiler, SenderLogin logins) {
        this.context = context;
        this.actions = new AccessActions(context, compiler);
        this.logins = logins;
        this.certificates = new Certificates(context);
        this.rblReply = new RblReply(context);
        this.verification = context.probe() == null ? null : new AddressVerification(context, context.probe());
    }

    /// The names of all restrictions, in lower case.
    static Set<String> names() {
        return ROWS.keySet();
    }

    /// The restriction of a name, in lower case; null when there is none.
    @Nullable
    Restriction named(String name, RestrictionCompiler.Words words) {
        Maker maker = ROWS.get(name);
        return maker == null ? null : maker.make(this, words, name);
    }

    /// A `type:table` that stands in a list for the access restriction of whatever the list is about.
    Restriction bareTable(String spec) {
        Map<Subject, Restriction> bySubject = new EnumMap<>(Subject.class);
        for (Subject subject : OF_BARE_TABLES) {
            bySubject.put(subject, MapAccess.check(subject, spec, context, actions));
        }
        return check -> {
            Restriction restriction = bySubject.get(check.subject());
            return restriction == null ? check.misconfigured() : restriction.ask(check);
        };
    }

    private static Maker plain(Restriction restriction) {
        return (shared, words, name) -> restriction;
    }

    private static Maker of(Function<PolicyContext, Restriction> restriction) {
        return (shared, words, name) -> restriction.apply(shared.context);
    }

    /// A restriction that there is for senders and for recipients.
    private interface OfAddress {
        Restriction make(Subject subject, PolicyContext context);
    }

    private static Maker of(Subject subject, OfAddress restriction) {
        return (shared, words, name) -> restriction.make(subject, shared.context);
    }

    private static Maker login(Function<SenderLogin, Restriction> restriction) {
        return (shared, words, name) -> restriction.apply(shared.logins);
    }

    private static Maker access(Subject subject) {
        return (shared, words, name) -> MapAccess.check(subject, words.table(name), shared.context, shared.actions);
    }

    private static Maker servers(ServerAccess.Kind kind, Subject subject) {
        return (shared, words, name) ->
                ServerAccess.check(kind, subject, words.table(name), shared.context, shared.actions);
    }

    private static Maker dnsbl(Function<Dnsbl, Restriction> restriction) {
        return (shared, words, name) -> restriction.apply(
                new Dnsbl(words.argument(name, "the domain of a list in DNS"), shared.context, shared.rblReply));
    }

    private static Maker unverified(Subject subject) {
        return (shared, words, name) -> {
            if (shared.verification == null) {
                throw new IllegalArgumentException(name + ": addresses cannot be verified here");
            }
            return VerifiedAddressChecks.rejectUnverified(subject, shared.context, shared.verification);
        };
    }

    private static Restriction policyService(Restrictions shared, RestrictionCompiler.Words words, String name) {
        String server = words.argument(name, "a policy server such as inet:127.0.0.1:10023");
        return new PolicyService(
                PolicySettings.parse(server, shared.context.conf()),
                shared.context,
                new PolicyAttributes(shared.certificates),
                shared.actions);
    }

    private static Maker refused(String instead) {
        return (shared, words, name) -> {
            throw new ConfigException(name + " is not possible here: " + instead);
        };
    }

    private static Duration seconds(String text) {
        return Parameter.time("sleep", "0s").parse(text);
    }
}
