package postern.pop3.server;

import java.util.ArrayList;
import java.util.List;

/// CAPA (RFC 2449 §5).
record Capa() implements Command {
    static Capa parse(Pop3Parser parser) {
        return new Capa();
    }

    @Override
    public Response run(Pop3Session session) {
        List<String> all = new ArrayList<>(List.of("TOP", "UIDL", "RESP-CODES", "PIPELINING", "AUTH-RESP-CODE"));
        all.add("EXPIRE NEVER");
        if (session.maildrop() == null) {
            List<String> mechanisms = session.mechanisms();
            if (session.canStartTls()) {
                all.add("STLS");
            }
            if (mechanisms.contains(Pass.MECHANISM)) {
                all.add("USER");
            }
            if (!mechanisms.isEmpty()) {
                all.add("SASL " + String.join(" ", mechanisms));
            }
        }
        all.addAll(List.of("UTF8 USER", "LANG", "IMPLEMENTATION Postern"));
        return Response.of("+OK Capability list follows", to -> Lines.write(to, all));
    }
}
