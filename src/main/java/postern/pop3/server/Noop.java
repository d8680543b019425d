package postern.pop3.server;

/// NOOP (RFC 1939 §5).
record Noop() implements Command {
    static Noop parse(Pop3Parser parser) {
        return new Noop();
    }

    @Override
    public Response run(Pop3Session session) {
        return Response.OK;
    }
}
