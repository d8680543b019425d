package postern.pop3.server;

/// UTF8 (RFC 6856 §2.1). Nothing here depends on it: what is sent is UTF-8 where it is not ASCII.
record Utf8Mode() implements Command {
    static Utf8Mode parse(Pop3Parser parser) {
        parser.noMore();
        return new Utf8Mode();
    }

    @Override
    public Response run(Pop3Session session) {
        return Response.of("+OK UTF8 enabled");
    }
}
