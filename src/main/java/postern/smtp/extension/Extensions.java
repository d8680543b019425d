package postern.smtp.extension;

import java.util.List;
import java.util.Locale;
import org.jspecify.annotations.Nullable;
import postern.smtp.Extension;
import postern.smtp.Param;

/// The list of SMTP extensions that exist, in the order of EHLO. To add one: its file, and its row here.
public final class Extensions {
    public static final List<Extension> ALL = List.of(new Size(), new EightBitMime(), new SmtpUtf8(), new Dsn());

    private Extensions() {}

    /// The MAIL parameter of that keyword (any case), or null.
    public static @Nullable Param<?> mailParam(String keyword) {
        return find(keyword, true);
    }

    /// The RCPT parameter of that keyword (any case), or null.
    public static @Nullable Param<?> rcptParam(String keyword) {
        return find(keyword, false);
    }

    private static @Nullable Param<?> find(String keyword, boolean mail) {
        String wanted = keyword.toUpperCase(Locale.ROOT);
        for (Extension extension : ALL) {
            for (Param<?> param : mail ? extension.mailParams() : extension.rcptParams()) {
                if (param.keyword().equals(wanted)) {
                    return param;
                }
            }
        }
        return null;
    }
}
