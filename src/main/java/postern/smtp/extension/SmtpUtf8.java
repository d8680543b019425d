package postern.smtp.extension;

import java.util.List;
import postern.smtp.Extension;
import postern.smtp.Flag;
import postern.smtp.Param;

/// SMTPUTF8 (RFC 6531): addresses and header fields in UTF-8. The parameter is a flag of MAIL.
public final class SmtpUtf8 implements Extension {
    public static final Param<Boolean> SMTPUTF8 = new Flag("SMTPUTF8");

    @Override
    public String keyword() {
        return "SMTPUTF8";
    }

    @Override
    public List<Param<?>> mailParams() {
        return List.of(SMTPUTF8);
    }
}
