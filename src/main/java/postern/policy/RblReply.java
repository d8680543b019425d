package postern.policy;

import java.util.List;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.function.Function;
import postern.config.ConfigException;
import postern.config.Parameter;
import postern.lookup.Lookup;
import postern.lookup.Table;
import postern.smtp.EnhancedStatus;

/// What is said to one who is on a list in DNS: `default_rbl_reply`, or the template that `rbl_reply_maps`
/// has for the list.
final class RblReply {
    static final Parameter<Integer> MAPS_RBL_REJECT_CODE = Parameter.integer("maps_rbl_reject_code", "554")
            .doc("code of the reject_rbl_… and reject_rhsbl_… restrictions");
    static final Parameter<String> DEFAULT_RBL_REPLY = Parameter.raw(
                    "default_rbl_reply",
                    "$rbl_code Service unavailable; $rbl_class [$rbl_what] blocked using $rbl_domain${rbl_reason?; $rbl_reason}")
            .doc("what is said to a client or of a domain that is on a list in DNS");
    static final Parameter<List<String>> RBL_REPLY_MAPS =
            Parameter.list("rbl_reply_maps", "").doc("tables of such replies by the list's domain");

    static final List<Parameter<?>> PARAMETERS = List.of(MAPS_RBL_REJECT_CODE, DEFAULT_RBL_REPLY, RBL_REPLY_MAPS);

    private static final int TEMPLATES_KEPT = 100;

    /// @param what is listed: the address, name or mail address
    /// @param text the list's TXT record, empty when it has none
    record Listed(String domain, String label, String what, String text) {}

    private final PolicyContext context;
    private final int code;
    private final Template standard;
    private final Table templates;
    private final Map<String, Template> parsed = new ConcurrentHashMap<>();

    RblReply(PolicyContext context) {
        this.context = context;
        this.code = context.code(MAPS_RBL_REJECT_CODE);
        this.templates = context.tables().open(RBL_REPLY_MAPS);
        try {
            this.standard = Template.parse(context.conf(DEFAULT_RBL_REPLY));
        } catch (IllegalArgumentException e) {
            throw new ConfigException(
                    context.conf().origin(DEFAULT_RBL_REPLY.name()) + ": " + DEFAULT_RBL_REPLY + ": " + e.getMessage(),
                    e);
        }
    }

    Outcome refuse(Check check, Listed listed) {
        String text = template(listed.domain).expand(attributes(check.request(), listed));
        if (!text.matches("[45][0-9][0-9] .*")) {
            context.warn("rbl response code configuration error: " + text);
            return check.refuse(450, Statuses.POLICY, "Service unavailable");
        }
        String rest = text.substring(4).strip();
        EnhancedStatus leading = EnhancedStatus.leading(rest);
        return check.refuse(
                Integer.parseInt(text, 0, 3, 10),
                leading == null ? Statuses.POLICY : leading,
                leading == null ? rest : rest.substring(Texts.wordEnd(rest)).strip());
    }

    private Template template(String domain) {
        if (!(templates.find(domain) instanceof Lookup.Found(String value))) {
            return standard;
        }
        Template known = parsed.get(value);
        if (known != null) {
            return known;
        }
        try {
            Template template = Template.parse(value);
            if (parsed.size() < TEMPLATES_KEPT) {
                parsed.put(value, template);
            }
            return template;
        } catch (IllegalArgumentException e) {
            context.warn("bad rbl reply template for " + domain + ": " + e.getMessage());
            return standard;
        }
    }

    private Function<String, String> attributes(PolicyRequest request, Listed listed) {
        String sender = Subject.sender(request);
        String recipient = Subject.recipient(request);
        return name -> switch (name) {
            case "rbl_code" -> Integer.toString(code);
            case "rbl_class" -> listed.label;
            case "rbl_what" -> listed.what;
            case "rbl_domain" -> listed.domain;
            case "rbl_reason", "rbl_txt" -> listed.text;
            case "client" -> Subject.CLIENT.name(request);
            case "client_address" -> Subject.address(request);
            case "client_name" -> request.clientName();
            case "client_port" -> Integer.toString(request.clientPort());
            case "reverse_client_name" -> request.reverseClientName();
            case "helo_name" -> request.helo();
            case "sender" -> request.sender() == null ? "" : sender.isEmpty() ? "<>" : sender;
            case "sender_name" -> request.sender() == null ? "" : sender.isEmpty() ? "<>" : before(sender);
            case "sender_domain" -> behind(sender);
            case "recipient" -> recipient;
            case "recipient_name" -> before(recipient);
            case "recipient_domain" -> behind(recipient);
            case "server_name" -> context.conf().expand("$myhostname");
            default -> "";
        };
    }

    private static String before(String address) {
        int at = address.lastIndexOf('@');
        return at < 0 ? address : address.substring(0, at);
    }

    private static String behind(String address) {
        int at = address.lastIndexOf('@');
        return at < 0 ? "" : address.substring(at + 1);
    }
}
