package postern.pop3.server;

/// RSET (RFC 1939 §5): no message is to be deleted any more.
record Rset() implements Command {
    static Rset parse(Pop3Parser parser) {
        return new Rset();
    }

    @Override
    public Response run(Pop3Session session) {
        session.requireMaildrop().undelete();
        return Response.OK;
    }
}
