package postern.queue;

import java.util.ArrayList;
import java.util.List;
import postern.config.MainCf;
import postern.config.Parameter;

/// A way out: the delivery agent behind a name of master.cf, and what main.cf allows it.
///
/// @param name as routes say it: `smtp`, `relay`
/// @param logName the service in the log: `smtp`, `relay/smtp`
/// @param processLimit most deliveries at a time (the maxproc column of master.cf)
public record Transport(String name, String logName, DeliveryAgent agent, TransportLimits limits, int processLimit) {
    static final Parameter<Integer> DEFAULT_PROCESS_LIMIT = Parameter.integer("default_process_limit", "100")
            .doc("Most deliveries of one transport at a time, where master.cf says nothing else.");

    public static final List<Parameter<?>> PARAMETERS = List.of(DEFAULT_PROCESS_LIMIT);

    /// A transport with the process limit that main.cf gives to all.
    public static Transport of(MainCf conf, String name, String logName, DeliveryAgent agent) {
        return new Transport(name, logName, agent, TransportLimits.of(conf, name), conf.get(DEFAULT_PROCESS_LIMIT));
    }

    /// With the maxproc of master.cf; 0 means no limit.
    public Transport withProcessLimit(int limit) {
        return new Transport(name, logName, agent, limits, limit == 0 ? Integer.MAX_VALUE : limit);
    }

    /// What may be set for a transport of this name.
    public static List<Parameter<?>> parameters(String name) {
        List<Parameter<?>> parameters = new ArrayList<>(TransportLimits.PARAMETERS);
        parameters.addAll(TransportLimits.parameters(name));
        parameters.addAll(PARAMETERS);
        return List.copyOf(parameters);
    }

    /// Deliveries that mailings and retries may fill; the rest stays free for letters.
    int mailingSlots() {
        int kept = limits.slotCost() == 0 ? 0 : processLimit / limits.slotCost();
        return Math.max(1, processLimit - kept);
    }
}
