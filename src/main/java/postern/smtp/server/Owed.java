package postern.smtp.server;

import java.io.IOException;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.function.Supplier;
import postern.smtp.Reply;

/// The answers to recipients that the client has sent in one piece (RFC 2920 §3.1): all are begun before the
/// first is answered, so that one whose next hop is slow holds up no other. Confined to the session's thread.
final class Owed {
    private static final int MOST = 100;

    private final Chat chat;
    private final Deque<Supplier<Reply>> answers = new ArrayDeque<>(0);

    Owed(Chat chat) {
        this.chat = chat;
    }

    boolean isEmpty() {
        return answers.isEmpty();
    }

    int size() {
        return answers.size();
    }

    /// Whether one more recipient is there, to be begun before the oldest answer is given.
    boolean hasMore() throws IOException {
        return answers.size() < MOST && chat.isNext(Verb.RCPT.name());
    }

    void add(Supplier<Reply> answer) {
        answers.add(answer);
    }

    /// Waits for the oldest.
    Reply next() {
        return answers.remove().get();
    }
}
