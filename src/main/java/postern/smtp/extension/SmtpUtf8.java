package postern.smtp.extension;

import java.util.List;
import postern.smtp.Extension;
import postern.smtp.Param;

/// SMTPUTF8 (RFC 6531): addresses and header fields in UTF-8. The parameter is a flag of MAIL.
public final class SmtpUtf8 implements Extension {
    public static final Param<Boolean> SMTPUTF8 = new Param<>() {
        @Override
        public String keyword() {
            return "SMTPUTF8";
        }

        @Override
        public boolean isFlag() {
            return true;
        }

        @Override
        public Boolean parse(String text) {
            return true;
        }

        @Override
        public String format(Boolean value) {
            return "";
        }
    };

    @Override
    public String keyword() {
        return "SMTPUTF8";
    }

    @Override
    public List<Param<?>> mailParams() {
        return List.of(SMTPUTF8);
    }
}
