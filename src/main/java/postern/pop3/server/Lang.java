package postern.pop3.server;

import java.util.List;

/// LANG (RFC 6856 §3): there is English.
///
/// @param tag a language, `*` for whichever, or empty to be told which there are
record Lang(String tag) implements Command {
    private static final List<String> ALL = List.of("en English", "i-default Default language");

    static Lang parse(Pop3Parser parser) {
        String tag = parser.word();
        parser.noMore();
        return new Lang(tag);
    }

    @Override
    public Response run(Pop3Session session) {
        if (tag.isEmpty()) {
            return Response.of("+OK Language listing follows:", to -> Lines.write(to, ALL));
        }
        if (tag.equals("*") || tag.equalsIgnoreCase("i-default")) {
            return Response.of("+OK i-default Language changed");
        }
        if (tag.equalsIgnoreCase("en")) {
            return Response.of("+OK en Language changed");
        }
        throw new Response.Refused("-ERR i-default Unknown language");
    }
}
