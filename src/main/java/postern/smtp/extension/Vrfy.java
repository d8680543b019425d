package postern.smtp.extension;

import postern.smtp.Extension;

/// VRFY in the answer to EHLO (RFC 5321 §3.5.1), unless `disable_vrfy_command` hides it.
public final class Vrfy implements Extension {
    @Override
    public String keyword() {
        return "VRFY";
    }
}
