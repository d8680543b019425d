/// # config - the configuration language users already know
///
/// [postern.config.MainCf] is an immutable snapshot of `main.cf`: a session keeps the one it was born with, a
/// reload swaps the reference. `MasterCf` is `master.cf`. A [postern.config.Parameter] is declared once,
/// beside the code that uses it. `SafeFile` replaces files so that a power cut leaves the old or the new one.
///
/// State: none beyond the snapshots. Errors: [postern.config.ConfigException] names file, line, parameter,
/// and what would be right; the program ends with exit code 78 (`EX_CONFIG`).
///
/// Sources: postconf(5), master(5).
@NullMarked
package postern.config;

import org.jspecify.annotations.NullMarked;
