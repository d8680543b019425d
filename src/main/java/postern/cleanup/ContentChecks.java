package postern.cleanup;

import java.util.Arrays;
import java.util.EnumSet;
import java.util.List;
import java.util.Set;
import org.jspecify.annotations.Nullable;
import postern.config.MainCf;
import postern.config.Parameter;
import postern.lookup.Tables;
import postern.message.MimeFlaw;
import postern.message.MimeParts;

/// Which tables look into messages, how deep, and what of MIME's rules is insisted on (header_checks(5)).
final class ContentChecks {
    static final Parameter<List<String>> HEADER_CHECKS = Parameter.list("header_checks", "")
            .doc("Tables that each field of a message's header is shown to (header_checks(5)).");
    static final Parameter<List<String>> MIME_HEADER_CHECKS = Parameter.list("mime_header_checks", "$header_checks")
            .doc("Tables for fields about MIME, and for the headers of parts.");
    static final Parameter<List<String>> NESTED_HEADER_CHECKS = Parameter.list("nested_header_checks", "$header_checks")
            .doc("Tables for the headers of attached messages.");
    static final Parameter<List<String>> BODY_CHECKS =
            Parameter.list("body_checks", "").doc("Tables that each line of text is shown to.");
    static final Parameter<Long> BODY_CHECKS_SIZE_LIMIT = Parameter.size("body_checks_size_limit", "51200")
            .doc("Bytes of each part that are shown to body_checks; 0 means all.");
    static final Parameter<Integer> MIME_NESTING_LIMIT = Parameter.integer("mime_nesting_limit", "100")
            .doc("How deep multiparts may lie within each other where messages are looked into.");
    static final Parameter<Integer> MIME_BOUNDARY_LENGTH_LIMIT =
            Parameter.integer("mime_boundary_length_limit", "2048").doc("Bytes of a multipart's boundary that count.");
    static final Parameter<Boolean> DISABLE_MIME_INPUT_PROCESSING = Parameter.bool(
                    "disable_mime_input_processing", "no")
            .doc("Whether all behind a message's own header is one body.");
    static final Parameter<Boolean> STRICT_7BIT_HEADERS = Parameter.bool("strict_7bit_headers", "no")
            .doc("Whether mail with 8-bit characters in header fields is refused.");
    static final Parameter<Boolean> STRICT_8BITMIME_BODY = Parameter.bool("strict_8bitmime_body", "no")
            .doc("Whether mail with 8-bit text that does not say so is refused.");
    static final Parameter<Boolean> STRICT_8BITMIME =
            Parameter.bool("strict_8bitmime", "no").doc("strict_7bit_headers and strict_8bitmime_body.");
    static final Parameter<Boolean> STRICT_MIME_ENCODING_DOMAIN = Parameter.bool("strict_mime_encoding_domain", "no")
            .doc("Whether mail with an encoded multipart or message is refused.");
    private static final Parameter<Integer> HEADER_SIZE_LIMIT = Parameter.integer("header_size_limit", "102400");
    private static final Parameter<Integer> LINE_LENGTH_LIMIT = Parameter.integer("line_length_limit", "2048");

    static final List<Parameter<?>> PARAMETERS = List.of(
            HEADER_CHECKS,
            MIME_HEADER_CHECKS,
            NESTED_HEADER_CHECKS,
            BODY_CHECKS,
            BODY_CHECKS_SIZE_LIMIT,
            MIME_NESTING_LIMIT,
            MIME_BOUNDARY_LENGTH_LIMIT,
            DISABLE_MIME_INPUT_PROCESSING,
            STRICT_7BIT_HEADERS,
            STRICT_8BITMIME_BODY,
            STRICT_8BITMIME,
            STRICT_MIME_ENCODING_DOMAIN);

    private final @Nullable CheckTable header;
    private final @Nullable CheckTable mime;
    private final @Nullable CheckTable nested;
    private final @Nullable CheckTable body;
    private final long bodyLimit;
    private final boolean findsParts;
    private final MimeParts.Limits limits;
    private final Set<MimeFlaw> refused;

    private ContentChecks(MainCf conf, Tables tables) {
        header = table(conf, tables, HEADER_CHECKS);
        mime = table(conf, tables, MIME_HEADER_CHECKS);
        nested = table(conf, tables, NESTED_HEADER_CHECKS);
        body = table(conf, tables, BODY_CHECKS);
        bodyLimit = conf.get(BODY_CHECKS_SIZE_LIMIT);
        findsParts = !conf.get(DISABLE_MIME_INPUT_PROCESSING);
        limits = new MimeParts.Limits(
                conf.get(HEADER_SIZE_LIMIT),
                conf.get(LINE_LENGTH_LIMIT),
                conf.get(MIME_NESTING_LIMIT),
                conf.get(MIME_BOUNDARY_LENGTH_LIMIT));
        refused = refused(conf);
        if (header != null || mime != null || nested != null || !refused.isEmpty()) {
            refused.add(MimeFlaw.NESTING);
        }
    }

    /// What the configuration wants; null when it wants nothing: then no message is looked into.
    static @Nullable ContentChecks of(MainCf conf, Tables tables) {
        ContentChecks checks = new ContentChecks(conf, tables);
        return checks.header == null && !checks.coverBody() ? null : checks;
    }

    /// Sees to it that no table wants what only a message that is kept can undergo.
    ///
    /// @throws ConfigException naming the line, and the way out
    void requirePassable(MainCf conf) {
        for (CheckTable table : Arrays.asList(header, mime, nested, body)) {
            String action = table == null ? null : table.keepingAction();
            if (table != null && action != null) {
                throw conf.error(
                        table.parameter(),
                        table.table().name() + " has " + action + ", which cannot be done with mail that is handed"
                                + " over before it is accepted; set postern_handover = queue to have it",
                        null);
            }
        }
    }

    private static @Nullable CheckTable table(MainCf conf, Tables tables, Parameter<List<String>> parameter) {
        return conf.get(parameter).isEmpty() ? null : new CheckTable(parameter.name(), tables.open(parameter));
    }

    private static EnumSet<MimeFlaw> refused(MainCf conf) {
        EnumSet<MimeFlaw> flaws = EnumSet.noneOf(MimeFlaw.class);
        if (conf.get(STRICT_7BIT_HEADERS) || conf.get(STRICT_8BITMIME)) {
            flaws.add(MimeFlaw.EIGHT_BIT_HEADER);
        }
        if (conf.get(STRICT_8BITMIME_BODY) || conf.get(STRICT_8BITMIME)) {
            flaws.add(MimeFlaw.EIGHT_BIT_BODY);
        }
        if (conf.get(STRICT_MIME_ENCODING_DOMAIN)) {
            flaws.add(MimeFlaw.ENCODING_DOMAIN);
        }
        return flaws;
    }

    /// Who judges a field; null when nobody does.
    @Nullable
    CheckTable of(MimeParts.Place place, boolean isMime) {
        return isMime
                ? mime
                : switch (place) {
                    case MESSAGE -> header;
                    case PART -> mime;
                    case NESTED -> nested;
                };
    }

    /// Who judges a line of text that stands there in its part; null when nobody does.
    @Nullable
    CheckTable ofText(long offset) {
        return bodyLimit == 0 || offset < bodyLimit ? body : null;
    }

    /// Whether what follows the message's own header matters.
    boolean coverBody() {
        return mime != null
                || nested != null
                || body != null
                || refused.stream().anyMatch(flaw -> flaw != MimeFlaw.NESTING);
    }

    boolean findsParts() {
        return findsParts;
    }

    MimeParts.Limits limits() {
        return limits;
    }

    Set<MimeFlaw> refused() {
        return refused;
    }
}
