/// # policy - who may do what
///
/// [postern.policy.Policy] answers at each stage of a session with a [postern.policy.Verdict]. It never sees
/// a session, only a read-only [postern.policy.PolicyRequest].
///
/// [postern.policy.RestrictionLists] is Postfix's restriction lists, compiled once per service: the words of
/// `smtpd_client_restrictions` and its kin become `Restriction`s (`RestrictionCompiler`), by the table
/// `Restrictions`, one row per name; each family is one file (`ClientChecks`, `HeloChecks`, `AddressChecks`,
/// `RelayAccess`, `MapAccess`, `ServerAccess`, `Dnsbl`, `SenderLogin`, `PolicyService` …). A `Check` is one
/// question while it is answered; permit, dunno, reject and defer_if_* (`Outcome`) never leave this package.
/// `RelaySenders` says who may send as whom. What cannot be asked (a table, DNS, a policy server) never
/// refuses for good.
///
/// [postern.policy.RateAnvil] counts connections and rates per client.
///
/// State: counters (`RateAnvil`), what is known of probed addresses (`AddressVerification`), idle connections
/// to policy servers (`PolicyConnections`), lists found in tables (`AccessActions`); all in memory, all
/// bounded. Threads: asked from any; a probe runs in a virtual thread of its own.
///
/// Sources: SMTPD_ACCESS_README, RESTRICTION_CLASS_README, SMTPD_POLICY_README, ADDRESS_VERIFICATION_README,
/// access(5), anvil(8). `src/test/golden/policy` is what Postfix 3.7 answers.
@NullMarked
package postern.policy;

import org.jspecify.annotations.NullMarked;
