package postern.queue;

import java.time.Duration;
import java.util.List;
import postern.config.ConfigException;
import postern.config.MainCf;
import postern.config.Parameter;

/// What main.cf says about the deliveries of one transport: each figure from `<transport>_…` where that is
/// set, else from its `default_…`.
///
/// @param initial window of a destination not seen before
/// @param concurrency most deliveries to one destination at a time; 0 means no limit
/// @param positive how a delivery widens the window
/// @param negative how a failed connection narrows it
/// @param failedCohorts windows full of failures after which a destination counts as dead; 0 means never
/// @param recipients most recipients of one delivery; 0 means no limit
/// @param slotCost of so many deliveries one belongs to a mailing when letters wait too
/// @param minimumSlots a job of fewer than this times the slot cost is a letter, not a mailing
/// @param destinationPause from the end of a delivery to the next to the same destination; with one there is
///     never more than one at a time
/// @param transportPause from the start of a delivery to the next, wherever it goes
public record TransportLimits(
        int initial,
        int concurrency,
        Feedback positive,
        Feedback negative,
        double failedCohorts,
        int recipients,
        int slotCost,
        int minimumSlots,
        Duration destinationPause,
        Duration transportPause) {
    static final Parameter<Integer> INITIAL_DESTINATION_CONCURRENCY = Parameter.integer(
                    "initial_destination_concurrency", "5")
            .doc("Deliveries to a destination at a time, to begin with.");
    static final Parameter<Integer> DEFAULT_DESTINATION_CONCURRENCY_LIMIT = Parameter.integer(
                    "default_destination_concurrency_limit", "20")
            .doc("Most deliveries to one destination at a time; 0 means no limit.");
    static final Parameter<String> DEFAULT_DESTINATION_CONCURRENCY_POSITIVE_FEEDBACK = Parameter.text(
                    "default_destination_concurrency_positive_feedback", "1")
            .doc("How far a delivery widens a destination's window: a number, or number/concurrency.");
    static final Parameter<String> DEFAULT_DESTINATION_CONCURRENCY_NEGATIVE_FEEDBACK = Parameter.text(
                    "default_destination_concurrency_negative_feedback", "1")
            .doc("How far a failed connection narrows a destination's window: a number, or number/concurrency.");
    static final Parameter<Integer> DEFAULT_DESTINATION_CONCURRENCY_FAILED_COHORT_LIMIT = Parameter.integer(
                    "default_destination_concurrency_failed_cohort_limit", "1")
            .doc("Windows full of failures after which a destination counts as dead; 0 means never.");
    static final Parameter<Integer> DEFAULT_DESTINATION_RECIPIENT_LIMIT = Parameter.integer(
                    "default_destination_recipient_limit", "50")
            .doc("Most recipients of one delivery; 0 means no limit.");
    static final Parameter<Integer> DEFAULT_DELIVERY_SLOT_COST = Parameter.integer("default_delivery_slot_cost", "5")
            .doc("Of so many deliveries one belongs to large mailings and retries while letters wait; 0: none do.");
    static final Parameter<Integer> DEFAULT_MINIMUM_DELIVERY_SLOTS = Parameter.integer(
                    "default_minimum_delivery_slots", "3")
            .doc("Mail of fewer deliveries than this times the slot cost counts as a letter.");

    static final Parameter<Duration> DEFAULT_DESTINATION_RATE_DELAY = Parameter.time(
                    "default_destination_rate_delay", "0s")
            .doc("Time between deliveries to one destination, which then come one at a time.");
    static final Parameter<Duration> DEFAULT_TRANSPORT_RATE_DELAY = Parameter.time("default_transport_rate_delay", "0s")
            .doc("Time between deliveries over one transport, wherever they go.");

    public static final List<Parameter<?>> PARAMETERS = List.of(
            INITIAL_DESTINATION_CONCURRENCY,
            DEFAULT_DESTINATION_CONCURRENCY_LIMIT,
            DEFAULT_DESTINATION_CONCURRENCY_POSITIVE_FEEDBACK,
            DEFAULT_DESTINATION_CONCURRENCY_NEGATIVE_FEEDBACK,
            DEFAULT_DESTINATION_CONCURRENCY_FAILED_COHORT_LIMIT,
            DEFAULT_DESTINATION_RECIPIENT_LIMIT,
            DEFAULT_DELIVERY_SLOT_COST,
            DEFAULT_MINIMUM_DELIVERY_SLOTS,
            DEFAULT_DESTINATION_RATE_DELAY,
            DEFAULT_TRANSPORT_RATE_DELAY);

    static TransportLimits of(MainCf conf, String transport) {
        Duration pause = conf.get(inForce(conf, transport, DEFAULT_DESTINATION_RATE_DELAY));
        return new TransportLimits(
                number(conf, transport, INITIAL_DESTINATION_CONCURRENCY, 1),
                pause.isZero() ? number(conf, transport, DEFAULT_DESTINATION_CONCURRENCY_LIMIT, 0) : 1,
                feedback(conf, transport, DEFAULT_DESTINATION_CONCURRENCY_POSITIVE_FEEDBACK),
                feedback(conf, transport, DEFAULT_DESTINATION_CONCURRENCY_NEGATIVE_FEEDBACK),
                number(conf, transport, DEFAULT_DESTINATION_CONCURRENCY_FAILED_COHORT_LIMIT, 0),
                number(conf, transport, DEFAULT_DESTINATION_RECIPIENT_LIMIT, 0),
                number(conf, transport, DEFAULT_DELIVERY_SLOT_COST, 0),
                number(conf, transport, DEFAULT_MINIMUM_DELIVERY_SLOTS, 0),
                pause,
                conf.get(inForce(conf, transport, DEFAULT_TRANSPORT_RATE_DELAY)));
    }

    /// Whether deliveries are spaced out in time.
    boolean paces() {
        return !destinationPause.isZero() || !transportPause.isZero();
    }

    /// The parameters that a transport adds to the list: `relay_destination_concurrency_limit` and its kin.
    static List<Parameter<?>> parameters(String transport) {
        return PARAMETERS.stream()
                .<Parameter<?>>map(parameter -> own(parameter, transport))
                .toList();
    }

    /// Whether mail makes way for letters: so many deliveries over this transport, or tried before.
    boolean isMailing(int deliveries, int tries) {
        return slotCost > 0 && (tries > 0 || deliveries >= (long) slotCost * minimumSlots);
    }

    private static <T> Parameter<T> own(Parameter<T> common, String transport) {
        String name = common.name();
        String tail = name.startsWith("default_") ? name.substring("default_".length()) : name;
        return common.as(transport + "_" + tail, "$" + name);
    }

    private static <T> Parameter<T> inForce(MainCf conf, String transport, Parameter<T> common) {
        Parameter<T> own = own(common, transport);
        return conf.isSet(own.name()) ? own : common;
    }

    private static int number(MainCf conf, String transport, Parameter<Integer> common, int least) {
        Parameter<Integer> parameter = inForce(conf, transport, common);
        int value = conf.get(parameter);
        if (value < least) {
            throw wrong(conf, parameter, "\"" + value + "\" is less than " + least);
        }
        return value;
    }

    private static Feedback feedback(MainCf conf, String transport, Parameter<String> common) {
        Parameter<String> parameter = inForce(conf, transport, common);
        try {
            return Feedback.parse(conf.get(parameter));
        } catch (IllegalArgumentException e) {
            throw wrong(conf, parameter, String.valueOf(e.getMessage()));
        }
    }

    private static ConfigException wrong(MainCf conf, Parameter<?> parameter, String what) {
        return new ConfigException(conf.origin(parameter.name()) + ": " + parameter.name() + ": " + what);
    }
}
