package postern.handover;

import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.function.Consumer;
import java.util.function.Supplier;
import postern.smtp.Recipient;
import postern.smtp.Reply;

/// The recipients of one message that next hops are being asked about: side by side, but those of one next hop
/// one after the other. Confined to the session's thread; each recipient is asked about in a thread of its own.
final class Inquiries {
    private final List<Inquiry> open = new ArrayList<>(0);

    private final class Inquiry implements Supplier<Reply> {
        final Recipient recipient;
        final Leg leg;
        final CompletableFuture<Reply> answer;
        final Consumer<Reply> then;

        Inquiry(Recipient recipient, Leg leg, CompletableFuture<Reply> answer, Consumer<Reply> then) {
            this.recipient = recipient;
            this.leg = leg;
            this.answer = answer;
            this.then = then;
        }

        @Override
        public Reply get() {
            boolean first = open.remove(this);
            Reply reply = answer.join();
            if (first) {
                then.accept(reply);
            }
            return reply;
        }
    }

    /// Asks the leg of a copy.
    ///
    /// @param recipient that it is for
    /// @param then what the answer is to, once it is taken
    /// @return waits for the answer
    Supplier<Reply> ask(Recipient recipient, Copy copy, Consumer<Reply> then) {
        Leg leg = copy.leg();
        long end = leg.time();
        CompletableFuture<?> before = CompletableFuture.completedFuture(null);
        for (Inquiry inquiry : open) {
            before = inquiry.leg == leg ? inquiry.answer : before;
        }
        CompletableFuture<Reply> answer = before.thenApplyAsync(_ -> leg.rcpt(copy, end), Thread::startVirtualThread);
        Inquiry inquiry = new Inquiry(recipient, leg, answer, then);
        open.add(inquiry);
        return inquiry;
    }

    boolean isAbout(Recipient recipient) {
        return open.stream()
                .anyMatch(inquiry -> inquiry.recipient
                        .address()
                        .key()
                        .equals(recipient.address().key()));
    }

    boolean isWith(Leg leg) {
        return open.stream().anyMatch(inquiry -> inquiry.leg == leg);
    }

    /// Takes all answers.
    void settle() {
        while (!open.isEmpty()) {
            open.getFirst().get();
        }
    }

    /// Waits until nobody is being asked, whatever the answers.
    void end() {
        open.forEach(inquiry -> inquiry.answer.handle((_, _) -> true).join());
        open.clear();
    }
}
