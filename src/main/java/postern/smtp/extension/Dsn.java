package postern.smtp.extension;

import java.util.EnumSet;
import java.util.List;
import java.util.Locale;
import java.util.Set;
import java.util.stream.Collectors;
import postern.smtp.Extension;
import postern.smtp.Param;
import postern.smtp.Reply;

/// DSN (RFC 3461): RET and ENVID with MAIL, NOTIFY and ORCPT with RCPT.
public final class Dsn implements Extension {
    /// How much of the message a failure notice returns.
    public enum Ret {
        FULL,
        HDRS
    }

    /// When the sender wants a notice. NEVER stands alone, and is the empty set.
    public enum Notify {
        SUCCESS,
        FAILURE,
        DELAY
    }

    /// The original recipient: address type (`rfc822`, `utf-8`) and the decoded address.
    public record OriginalRecipient(String type, String address) {}

    public static final Param<Ret> RET = new Param<>() {
        @Override
        public String keyword() {
            return "RET";
        }

        @Override
        public Ret parse(String text) {
            return switch (text.toUpperCase(Locale.ROOT)) {
                case "FULL" -> Ret.FULL;
                case "HDRS" -> Ret.HDRS;
                default -> throw new Reply.Refused("501 5.5.4 Bad RET parameter: FULL or HDRS expected");
            };
        }

        @Override
        public String format(Ret value) {
            return value.name();
        }
    };

    /// The decoded envelope id, at most 100 characters of xtext (RFC 3461 §4.4).
    public static final Param<String> ENVID = new Param<>() {
        @Override
        public String keyword() {
            return "ENVID";
        }

        @Override
        public String parse(String text) {
            String id = Xtext.decode(text);
            if (text.isEmpty() || text.length() > 100 || id.chars().anyMatch(c -> c < ' ' || c == 127)) {
                throw new Reply.Refused("501 5.5.4 Bad ENVID parameter: 1 to 100 characters of xtext expected");
            }
            return id;
        }

        @Override
        public String format(String value) {
            return Xtext.encode(value);
        }
    };

    public static final Param<Set<Notify>> NOTIFY = new Param<>() {
        @Override
        public String keyword() {
            return "NOTIFY";
        }

        @Override
        public Set<Notify> parse(String text) {
            if (text.equalsIgnoreCase("NEVER")) {
                return Set.of();
            }
            Set<Notify> when = EnumSet.noneOf(Notify.class);
            for (String word : text.toUpperCase(Locale.ROOT).split(",", -1)) {
                switch (word) {
                    case "SUCCESS" -> when.add(Notify.SUCCESS);
                    case "FAILURE" -> when.add(Notify.FAILURE);
                    case "DELAY" -> when.add(Notify.DELAY);
                    default ->
                        throw new Reply.Refused(
                                "501 5.5.4 Bad NOTIFY parameter: NEVER, or a list of SUCCESS, FAILURE, DELAY expected");
                }
            }
            return Set.copyOf(when);
        }

        @Override
        public String format(Set<Notify> value) {
            return value.isEmpty()
                    ? "NEVER"
                    : value.stream().sorted().map(Enum::name).collect(Collectors.joining(","));
        }
    };

    public static final Param<OriginalRecipient> ORCPT = new Param<>() {
        @Override
        public String keyword() {
            return "ORCPT";
        }

        @Override
        public OriginalRecipient parse(String text) {
            int semicolon = text.indexOf(';');
            if (semicolon < 1 || semicolon + 1 == text.length() || text.length() > 500) {
                throw new Reply.Refused("501 5.5.4 Bad ORCPT parameter: type;address expected");
            }
            String address = Xtext.decode(text.substring(semicolon + 1));
            if (address.chars().anyMatch(c -> c < ' ' || c == 127)) {
                throw new Reply.Refused("501 5.5.4 Bad ORCPT parameter: no control characters expected");
            }
            return new OriginalRecipient(text.substring(0, semicolon), address);
        }

        @Override
        public String format(OriginalRecipient value) {
            return value.type() + ";" + Xtext.encode(value.address());
        }
    };

    /// Whether a sender wants a notice of this kind, given what NOTIFY said; without NOTIFY: failures and
    /// delays (RFC 3461 §4.1).
    public static boolean wants(postern.smtp.Params params, Notify kind) {
        Set<Notify> notify = params.get(NOTIFY);
        return notify == null ? kind != Notify.SUCCESS : notify.contains(kind);
    }

    @Override
    public String keyword() {
        return "DSN";
    }

    @Override
    public List<Param<?>> mailParams() {
        return List.of(RET, ENVID);
    }

    @Override
    public List<Param<?>> rcptParams() {
        return List.of(NOTIFY, ORCPT);
    }
}
