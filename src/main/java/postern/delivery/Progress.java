package postern.delivery;

import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import org.jspecify.annotations.Nullable;
import postern.queue.Body;
import postern.queue.DeliveryRequest;
import postern.queue.DeliveryStatus;
import postern.queue.Mail;
import postern.smtp.EnhancedStatus;
import postern.smtp.Recipient;
import postern.smtp.client.Attempts;
import postern.smtp.client.MailFrom;
import postern.smtp.client.MessageText;
import postern.smtp.client.Outcome;
import postern.smtp.client.SmtpDialog;
import postern.smtp.client.SmtpFailure;
import postern.smtp.extension.SmtpUtf8;

/// How far one delivery has come: which recipients are still to be offered to a server, and why they were not
/// taken by the last.
final class Progress {
    private final DeliveryRequest request;
    private final MailFrom from;
    private final @Nullable DeliveryStatus[] statuses;
    private final @Nullable SmtpFailure[] failures;
    private boolean completed;
    private boolean lost;
    private int brokenLines;

    Progress(DeliveryRequest request) {
        this.request = request;
        statuses = new DeliveryStatus[request.recipients().size()];
        failures = new SmtpFailure[statuses.length];
        Mail mail = request.mail();
        from = new MailFrom(
                mail.sender(),
                mail.params(),
                mail.peer(),
                mail.id().toString(),
                mail.size(),
                mail.eightBit(),
                mail.utf8Header() && wantsUtf8(request));
    }

    /// Header fields in UTF-8 alone, from a client that did not ask for SMTPUTF8, go as they came.
    private static boolean wantsUtf8(DeliveryRequest request) {
        return request.mail().params().has(SmtpUtf8.SMTPUTF8)
                || (request.mail().sender().address() != null
                        && request.mail().sender().address().isUtf8())
                || request.recipients().stream()
                        .anyMatch(recipient -> recipient.address().isUtf8());
    }

    boolean hasOpen() {
        for (DeliveryStatus status : statuses) {
            if (status == null) {
                return true;
            }
        }
        return false;
    }

    /// Offers the open recipients to a server; as many at a time as it takes (RFC 9422 §4.2).
    void over(SmtpDialog dialog) {
        lost = false;
        int most = dialog.features().limit("RCPTMAX");
        List<Integer> open = open();
        for (int start = 0; start < open.size(); start += Math.min(most, open.size() - start)) {
            if (start > 0 && !dialog.isReady()) {
                return;
            }
            send(dialog, open.subList(start, start + Math.min(most, open.size() - start)));
        }
        completed |= dialog.isReady();
    }

    private List<Integer> open() {
        List<Integer> open = new ArrayList<>(statuses.length);
        for (int i = 0; i < statuses.length; i++) {
            if (statuses[i] == null) {
                open.add(i);
            }
        }
        return open;
    }

    private void send(SmtpDialog dialog, List<Integer> places) {
        List<Recipient> recipients = places.size() == statuses.length
                ? request.recipients()
                : places.stream().map(request.recipients()::get).toList();
        List<Outcome> outcomes;
        try (Body body = request.text().open()) {
            outcomes = dialog.send(from, recipients, new MessageText(body::read, body.size()));
        } catch (IOException e) {
            unreadable(places);
            return;
        }
        brokenLines = dialog.brokenLines() > 0 ? dialog.lineLimit() : brokenLines;
        for (int i = 0; i < outcomes.size(); i++) {
            int place = places.get(i);
            switch (outcomes.get(i)) {
                case Outcome.Accepted accepted -> statuses[place] = Statuses.sent(accepted, dialog);
                case Outcome.Failed(SmtpFailure failure) -> note(place, failure);
            }
        }
    }

    private void note(int place, SmtpFailure failure) {
        if (failure.isPermanent() || failure.mayHaveBeenTaken()) {
            statuses[place] = Statuses.of(failure);
        } else {
            failures[place] = failure;
            lost |= failure.reply() == null || failure.reply().closes();
        }
    }

    private void unreadable(List<Integer> places) {
        for (int place : places) {
            statuses[place] = new DeliveryStatus.Deferred(
                    new EnhancedStatus(4, 3, 0), "none", "the message cannot be read from the queue", null, "");
        }
    }

    /// No server is left.
    void giveUp(Attempts attempts) {
        for (int place : open()) {
            SmtpFailure earlier = failures[place];
            statuses[place] = Statuses.of(earlier == null ? attempts.failure() : attempts.failureAfter(earlier));
        }
    }

    /// Why recipients are still open, each reason once.
    List<String> openReasons() {
        return open().stream()
                .map(place -> failures[place])
                .filter(Objects::nonNull)
                .map(SmtpFailure::text)
                .distinct()
                .toList();
    }

    /// Whether the last server closed or was lost before it took anything.
    boolean lastWasLost() {
        return lost;
    }

    /// The limit at which lines were broken since this was last asked; 0 when none was.
    int takeBrokenLines() {
        int limit = brokenLines;
        brokenLines = 0;
        return limit;
    }

    /// Whether no server could be brought to answer for the message, so that more mail for this next hop
    /// would fare no better.
    boolean nextHopFailed() {
        if (completed) {
            return false;
        }
        for (DeliveryStatus status : statuses) {
            if (status instanceof DeliveryStatus.Deferred) {
                return true;
            }
        }
        return false;
    }

    List<DeliveryStatus> statuses() {
        List<DeliveryStatus> all = new ArrayList<>(statuses.length);
        for (DeliveryStatus status : statuses) {
            all.add(Objects.requireNonNull(status));
        }
        return all;
    }
}
