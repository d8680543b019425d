/// # policy - who may do what
///
/// [postern.policy.Policy] answers at each stage of a session with a [postern.policy.Verdict]. Inside,
/// Postfix's restriction lists (`smtpd_client_restrictions` and its kin) are compiled once per configuration;
/// permit, dunno, reject and defer_if_* never leave this package. It never sees a session, only a read-only
/// [postern.policy.PolicyRequest].
///
/// State: counters of connections and rates, caches of address probes; each has one owner.
///
/// Sources: SMTPD_ACCESS_README, SMTPD_POLICY_README, ADDRESS_VERIFICATION_README, access(5).
@NullMarked
package postern.policy;

import org.jspecify.annotations.NullMarked;
