package postern.pop3.server;

/// QUIT (RFC 1939 §4, §6): the one end of a session at which messages are deleted.
record Quit() implements Command {
    static Quit parse(Pop3Parser parser) {
        return new Quit();
    }

    @Override
    public Response run(Pop3Session session) {
        Maildrop drop = session.maildrop();
        if (drop == null) {
            return Response.last("+OK Logging out");
        }
        boolean updated = drop.update();
        // before the client hears that it is over: it may come again at once
        session.giveBackMaildrop();
        if (!updated) {
            return Response.last("-ERR [SYS/TEMP] Couldn't delete messages.");
        }
        session.served().expunged(drop.deleted());
        return Response.last(drop.deleted() == 0 ? "+OK Logging out." : "+OK Logging out, messages deleted.");
    }
}
