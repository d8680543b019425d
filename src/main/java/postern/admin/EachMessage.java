package postern.admin;

import java.io.IOException;
import java.util.List;
import java.util.Locale;
import org.jspecify.annotations.Nullable;
import postern.queue.Listing;
import postern.queue.Operator;
import postern.queue.QueueId;

/// A command that does one thing to each message named: by id, or by `ALL` with the name of a queue behind it
/// when only those there are meant. Says what postsuper(1) says.
abstract sealed class EachMessage implements Command permits Hold, Release, Requeue, Delete {
    private final String did;
    private final String summary;

    /// @param did of one message: `placed on hold`
    /// @param summary of all: `Placed on hold`
    EachMessage(String did, String summary) {
        this.did = did;
        this.summary = summary;
    }

    /// Returns false when there was nothing to do.
    abstract boolean act(Operator operator, QueueId id) throws IOException;

    @Override
    public final Exit run(List<String> arguments, Scene scene, Answer answer) throws IOException {
        if (arguments.isEmpty()) {
            answer.error("postern: queue ids expected, or ALL, or - for queue ids on standard input");
            return Exit.USAGE;
        }
        boolean all = arguments.getFirst().equals("ALL");
        int count = all ? all(arguments, scene.operator()) : named(arguments, scene.operator(), answer);
        answer.error("postern: " + summary + ": " + count + (count == 1 ? " message" : " messages"));
        return Exit.OK;
    }

    private int named(List<String> arguments, Operator operator, Answer answer) throws IOException {
        int count = 0;
        for (String id : arguments) {
            if (act(operator, QueueId.parse(id))) {
                answer.error("postern: " + id + ": " + did);
                count++;
            }
        }
        return count;
    }

    private int all(List<String> arguments, Operator operator) throws IOException {
        Listing.@Nullable Place place = arguments.size() < 2 ? null : place(arguments.get(1));
        int count = 0;
        for (long id : operator.ids()) {
            if (isIn(operator, new QueueId(id), place) && act(operator, new QueueId(id))) {
                count++;
            }
        }
        return count;
    }

    private static boolean isIn(Operator operator, QueueId id, Listing.@Nullable Place place) throws IOException {
        if (place == null) {
            return true;
        }
        Listing listing = operator.show(id);
        return listing != null && listing.place() == place;
    }

    private static Listing.Place place(String name) {
        try {
            return Listing.Place.valueOf(name.toUpperCase(Locale.ROOT));
        } catch (IllegalArgumentException e) {
            throw new IllegalArgumentException(
                    "\"" + name + "\" is none of the queues incoming, active, deferred, hold", e);
        }
    }
}
