package postern.pop3.server;

/// USER (RFC 1939 §7): the first half of a login. What it names is looked at with PASS.
record User(String name) implements Command {
    static User parse(Pop3Parser parser) {
        String name = parser.rest().strip();
        if (name.isEmpty()) {
            throw new Response.Refused("-ERR No username given.");
        }
        return new User(name);
    }

    @Override
    public Response run(Pop3Session session) {
        Pass.requireOffered(session);
        session.user(name);
        return Response.OK;
    }
}
