package postern.smtp.client;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Iterator;
import java.util.List;
import java.util.Objects;
import org.jspecify.annotations.Nullable;
import postern.address.Address;
import postern.smtp.EnhancedStatus;
import postern.smtp.Recipient;
import postern.smtp.Reply;
import postern.wire.DotWriter;

/// One message over one dialog, pipelined as far as the server lets it (RFC 2920): the envelope with DATA is
/// one write, or, where CHUNKING is offered (RFC 3030), the envelope with a whole small message.
///
/// Commands are sent ahead of their replies; [#drain()] reads what is outstanding. Used once.
final class Transmission {
    private static final int OUTSTANDING_AT_MOST = 100;
    private static final int BDAT_LENGTH = 32;

    private final SmtpDialog dialog;
    private final Chat chat;
    private final Commands commands;
    private final MailFrom from;
    private final List<Recipient> recipients;
    private final @Nullable Outcome[] outcomes;
    private final boolean pipelining;
    private boolean mailOutstanding;
    private int sent;
    private int answered;
    private int accepted;
    private @Nullable SmtpFailure mailFailure;

    Transmission(SmtpDialog dialog, MailFrom from, List<Recipient> recipients) {
        this.dialog = dialog;
        this.chat = dialog.chat();
        this.commands = new Commands(chat, dialog.features());
        this.from = from;
        this.recipients = recipients;
        this.outcomes = new Outcome[recipients.size()];
        this.pipelining = dialog.features().offers("PIPELINING");
    }

    /// Sends it; an outcome for each recipient, in their order.
    List<Outcome> run(MessageText text) {
        try {
            envelope();
            if (!bdat(text)) {
                data(text);
            }
        } catch (SmtpFailure failure) {
            failRest(mailFailure != null ? mailFailure : failure);
        } finally {
            chat.rest();
        }
        List<Outcome> all = new ArrayList<>(outcomes.length);
        for (Outcome outcome : outcomes) {
            all.add(Objects.requireNonNull(outcome));
        }
        return all;
    }

    private void envelope() throws SmtpFailure {
        Address sender = from.sender().address();
        if (sender != null && !Commands.isSendable(sender)) {
            throw SmtpFailure.badAddress(sender);
        }
        dialog.beforeMail(from);
        commands.mail(from, dialog.asksPrdr());
        mailOutstanding = true;
        step(Phase.MAIL);
        for (Recipient recipient : recipients) {
            if (mailFailure != null) {
                return;
            }
            if (!Commands.isSendable(recipient.address())) {
                outcomes[sent] = new Outcome.Failed(SmtpFailure.badAddress(recipient.address()));
            } else {
                commands.rcpt(recipient);
            }
            sent++;
            step(Phase.RCPT);
        }
    }

    /// After each command: waits for its reply, unless several may be under way.
    private void step(Phase phase) throws SmtpFailure {
        if (!pipelining || sent - answered >= OUTSTANDING_AT_MOST) {
            drain(phase);
        } else if (!chat.hasRoom()) {
            chat.flush(phase);
        }
    }

    /// Sends what is in the batch and reads the replies to MAIL and RCPT that are outstanding.
    private void drain(Phase phase) throws SmtpFailure {
        chat.flush(phase);
        if (mailOutstanding) {
            mailOutstanding = false;
            mailFailure = dialog.unless(2, chat.reply(Phase.MAIL), Phase.MAIL);
            if (mailFailure != null && !chat.isUsable()) {
                throw mailFailure;
            }
        }
        while (answered < sent) {
            if (outcomes[answered] == null) {
                Reply reply = chat.reply(Phase.RCPT);
                outcomes[answered] = mailFailure == null ? ofRcpt(reply) : new Outcome.Failed(mailFailure);
            }
            answered++;
        }
        if (mailFailure != null) {
            failRest(mailFailure);
        }
    }

    /// Whether every reply to MAIL and RCPT has been read.
    private boolean isDrained() {
        return !mailOutstanding && answered == sent;
    }

    /// The outcome of a recipient that is refused; null for one that is taken, whose outcome is still to come.
    private @Nullable Outcome ofRcpt(Reply reply) {
        SmtpFailure failure = dialog.unless(2, softened(reply), Phase.RCPT);
        accepted += failure == null ? 1 : 0;
        return failure == null ? null : new Outcome.Failed(failure);
    }

    /// RFC 5321 §4.5.3.1.10: 552 to RCPT means too many recipients, as 452 does.
    private static Reply softened(Reply reply) {
        if (reply.code() != 552) {
            return reply;
        }
        EnhancedStatus status = reply.status();
        return new Reply(452, status == null ? null : status.withClass(4), reply.lines());
    }

    private void failRest(SmtpFailure failure) {
        for (int i = 0; i < outcomes.length; i++) {
            if (outcomes[i] == null) {
                outcomes[i] = new Outcome.Failed(failure);
            }
        }
    }

    /// Sends a small message as one chunk behind the envelope, where the server takes that. Returns false
    /// when it is to go with DATA.
    ///
    /// A dialog that has rested may be dead: then the replies to the envelope are awaited first, so that it
    /// stays known that nothing has been taken.
    private boolean bdat(MessageText text) throws SmtpFailure {
        if (!pipelining || dialog.isLmtp() || !dialog.features().offers("CHUNKING") || text.size() <= 0) {
            return false;
        }
        if (isDrained() && accepted == 0) {
            return false;
        }
        if (dialog.usage().hasRested()) {
            drain(Phase.RCPT);
            if (accepted == 0) {
                return false;
            }
        }
        ByteBuffer batch = chat.batch();
        if (text.size() > batch.remaining() - BDAT_LENGTH) {
            return false;
        }
        int commandsEnd = batch.position();
        chat.put("BDAT ").put(Long.toString(text.size())).put(" LAST").end();
        int start = batch.position();
        read(text, batch);
        if (!LongLines.fits(batch.array(), start, batch.position(), dialog.lineLimit())) {
            MessageText again = MessageText.of(Arrays.copyOfRange(batch.array(), start, batch.position()));
            batch.position(commandsEnd);
            data(again);
            return true;
        }
        try {
            drain(Phase.END);
            endReplies();
        } catch (SmtpFailure failure) {
            boolean open = mailFailure == null && (accepted > 0 || answered < sent);
            throw open && failure.reply() == null ? SmtpFailure.lost(chat.host(), Phase.END) : failure;
        }
        return true;
    }

    private void read(MessageText text, ByteBuffer batch) throws SmtpFailure {
        int end = batch.position() + (int) text.size();
        try {
            batch.limit(end);
            while (batch.hasRemaining() && text.source().read(batch) >= 0) {
                // on
            }
        } catch (IOException e) {
            throw localData();
        }
        if (batch.hasRemaining()) {
            throw localData();
        }
        batch.limit(batch.capacity());
    }

    /// The text could not be read: what has been sent of it must not become a message.
    private SmtpFailure localData() {
        chat.cut();
        return SmtpFailure.localData(chat.host());
    }

    private void data(MessageText text) throws SmtpFailure {
        if (isDrained() && accepted == 0) {
            dropTransaction();
            return;
        }
        chat.put("DATA").end();
        drain(Phase.DATA);
        Reply reply = chat.reply(Phase.DATA);
        if (accepted == 0 && reply.code() / 100 == 3) {
            endWithout();
            return;
        }
        SmtpFailure failure = dialog.unless(3, reply, Phase.DATA);
        if (failure != null) {
            failRest(failure);
            dropTransaction();
            return;
        }
        body(text);
        endReplies();
    }

    /// The server wants text although it has taken no recipient: it gets none. LMTP has no reply for that.
    private void endWithout() throws SmtpFailure {
        if (dialog.isLmtp()) {
            chat.cut();
            return;
        }
        chat.put(".").end();
        chat.flush(Phase.END);
        chat.reply(Phase.END);
    }

    private void dropTransaction() {
        if (mailFailure == null) {
            dialog.needsReset();
        }
    }

    private void body(MessageText text) throws SmtpFailure {
        ByteBuffer in = Buffers.lend();
        try {
            Phase[] phase = {Phase.BODY};
            DotWriter dots = new DotWriter(bytes -> chat.write(bytes, phase[0]), chat.batch());
            LongLines lines = new LongLines(dots::write, dialog.lineLimit());
            while (text.source().read(in.clear()) >= 0) {
                lines.write(in.flip());
            }
            phase[0] = Phase.END;
            dots.finish();
            dialog.noteBroken(lines.broken());
        } catch (SmtpFailure e) {
            throw e;
        } catch (IOException e) {
            throw localData();
        } finally {
            Buffers.giveBack(in);
        }
    }

    private void endReplies() throws SmtpFailure {
        Iterator<Reply> replies = dialog.endReplies(accepted).iterator();
        for (int i = 0; i < outcomes.length; i++) {
            if (outcomes[i] == null) {
                if (!replies.hasNext()) {
                    throw SmtpFailure.lost(chat.host(), Phase.END);
                }
                Reply reply = replies.next();
                SmtpFailure failure = dialog.unless(2, reply, Phase.END);
                outcomes[i] = failure == null ? new Outcome.Accepted(reply) : new Outcome.Failed(failure);
            }
        }
        if (accepted == 0) {
            dropTransaction();
        }
    }
}
