package postern.handover;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.function.Consumer;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;
import postern.smtp.Reply;

/// The legs of one message. Confined to the session's thread; while it runs a step of several legs, each has a
/// thread of its own.
final class Legs {
    private final Map<String, Leg> byKey = new LinkedHashMap<>();
    private final Inquiries inquiries = new Inquiries();

    Inquiries inquiries() {
        return inquiries;
    }

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

    /// Lets go of legs without recipients, but for those that are being asked about one.
    void dropEmpty() {
        byKey.values().removeIf(leg -> {
            boolean empty = !inquiries.isWith(leg) && leg.taken().isEmpty();
            if (empty) {
                leg.abort();
            }
            return empty;
        });
    }

    /// Runs a step of all legs that go on, side by side, so that a slow one stops the others no longer than
    /// its own time limits let it.
    ///
    /// @param step returns the answer for all its recipients that the leg ends with; null when it goes on, or
    ///     when each has his own
    void each(Function<Leg, @Nullable Reply> step) {
        List<Leg> going = byKey.values().stream().filter(leg -> !leg.hasEnded()).toList();
        forAll(going, leg -> {
            Reply answer = step.apply(leg);
            if (answer != null) {
                leg.taken().forEach(copy -> copy.answered(answer));
            }
        });
    }

    /// Runs a last step of these legs, whatever they ended with.
    void forAll(List<Leg> legs, Consumer<Leg> step) {
        if (legs.size() <= 1) {
            legs.forEach(step);
            return;
        }
        List<Future<?>> steps = new ArrayList<>(legs.size());
        try (ExecutorService threads = Executors.newVirtualThreadPerTaskExecutor()) {
            for (Leg leg : legs) {
                steps.add(threads.submit(() -> step.accept(leg)));
            }
        }
        for (Future<?> each : steps) {
            if (each.state() != Future.State.SUCCESS) {
                throw new IllegalStateException(each.exceptionNow());
            }
        }
    }

    /// Whether none goes on.
    boolean haveEnded() {
        return byKey.values().stream().allMatch(Leg::hasEnded);
    }
}
