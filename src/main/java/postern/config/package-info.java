/// # config - the configuration language users already know
///
/// [postern.config.MainCf] is an immutable snapshot of `main.cf`: a session keeps the one it was born with, a
/// reload swaps the reference. [postern.config.MasterCf] is `master.cf`: who listens, which transports there
/// are, and what each sees of main.cf (`-o`). Both are cut into [postern.config.LogicalLines]; `Expression`
/// fills in `$name` and its kin.
///
/// A [postern.config.Parameter] is declared once, beside the code that uses it. [postern.config.Parameters]
/// is `parameters.tsv`: every name of Postfix's and what it does here. [postern.config.Judgement] holds a
/// configuration against it before start, so that nothing is silently ignored; [postern.config.Postconf]
/// prints one with what each line does; [postern.config.ParametersPage] is its page in the documents.
///
/// [postern.config.NetworkList] and [postern.config.Cidr] are address blocks. [postern.config.SafeFile]
/// replaces files so that a power cut leaves the old or the new one.
///
/// State: none beyond the snapshots. Threads: any. Errors: [postern.config.ConfigException] names file, line,
/// parameter, and what would be right; the program ends with exit code 78 (`EX_CONFIG`).
///
/// Sources: postconf(5), postconf(1), master(5), COMPATIBILITY_README, POSTSCREEN_README.
@NullMarked
package postern.config;

import org.jspecify.annotations.NullMarked;
