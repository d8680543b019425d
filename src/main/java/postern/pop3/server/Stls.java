package postern.pop3.server;

/// STLS (RFC 2595 §4). Whoever sends anything behind it before TLS has begun (CVE-2011-0411) is disconnected,
/// and what was sent is never looked at.
record Stls() implements Command {
    static Stls parse(Pop3Parser parser) {
        parser.noMore();
        return new Stls();
    }

    @Override
    public Response run(Pop3Session session) {
        if (session.isTls()) {
            throw new Response.Refused("-ERR TLS is already active.");
        }
        if (!session.canStartTls()) {
            throw new Response.Refused("-ERR TLS support isn't enabled.");
        }
        int ahead = session.chat().window().discard();
        if (ahead > 0) {
            session.log().warning(ahead + " bytes behind STLS in clear thrown away");
            return Response.last("-ERR Plaintext after STLS.");
        }
        session.afterResponse(session::startTls);
        return Response.of("+OK Begin TLS negotiation now.");
    }
}
