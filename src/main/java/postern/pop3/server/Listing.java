package postern.pop3.server;

import org.jspecify.annotations.Nullable;

/// LIST (RFC 1939 §5).
///
/// @param message its number, or null for all
record Listing(@Nullable Integer message) implements Command {
    static Listing parse(Pop3Parser parser) {
        if (parser.atEnd()) {
            return new Listing(null);
        }
        int message = parser.message();
        parser.end();
        return new Listing(message);
    }

    @Override
    public Response run(Pop3Session session) {
        Maildrop drop = session.requireMaildrop();
        if (message != null) {
            int index = drop.index(message);
            return Response.of("+OK " + message + " " + drop.size(index));
        }
        return Response.of("+OK " + drop.count() + " messages:", to -> {
            Lines lines = new Lines(to);
            for (int index = drop.next(0); index >= 0; index = drop.next(index + 1)) {
                lines.add((index + 1) + " " + drop.size(index));
            }
            lines.flush();
        });
    }
}
