package postern.handover;

import java.util.ArrayList;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.function.Consumer;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;
import postern.smtp.Recipient;
import postern.smtp.Reply;

/// The legs of one message, and how those ended that go no further. Confined to the session's thread; while
/// it runs a step of several legs, each has a thread of its own.
final class Legs {
    private final Map<String, Leg> byKey = new LinkedHashMap<>();
    private final Map<Leg, Reply> ended = new HashMap<>(0);

    boolean isEmpty() {
        return byKey.isEmpty();
    }

    int size() {
        return byKey.size();
    }

    List<Leg> all() {
        return List.copyOf(byKey.values());
    }

    @Nullable
    Leg find(String key) {
        return byKey.get(key);
    }

    void put(String key, Leg leg) {
        byKey.put(key, leg);
    }

    /// Lets go of legs without recipients.
    void dropEmpty() {
        byKey.values().removeIf(leg -> {
            boolean empty = leg.taken().isEmpty();
            if (empty) {
                leg.abort();
            }
            return empty;
        });
    }

    /// Runs a step of all legs that go on, side by side, so that a slow one stops the others no longer than
    /// its own time limits let it.
    ///
    /// @param step returns the answer that the leg ends with; null when it goes on
    void each(Function<Leg, @Nullable Reply> step) {
        sideBySide(
                byKey.values().stream().filter(leg -> !ended.containsKey(leg)).toList(), step);
    }

    /// Runs a last step of these legs, whatever they ended with.
    void forAll(List<Leg> legs, Consumer<Leg> step) {
        sideBySide(legs, leg -> {
            step.accept(leg);
            return null;
        });
    }

    private void sideBySide(List<Leg> going, Function<Leg, @Nullable Reply> step) {
        if (going.size() <= 1) {
            going.forEach(leg -> end(leg, step.apply(leg)));
            return;
        }
        List<Future<@Nullable Reply>> answers = new ArrayList<>(going.size());
        try (ExecutorService threads = Executors.newVirtualThreadPerTaskExecutor()) {
            for (Leg leg : going) {
                answers.add(threads.submit(() -> step.apply(leg)));
            }
        }
        for (int i = 0; i < going.size(); i++) {
            Future<@Nullable Reply> answer = answers.get(i);
            if (answer.state() != Future.State.SUCCESS) {
                throw new IllegalStateException(answer.exceptionNow());
            }
            end(going.get(i), answer.resultNow());
        }
    }

    /// The leg goes no further.
    ///
    /// @param answer null when it does
    void end(Leg leg, @Nullable Reply answer) {
        if (answer != null) {
            ended.put(leg, answer);
        }
    }

    boolean haveEnded() {
        return ended.size() == byKey.size();
    }

    /// What a leg ended with; all have ended.
    Reply answer(Leg leg) {
        Reply answer = ended.get(leg);
        if (answer == null) {
            throw new IllegalStateException("a leg is still under way");
        }
        return answer;
    }

    /// Those that ended with an acceptance, or the others.
    List<Leg> taken(boolean accepted) {
        return byKey.values().stream()
                .filter(leg -> answer(leg).isPositive() == accepted)
                .toList();
    }

    /// The first refusal, of those for now before those for good.
    Reply refusal() {
        List<Reply> refusals = taken(false).stream().map(this::answer).toList();
        return refusals.stream().filter(Reply::isTransient).findFirst().orElseGet(refusals::getFirst);
    }

    static int recipients(List<Leg> legs) {
        return legs.stream().mapToInt(leg -> leg.taken().size()).sum();
    }

    /// The recipient is not to have the message after all.
    void withdraw(Recipient recipient) {
        byKey.values().forEach(leg -> leg.withdraw(recipient));
    }
}
