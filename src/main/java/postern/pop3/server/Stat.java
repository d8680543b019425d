package postern.pop3.server;

/// STAT (RFC 1939 §5).
record Stat() implements Command {
    static Stat parse(Pop3Parser parser) {
        return new Stat();
    }

    @Override
    public Response run(Pop3Session session) {
        Maildrop drop = session.requireMaildrop();
        return Response.of("+OK " + drop.count() + " " + drop.bytes());
    }
}
