package postern.smtp;

import java.net.InetAddress;
import java.nio.charset.StandardCharsets;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;
import postern.address.Address;
import postern.address.Domain;
import postern.address.Path;

/// Takes what follows a verb apart, from left to right (RFC 5321 §4.1.2). Grammar only: it knows no session
/// and no configuration. What does not fit is answered with the [Reply.Refused] that says so.
///
/// It takes what Postfix takes: addresses without brackets or without a domain, odd dots in local parts, a
/// dot behind the domain. [Given#strict()] tells those apart (`strict_rfc821_envelopes`).
public final class SmtpParser {
    /// Octets of a local part. RFC 5321 §4.5.3.1.1 asks for 64 at least; rewritten senders (SRS, VERP) are
    /// longer.
    static final int LOCAL_PART_LIMIT = 512;
    /// Octets of a domain (RFC 5321 §4.5.3.1.2).
    static final int DOMAIN_LIMIT = 255;

    private static final int LABEL_LIMIT = 63;
    private static final int ECHO_LIMIT = 100;
    private static final String IPV6 = "IPv6:";

    private final String text;
    private int at;
    private boolean strict = true;

    /// A path as it was given.
    ///
    /// @param strict whether it kept to the letter of RFC 5321
    public record Given(Path path, boolean strict) {}

    public SmtpParser(String text) {
        this.text = text;
    }

    /// Whether nothing but blanks is left.
    public boolean atEnd() {
        while (at < text.length() && isBlank(text.charAt(at))) {
            at++;
        }
        return at == text.length();
    }

    /// What is left, without blanks around it.
    public String rest() {
        return text.substring(at).strip();
    }

    /// The next word; empty at the end.
    public String word() {
        if (atEnd()) {
            return "";
        }
        int from = at;
        while (at < text.length() && !isBlank(text.charAt(at))) {
            at++;
        }
        return text.substring(from, at);
    }

    /// Takes this text, in any case, if it comes next.
    public boolean take(String literal) {
        if (!atEnd() && text.regionMatches(true, at, literal, 0, literal.length())) {
            at += literal.length();
            return true;
        }
        return false;
    }

    /// Refuses whatever is left.
    public void end(String refusal) {
        if (!atEnd()) {
            throw new Reply.Refused(refusal);
        }
    }

    /// The argument of HELO or EHLO: the first word.
    public String heloName(String refusal) {
        String name = word();
        if (name.isEmpty()) {
            throw new Reply.Refused(refusal);
        }
        return name;
    }

    /// The path behind `MAIL FROM:`.
    public Given reversePath() {
        Path path = path();
        if (path == null) {
            throw new Reply.Refused("501 5.1.7 Bad sender address syntax");
        }
        return new Given(path, strict);
    }

    /// The path behind `RCPT TO:`; never null.
    public Given forwardPath() {
        Path path = path();
        if (path == null || path.isNull()) {
            throw new Reply.Refused("501 5.1.3 Bad recipient address syntax");
        }
        return new Given(path, strict);
    }

    /// The parameters behind a path.
    ///
    /// @param known the parameter of a keyword, or null
    public Params params(Function<String, @Nullable Param<?>> known) {
        Params params = Params.NONE;
        while (!atEnd()) {
            params = with(params, word(), known);
        }
        return params;
    }

    private static Params with(Params params, String word, Function<String, @Nullable Param<?>> known) {
        int equals = word.indexOf('=');
        Param<?> param = known.apply(equals < 0 ? word : word.substring(0, equals));
        if (param == null || param.isFlag() != equals < 0) {
            throw new Reply.Refused("555 5.5.4 Unsupported option: " + shortened(word));
        }
        if (params.has(param)) {
            throw new Reply.Refused("501 5.5.4 Error: option " + param.keyword() + " given twice");
        }
        return with(params, param, equals < 0 ? "" : word.substring(equals + 1));
    }

    /// As much of it as fits into the line of a reply (RFC 5321 §4.5.3.1.5).
    private static String shortened(String word) {
        return word.length() > ECHO_LIMIT ? word.substring(0, ECHO_LIMIT) : word;
    }

    private static <T> Params with(Params params, Param<T> param, String value) {
        return params.with(param, param.parse(value));
    }

    /// A path with or without brackets, up to a blank or the end; null when it is none.
    private @Nullable Path path() {
        if (atEnd()) {
            return null;
        }
        boolean bracketed = next('<');
        strict = bracketed;
        if (bracketed && next('>')) {
            return atWordEnd() ? Path.NULL : null;
        }
        if (bracketed && at < text.length() && text.charAt(at) == '@' && !sourceRoute()) {
            return null;
        }
        Address mailbox = mailbox();
        if (mailbox == null || (bracketed && !next('>')) || !atWordEnd()) {
            return null;
        }
        return Path.of(mailbox);
    }

    /// `@a,@b:`, which is accepted and means nothing (RFC 5321 §3.6.1, appendix C).
    private boolean sourceRoute() {
        do {
            if (!next('@') || domain() == null) {
                return false;
            }
        } while (next(','));
        return next(':');
    }

    private @Nullable Address mailbox() {
        String local = at < text.length() && text.charAt(at) == '"' ? quotedString() : dotString();
        if (local == null || local.isEmpty() || octets(local) > LOCAL_PART_LIMIT) {
            return null;
        }
        if (!next('@')) {
            strict &= local.equalsIgnoreCase("postmaster");
            return new Address(local, (Domain) null);
        }
        Domain domain = domain();
        return domain == null ? null : new Address(local, domain);
    }

    private String dotString() {
        int from = at;
        char before = '.';
        while (at < text.length() && isLocal(text.charAt(at))) {
            strict &= text.charAt(at) != '.' || before != '.';
            before = text.charAt(at++);
        }
        strict &= before != '.';
        return text.substring(from, at);
    }

    private static boolean isLocal(char c) {
        return c == '.' || (c < 128 ? Address.isAtext(c) : c >= 0xa0);
    }

    /// The content of a quoted string, its escapes resolved; null when it does not end.
    private @Nullable String quotedString() {
        StringBuilder content = new StringBuilder();
        for (at++; at < text.length(); at++) {
            char c = text.charAt(at);
            if (c == '"') {
                at++;
                return content.toString();
            }
            if (c == '\\' && ++at < text.length()) {
                c = text.charAt(at);
            }
            if (c < ' ' || (c >= 127 && c < 0xa0)) {
                return null;
            }
            content.append(c);
        }
        return null;
    }

    private @Nullable Domain domain() {
        if (at < text.length() && text.charAt(at) == '[') {
            return literal();
        }
        int from = at;
        while (at < text.length() && isHost(text.charAt(at))) {
            at++;
        }
        int to = at;
        if (to > from && text.charAt(to - 1) == '.') {
            to--;
            strict = false;
        }
        String name = text.substring(from, to);
        return isHostname(name) ? new Domain(name) : null;
    }

    private static boolean isHost(char c) {
        return c == '.'
                || c == '-'
                || c == '_'
                || (c >= '0' && c <= '9')
                || (c >= 'a' && c <= 'z')
                || (c >= 'A' && c <= 'Z')
                || c >= 0xa0;
    }

    private static boolean isHostname(String name) {
        if (octets(name) > DOMAIN_LIMIT) {
            return false;
        }
        int from = 0;
        while (true) {
            int dot = name.indexOf('.', from);
            int to = dot < 0 ? name.length() : dot;
            if (to == from || to - from > LABEL_LIMIT || name.charAt(from) == '-' || name.charAt(to - 1) == '-') {
                return false;
            }
            if (dot < 0) {
                return !isNumber(name, from);
            }
            from = dot + 1;
        }
    }

    /// No top-level domain is a number: `1.2.3.4` without brackets is no domain.
    private static boolean isNumber(String name, int from) {
        for (int i = from; i < name.length(); i++) {
            if (name.charAt(i) < '0' || name.charAt(i) > '9') {
                return false;
            }
        }
        return true;
    }

    /// An address literal (RFC 5321 §4.1.3), with its brackets.
    private @Nullable Domain literal() {
        int close = text.indexOf(']', at);
        if (close < 0) {
            return null;
        }
        String inside = text.substring(at + 1, close);
        boolean ipv6 = inside.regionMatches(true, 0, IPV6, 0, IPV6.length());
        if (!isAddress(ipv6 ? inside.substring(IPV6.length()) : inside, ipv6)) {
            return null;
        }
        Domain domain = new Domain(text.substring(at, close + 1));
        at = close + 1;
        return domain;
    }

    /// Whether a text is an IPv4 address in its common form, or an IPv6 address without a zone.
    public static boolean isAddress(String text, boolean ipv6) {
        int dots = 0;
        boolean colon = false;
        for (int i = 0; i < text.length(); i++) {
            char c = text.charAt(i);
            dots += c == '.' ? 1 : 0;
            colon |= c == ':';
            boolean fits = c == '.' || (ipv6 ? c == ':' || Character.digit(c, 16) >= 0 : c >= '0' && c <= '9');
            if (c > 127 || !fits) {
                return false;
            }
        }
        if (colon != ipv6 || (!ipv6 && dots != 3)) {
            return false;
        }
        try {
            InetAddress.ofLiteral(text);
            return true;
        } catch (IllegalArgumentException e) {
            return false;
        }
    }

    private boolean next(char c) {
        if (at < text.length() && text.charAt(at) == c) {
            at++;
            return true;
        }
        return false;
    }

    private boolean atWordEnd() {
        return at == text.length() || isBlank(text.charAt(at));
    }

    private static boolean isBlank(char c) {
        return c == ' ' || c == '\t';
    }

    private static int octets(String text) {
        for (int i = 0; i < text.length(); i++) {
            if (text.charAt(i) > 127) {
                return text.getBytes(StandardCharsets.UTF_8).length;
            }
        }
        return text.length();
    }
}
