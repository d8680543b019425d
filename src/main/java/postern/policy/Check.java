package postern.policy;

import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;
import postern.address.Address;
import postern.address.Path;
import postern.smtp.Directive;
import postern.smtp.EnhancedStatus;
import postern.smtp.Reply;

/// One question to policy while it is being answered. Confined to the thread that asks.
final class Check {
    /// How deep lists may stand in lists: beyond it a table leads to itself.
    private static final int DEEPEST = 100;
    private static final int LONGEST_TEXT = 480;

    private final PolicyRequest request;
    private final Where where;
    private final PolicyContext context;
    private Subject subject = Subject.CLIENT;
    private @Nullable Reply refusal;
    private @Nullable Reply deferIfPermit;
    private @Nullable Reply deferIfReject;
    private List<Directive> directives = List.of();
    private int warnings;
    private int depth;

    Check(PolicyRequest request, Where where, PolicyContext context) {
        this.request = request;
        this.where = where;
        this.context = context;
    }

    PolicyRequest request() {
        return request;
    }

    Where where() {
        return where;
    }

    /// Whose list is being asked.
    Subject subject() {
        return subject;
    }

    /// Begins with the lists of a subject: what earlier lists wanted deferred in place of a refusal is
    /// forgotten, what they wanted deferred in place of a permission is not.
    void begin(Subject next) {
        subject = next;
        deferIfReject = null;
    }

    Verdict verdict() {
        return refusal == null
                ? directives.isEmpty() ? Verdict.ACCEPT : new Verdict.Accept(directives)
                : new Verdict.Refuse(refusal);
    }

    /// Refuses: `<subject>: Sender address rejected: ` and the reason.
    Outcome reject(int code, EnhancedStatus status, String reason) {
        return reject(subject, code, status, reason);
    }

    Outcome reject(Subject about, int code, EnhancedStatus status, String reason) {
        return refuse(code, status, text(about, about.name(request), reason));
    }

    String text(Subject about, String name, String reason) {
        return "<" + name + ">: " + about.label() + " rejected: " + reason;
    }

    /// Refuses with a whole text; under `warn_if_reject` only says so in the log.
    Outcome refuse(int code, EnhancedStatus status, String text) {
        Reply reply = reply(code, status, text);
        if (warnings > 0) {
            log("reject_warning", reply.toString());
            return Outcome.DUNNO;
        }
        refusal = reply;
        return Outcome.REJECT;
    }

    /// Nothing was found wrong, but something could not be asked: if in the end the answer would be yes, it
    /// is this one.
    Outcome deferIfPermit(int code, EnhancedStatus status, String text) {
        if (warnings > 0) {
            return refuse(code, status, text);
        }
        if (deferIfPermit == null) {
            deferIfPermit = reply(code, status, text);
        }
        return Outcome.DUNNO;
    }

    /// The same for an answer that would be no: what could not be asked might have permitted.
    Outcome deferIfReject(int code, EnhancedStatus status, String text) {
        if (deferIfReject == null) {
            deferIfReject = reply(code, status, text);
        }
        return Outcome.DUNNO;
    }

    /// Turns a refusal into the temporary one that waits, if one does.
    Outcome settleRefusal(Outcome outcome) {
        if (outcome == Outcome.REJECT && deferIfReject != null) {
            refusal = deferIfReject;
        }
        return outcome;
    }

    /// Turns a permission into the temporary refusal that waits, if one does.
    Outcome settlePermission(Outcome outcome) {
        if (outcome != Outcome.REJECT && deferIfPermit != null) {
            refusal = deferIfPermit;
            return Outcome.REJECT;
        }
        return outcome;
    }

    /// A table of the configuration cannot be asked or says nonsense. The reason is in the log.
    Outcome misconfigured() {
        return refuse(451, Statuses.CONFIGURATION, "Server configuration error");
    }

    /// A recipient or sender table, or the routes, cannot be asked.
    Outcome lookupFailed(String name) {
        return refuse(451, Statuses.SYSTEM, "<" + name + ">: Temporary lookup failure");
    }

    Outcome warning(Restriction restriction) {
        warnings++;
        try {
            return restriction.ask(this);
        } finally {
            warnings--;
        }
    }

    /// Asks a list that stands within another.
    Outcome nested(Restriction restriction) {
        if (depth >= DEEPEST) {
            context.warn("SMTPD access restriction lists are nested more than " + DEEPEST + " deep");
            return misconfigured();
        }
        depth++;
        try {
            return restriction.ask(this);
        } finally {
            depth--;
        }
    }

    void direct(Directive directive) {
        if (directives.isEmpty()) {
            directives = new ArrayList<>();
        }
        if (!directives.contains(directive)) {
            directives.add(directive);
        }
    }

    /// Whether the message is to be thrown away: nothing more needs to be asked.
    boolean isDiscarded() {
        return !directives.isEmpty() && directives.stream().anyMatch(Directive.Discard.class::isInstance);
    }

    /// `NOQUEUE: warn: RCPT from host[192.0.2.1]: text; from=<…> to=<…> proto=ESMTP helo=<…>`
    void log(String what, String text) {
        StringBuilder line = new StringBuilder(200);
        line.append(request.queueId().isEmpty() ? "NOQUEUE" : request.queueId());
        line.append(": ").append(what).append(": ").append(where.label(request)).append(" from ");
        line.append(Subject.CLIENT.name(request)).append(": ").append(text).append(';');
        Path sender = request.sender();
        if (sender != null) {
            line.append(" from=<").append(sender.internal()).append('>');
        }
        Address recipient = request.recipient();
        if (recipient != null) {
            line.append(" to=<").append(recipient.internal()).append('>');
        }
        line.append(" proto=").append(request.protocol());
        if (!request.helo().isEmpty()) {
            line.append(" helo=<").append(request.helo()).append('>');
        }
        context.info(line.toString());
    }

    private Reply reply(int code, EnhancedStatus status, String text) {
        int said = code >= 500 && context.conf(PolicyContext.SOFT_BOUNCE) ? code - 100 : code;
        return Reply.of(said, status.withClass(said / 100), Texts.oneLine(text, LONGEST_TEXT));
    }
}
