package postern.sasl;

import java.util.List;
import java.util.Map;
import postern.config.MainCf;
import postern.config.Parameter;

/// When SCRAM is offered, and whether keys are learned for it.
public record Scram(Offer offer, boolean learns) {
    public enum Offer {
        /// When all who may log in have keys: a client takes the best mechanism, and fails where it has none.
        AUTO,
        YES,
        NO
    }

    static final Parameter<Offer> SASL_SCRAM = Parameter.choice(
                    "postern_sasl_scram", "auto", Map.of("auto", Offer.AUTO, "yes", Offer.YES, "no", Offer.NO))
            .doc(
                    "Whether SCRAM-SHA-256 is offered. auto: when all who may log in have keys for it, since a client takes"
                            + " the best mechanism and fails where it has no keys; yes: when somebody has.");
    static final Parameter<Boolean> SASL_SCRAM_LEARN = Parameter.bool("postern_sasl_scram_learn", "no")
            .doc("Whether a login with a password under TLS makes the keys that it lacks for SCRAM.");

    static final List<Parameter<?>> PARAMETERS = List.of(SASL_SCRAM, SASL_SCRAM_LEARN);

    static Scram of(MainCf conf) {
        return new Scram(conf.get(SASL_SCRAM), conf.get(SASL_SCRAM_LEARN));
    }
}
