/// # sasl - logins
///
/// The server's side: [postern.sasl.Authenticator] is who may log in and how; [postern.sasl.Logins] answers it from
/// [postern.sasl.Users], which reads the files of `UserFiles`: users, master users, app passwords, certificates. A
/// `Claim` is whom a client says that it is; `Proofs` has what it can show for that; a [postern.sasl.Login] is who
/// it then is: a name, and the account that the name stands for. `Mechanism` is the list of mechanisms,
/// `PasswordScheme` that of stored passwords, each one file.
///
/// [postern.sasl.LoginGuard] makes guessing slow, and bans; [postern.sasl.Bans] are those banned, by it and by hand.
///
/// The client's side: [postern.sasl.ClientPasswords] knows which login a server gets,
/// [postern.sasl.ClientMechanisms] is the list of [postern.sasl.ClientMechanism]s, the best first.
///
/// Who is in no file is asked for in a [postern.sasl.LoginDirectory]; whose an access token is says a
/// [postern.sasl.TokenProvider], which is [postern.sasl.Introspection]. When they cannot be asked, a login fails
/// for now, never as if its password were wrong.
///
/// State: the users, owned by `Users`, replaced whole when a file changes; failures (`LoginGuard`), bans (`Bans`) and
/// keys that were learned (`LearnedKeys`), bounded, one of each for all services, over reloads; the last two have
/// files of their own, written aside. Threads: an exchange belongs to its session; hashes are computed on the
/// platform threads of [postern.sasl.HashPool].
///
/// RFCs: 4422 (SASL, EXTERNAL), 4616 (PLAIN), 5802, 7677 and 9266 (SCRAM-SHA-256 and -PLUS), 4013 (SASLprep), 4954
/// (SMTP AUTH), 6750 and 7628 (bearer tokens, OAUTHBEARER), 2195 (CRAM-MD5, client only).
@NullMarked
package postern.sasl;

import org.jspecify.annotations.NullMarked;
