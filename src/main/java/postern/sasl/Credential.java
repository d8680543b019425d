package postern.sasl;

import org.jspecify.annotations.Nullable;

/// One password that a claim can be proved with.
///
/// @param keys for SCRAM; null where there are none
/// @param by for the log: which password it is; empty for the account's own
record Credential(StoredPassword password, @Nullable ScramKeys keys, String by) {}
