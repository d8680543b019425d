package postern.smtp.server;

import java.util.Map;
import postern.config.Parameter;

/// What is said of lines that end with LF alone (`smtpd_forbid_bare_newline`, Postfix 3.9). Framing does not
/// depend on it: only CR LF . CR LF ends a message, whoever sends, and what leaves us has CR LF.
enum BareNewline {
    /// Nothing.
    NORMALIZE,
    /// The log's last line of the session tells.
    NOTE,
    /// Command or message are refused.
    REJECT;

    static final Parameter<BareNewline> SMTPD_FORBID_BARE_NEWLINE = Parameter.choice(
                    "smtpd_forbid_bare_newline",
                    "normalize",
                    Map.of("no", NORMALIZE, "yes", NORMALIZE, "normalize", NORMALIZE, "note", NOTE, "reject", REJECT))
            .doc("Lines that end with LF alone: made to end with CR LF (normalize), noted, or refused (reject)."
                    + " Only CR LF . CR LF ends a message at any value.");
    static final Parameter<Integer> SMTPD_FORBID_BARE_NEWLINE_REJECT_CODE = Parameter.integer(
                    "smtpd_forbid_bare_newline_reject_code", "550")
            .doc("The code of that refusal; 521 also ends the session.");
}
