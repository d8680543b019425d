package postern.pop3.server;

import java.util.function.LongConsumer;
import postern.mailbox.MessageRef;

/// RETR (RFC 1939 §5).
record Retr(int message) implements Command {
    static Retr parse(Pop3Parser parser) {
        int message = parser.message();
        parser.end();
        return new Retr(message);
    }

    @Override
    public Response run(Pop3Session session) {
        Maildrop drop = session.requireMaildrop();
        int index = drop.index(message);
        MessageRef found = drop.find(index);
        LongConsumer sent = bytes -> {
            session.served().retrieved(bytes);
            drop.retrieved(index, found);
        };
        return Response.of(
                "+OK " + drop.size(index) + " octets", MessageText.whole(drop.open(found), session.chat(), sent));
    }
}
