package postern.pop3.server;

import org.jspecify.annotations.Nullable;

/// UIDL (RFC 1939 §7).
///
/// @param message its number, or null for all
record Uidl(@Nullable Integer message) implements Command {
    static Uidl parse(Pop3Parser parser) {
        if (parser.atEnd()) {
            return new Uidl(null);
        }
        int message = parser.message();
        parser.end();
        return new Uidl(message);
    }

    @Override
    public Response run(Pop3Session session) {
        Maildrop drop = session.requireMaildrop();
        if (message != null) {
            return Response.of("+OK " + message + " " + drop.uniqueId(drop.index(message)));
        }
        return Response.of("+OK", to -> {
            Lines lines = new Lines(to);
            for (int index = drop.next(0); index >= 0; index = drop.next(index + 1)) {
                lines.add((index + 1) + " " + drop.uniqueId(index));
            }
            lines.flush();
        });
    }
}
