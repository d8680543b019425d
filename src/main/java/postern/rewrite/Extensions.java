package postern.rewrite;

import java.util.List;
import postern.config.MainCf;
import postern.config.Parameter;

/// Which tables hand an address extension on to their results.
final class Extensions {
    static final Parameter<List<String>> PROPAGATE_UNMATCHED_EXTENSIONS = Parameter.list(
                    "propagate_unmatched_extensions", "canonical, virtual")
            .doc("Tables whose results get the extension of the address looked up: canonical, virtual.");

    static final List<Parameter<?>> PARAMETERS = List.of(PROPAGATE_UNMATCHED_EXTENSIONS);

    private Extensions() {}

    static boolean propagatedBy(MainCf conf, String kind) {
        return conf.get(PROPAGATE_UNMATCHED_EXTENSIONS).contains(kind);
    }
}
