package postern.pop3.server;

/// DELE (RFC 1939 §5): the message goes when the session ends with QUIT.
record Dele(int message) implements Command {
    static Dele parse(Pop3Parser parser) {
        int message = parser.message();
        parser.end();
        return new Dele(message);
    }

    @Override
    public Response run(Pop3Session session) {
        Maildrop drop = session.requireMaildrop();
        drop.delete(drop.index(message));
        return Response.of("+OK Marked to be deleted.");
    }
}
