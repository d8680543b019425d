/// # lookup - Postfix's tables
///
/// A [postern.lookup.Table] answers a key with a [postern.lookup.Lookup]: found, not found, or a temporary
/// failure, which is never the same as not found. `TableTypes` is the list of types; each type is one file.
/// `hash:` and its kin are read from the text source: there is no `postmap`.
///
/// [postern.lookup.Tables] are those of one configuration, each opened once; `AddressLookup` and `AccessLookup`
/// are the orders in which keys are tried, `MatchList` the lists of main.cf.
///
/// State: each table owns its compiled contents, replaced whole when its file changes (`Watched`: looked at by
/// whoever asks, at most once a second; when the file is gone all questions fail for now). Threads: tables may
/// be asked from any; none of their own. An expression that backtracks without end fails for now (`ReadLimit`).
///
/// Where we differ from Postfix: an expression that cannot be compiled, and a file that is missing at start, are
/// errors instead of warnings; of several ways to match, `regexp:` takes the first instead of the longest.
///
/// Sources: DATABASE_README, access(5), canonical(5), transport(5), cidr_table(5), regexp_table(5),
/// pcre_table(5), socketmap_table(5).
@NullMarked
package postern.lookup;

import org.jspecify.annotations.NullMarked;
