package postern.smtp.extension;

import java.util.HashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;
import postern.smtp.Extension;
import postern.smtp.Param;

/// The list of SMTP extensions that exist, in the order of EHLO. To add one: its file, and its row here.
public final class Extensions {
    public static final List<Extension> ALL = List.of(
            new Pipelining(),
            new Size(),
            new Vrfy(),
            new StartTls(),
            new Auth(),
            new XClient(),
            new XForward(),
            new XHandover(),
            new EnhancedStatusCodes(),
            new EightBitMime(),
            new Dsn(),
            new SmtpUtf8(),
            new Chunking(),
            new Prdr(),
            new Limits());

    private static final Map<String, Param<?>> MAIL = params(Extension::mailParams);
    private static final Map<String, Param<?>> RCPT = params(Extension::rcptParams);

    private Extensions() {}

    /// The MAIL parameter of that keyword (any case), or null.
    public static @Nullable Param<?> mailParam(String keyword) {
        return find(MAIL, keyword);
    }

    /// The RCPT parameter of that keyword (any case), or null.
    public static @Nullable Param<?> rcptParam(String keyword) {
        return find(RCPT, keyword);
    }

    /// The extension that a parameter belongs to.
    public static Extension of(Param<?> param) {
        for (Extension extension : ALL) {
            if (extension.mailParams().contains(param) || extension.rcptParams().contains(param)) {
                return extension;
            }
        }
        throw new IllegalArgumentException(param.keyword());
    }

    private static @Nullable Param<?> find(Map<String, Param<?>> params, String keyword) {
        Param<?> param = params.get(keyword);
        return param == null ? params.get(keyword.toUpperCase(Locale.ROOT)) : param;
    }

    private static Map<String, Param<?>> params(Function<Extension, List<Param<?>>> which) {
        Map<String, Param<?>> params = new HashMap<>();
        for (Extension extension : ALL) {
            for (Param<?> param : which.apply(extension)) {
                params.put(param.keyword(), param);
            }
        }
        return Map.copyOf(params);
    }
}
