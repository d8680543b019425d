/// # sasl - logins
///
/// `Mechanism` is a SASL exchange from the server's side, `ClientMechanism` from the client's; `Users` is who
/// may log in.
///
/// State: failures and bans, owned by `LoginGuard`.
///
/// RFCs: 4422 (SASL), 4616 (PLAIN), 5802 and 7677 (SCRAM-SHA-256), 4954 (SMTP AUTH).
@NullMarked
package postern.sasl;

import org.jspecify.annotations.NullMarked;
