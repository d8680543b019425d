/// # sasl - logins
///
/// The server's side: [postern.sasl.Authenticator] is who may log in and how; [postern.sasl.Logins] answers
/// it from [postern.sasl.Users], the file `postern_sasl_users`. `Mechanism` is the list of mechanisms,
/// `PasswordScheme` that of stored passwords, each one file.
///
/// The client's side: [postern.sasl.ClientPasswords] knows which login a server gets,
/// [postern.sasl.ClientMechanisms] is the list of [postern.sasl.ClientMechanism]s, the best first.
///
/// Who is in no file is asked for in a [postern.sasl.LoginDirectory]; whose an access token is says a
/// [postern.sasl.TokenProvider], which is [postern.sasl.Introspection]. When they cannot be asked, a login fails
/// for now, never as if its password were wrong.
///
/// State: the users, owned by `Users`, replaced whole when the file changes; failures and bans, owned by
/// `LoginGuard`, in memory and bounded. Threads: an exchange belongs to its session; hashes are computed on
/// the platform threads of [postern.sasl.HashPool].
///
/// RFCs: 4422 (SASL), 4616 (PLAIN), 5802 and 7677 (SCRAM-SHA-256), 4013 (SASLprep), 4954 (SMTP AUTH), 6750 and
/// 7628 (bearer tokens, OAUTHBEARER), 2195
/// (CRAM-MD5, client only).
@NullMarked
package postern.sasl;

import org.jspecify.annotations.NullMarked;
