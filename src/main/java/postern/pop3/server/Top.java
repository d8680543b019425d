package postern.pop3.server;

import postern.mailbox.MessageRef;

/// TOP (RFC 1939 §7).
///
/// @param lines how many behind the header
record Top(int message, int lines) implements Command {
    static Top parse(Pop3Parser parser) {
        int message = parser.message();
        int lines = parser.lines();
        parser.end();
        return new Top(message, lines);
    }

    @Override
    public Response run(Pop3Session session) {
        Maildrop drop = session.requireMaildrop();
        MessageRef found = drop.find(drop.index(message));
        return Response.of("+OK", MessageText.top(drop.open(found), lines, session.chat(), session.served()::top));
    }
}
