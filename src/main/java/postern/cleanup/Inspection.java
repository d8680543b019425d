package postern.cleanup;

import java.util.List;
import org.jspecify.annotations.Nullable;
import postern.message.Field;
import postern.message.MimeFlaw;
import postern.message.MimeParts;
import postern.message.MimeParts.Place;
import postern.smtp.EnhancedStatus;
import postern.smtp.Reply;
import postern.wire.Utf8;

/// One message under header_checks(5) and its kin: each field and line is shown to the table that judges it, and
/// what the table says is done.
final class Inspection implements MimeParts.Sink {
    private static final EnhancedStatus MEDIA = new EnhancedStatus(5, 6, 0);

    private final ContentChecks checks;
    private final Fate fate;
    private final CleanupLog log;
    private final QueueText out;
    private final @Nullable MimeParts parts;
    private boolean over;

    /// What becomes of a field or line.
    ///
    /// @param stays whether it goes on as it is
    /// @param instead what goes on in its place, or null
    private record Outcome(boolean stays, @Nullable String instead) {
        static final Outcome STAYS = new Outcome(true, null);
        static final Outcome GONE = new Outcome(false, null);
    }

    Inspection(ContentChecks checks, Fate fate, CleanupLog log, QueueText out) {
        this.checks = checks;
        this.fate = fate;
        this.log = log;
        this.out = out;
        this.parts = checks.coverBody() ? new MimeParts(this, checks.limits(), checks.refused()) : null;
    }

    /// A field of the message's own header. Returns it as it goes on, or null when it does not.
    @Nullable
    Field messageField(Field field) {
        if (parts != null && checks.findsParts()) {
            parts.messageField(field);
        }
        return checked(Place.MESSAGE, field);
    }

    /// The beginning of a field that is too long to be looked at whole. Returns whether it stays.
    boolean longMessageField(Field beginning) {
        return stays(beginning, messageField(beginning));
    }

    /// What follows the message's own header: the empty line, then the body.
    void body(byte[] bytes, int from, int to) {
        if (parts == null) {
            out.put(bytes, from, to);
        } else {
            parts.write(bytes, from, to);
        }
    }

    void finish() {
        if (parts != null) {
            parts.finish();
        }
    }

    @Override
    public void partField(Place place, Field field) {
        put(checked(place, field));
    }

    @Override
    public boolean longPartField(Place place, Field beginning) {
        return stays(beginning, checked(place, beginning));
    }

    /// Whether a field goes on as it is; what goes on in its place is put there.
    private boolean stays(Field field, @Nullable Field next) {
        if (next == field) {
            return true;
        }
        put(next);
        return false;
    }

    private void put(@Nullable Field field) {
        if (field != null) {
            out.put(field.bytes(), field.from(), field.to());
        }
    }

    @Override
    public void line(byte[] bytes, int from, int textEnd, int to, long offset) {
        CheckTable table = over || fate.discarded ? null : checks.ofText(offset);
        if (table == null || textEnd == from) {
            out.put(bytes, from, to);
            return;
        }
        Outcome outcome = ask(table, CheckTable.Kind.BODY, Utf8.orLatin1(bytes, from, textEnd - from));
        if (outcome.stays) {
            out.put(bytes, from, to);
        } else if (outcome.instead != null) {
            out.put(outcome.instead);
            out.put(bytes, textEnd, to);
        }
    }

    @Override
    public void passed(byte[] bytes, int from, int to) {
        out.put(bytes, from, to);
    }

    @Override
    public void flaw(MimeFlaw flaw, String where) {
        log.flaw(flaw.toString(), where);
        throw new Reply.Refused(new Reply(550, MEDIA, List.of(flaw.toString())));
    }

    private @Nullable Field checked(Place place, Field field) {
        CheckTable table = over || fate.discarded ? null : checks.of(place, field.isMime());
        if (table == null) {
            return field;
        }
        Outcome outcome = ask(table, CheckTable.Kind.HEADER, field.text());
        return outcome.stays ? field : outcome.instead == null ? null : Field.of(outcome.instead);
    }

    private Outcome ask(CheckTable table, CheckTable.Kind kind, String content) {
        return switch (table.check(kind, content)) {
            case CheckTable.Action.Pass _ -> Outcome.STAYS;
            case CheckTable.Action.Ignore _ -> Outcome.GONE;
            case CheckTable.Action.Reject(Reply reply) -> {
                log.check("reject", kind, content, reply.status() + " " + String.join(" ", reply.lines()));
                throw new Reply.Refused(reply);
            }
            case CheckTable.Action.Fail(String reason) -> {
                log.warnOfTable(reason);
                log.warning(table.parameter() + " map lookup problem -- message not accepted, try again later");
                throw new Reply.Refused("451 4.3.0 Error: queue file write error");
            }
            case CheckTable.Action.Useless(String warning) -> {
                log.warnOfTable(warning);
                yield Outcome.STAYS;
            }
            case CheckTable.Action.Strip(String text) -> {
                log.check("strip", kind, content, text);
                yield Outcome.GONE;
            }
            case CheckTable.Action.Replace(String text) -> {
                log.check("replace", kind, content, text);
                yield new Outcome(false, text);
            }
            case CheckTable.Action.Prepend(String text) -> {
                log.check("prepend", kind, content, text);
                out.put(text.replace("\n", "\r\n") + "\r\n");
                yield Outcome.STAYS;
            }
            case CheckTable.Action.Note(String level, String text) -> {
                log.check(level, kind, content, text);
                yield Outcome.STAYS;
            }
            case CheckTable.Action.PassAll(String text) -> {
                log.check("pass", kind, content, text);
                over = true;
                yield Outcome.STAYS;
            }
            case CheckTable.Action.Discard discard -> {
                log.check("discard", kind, content, discard.text());
                fate.discarded = true;
                yield Outcome.STAYS;
            }
            case CheckTable.Action.Hold hold -> {
                needsQueue("HOLD");
                hold(kind, content, hold.text());
                yield Outcome.STAYS;
            }
            case CheckTable.Action.Redirect redirect -> {
                needsQueue("REDIRECT");
                log.check("redirect", kind, content, redirect.to().internal());
                fate.recipients.redirect(redirect.to());
                over = true;
                yield Outcome.STAYS;
            }
            case CheckTable.Action.Bcc bcc -> {
                needsQueue("BCC");
                log.check("bcc", kind, content, bcc.to().internal());
                fate.recipients.copyTo(bcc.to());
                yield Outcome.STAYS;
            }
            case CheckTable.Action.Filter wanted -> {
                needsQueue("FILTER");
                log.check("filter", kind, content, wanted.destination());
                fate.filter = wanted.destination();
                yield Outcome.STAYS;
            }
        };
    }

    private void needsQueue(String action) {
        if (!out.isKept()) {
            log.needsQueue(action);
            throw new Reply.Refused("451 4.3.5 Server configuration error");
        }
    }

    private void hold(CheckTable.Kind kind, String content, String text) {
        if (!fate.held) {
            log.check("hold", kind, content, text);
            fate.held = true;
        }
    }
}
