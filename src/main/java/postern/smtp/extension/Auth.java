package postern.smtp.extension;

import java.util.List;
import org.jspecify.annotations.Nullable;
import postern.smtp.Extension;
import postern.smtp.Param;
import postern.smtp.Reply;

/// AUTH (RFC 4954): the mechanisms in EHLO, and who first submitted a message with MAIL.
public final class Auth implements Extension {
    /// The submitter's mailbox; empty for `<>`, when the client does not know or does not say
    /// (RFC 4954 §5). It is a claim of the client's.
    public static final Param<String> AUTH = new Param<>() {
        @Override
        public String keyword() {
            return "AUTH";
        }

        @Override
        public String parse(String text) {
            String mailbox = text.equals("<>") ? "" : Xtext.decode(text);
            if (text.isEmpty() || mailbox.chars().anyMatch(c -> c < ' ' || c == 127)) {
                throw new Reply.Refused("501 5.5.4 Bad AUTH parameter: <> or a mailbox in xtext expected");
            }
            return mailbox;
        }

        @Override
        public String format(String value) {
            return value.isEmpty() ? "<>" : Xtext.encode(value);
        }
    };

    @Override
    public String keyword() {
        return "AUTH";
    }

    @Override
    public @Nullable String ehlo(Offer offer) {
        return offer.mechanisms().isEmpty() ? null : "AUTH " + String.join(" ", offer.mechanisms());
    }

    @Override
    public List<Param<?>> mailParams() {
        return List.of(AUTH);
    }
}
