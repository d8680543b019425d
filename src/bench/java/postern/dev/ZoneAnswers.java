package postern.dev;

import java.io.IOException;
import java.net.InetAddress;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;
import org.xbill.DNS.DClass;
import org.xbill.DNS.Message;
import org.xbill.DNS.Name;
import org.xbill.DNS.Rcode;
import org.xbill.DNS.Record;
import org.xbill.DNS.Section;
import org.xbill.DNS.Type;
import postern.dns.FakeNameServer;
import postern.dns.FixedResolver;
import postern.dns.Resolver.Answer;

/// A zone of the tests, on the wire: for programs that ask DNS themselves.
record ZoneAnswers(FixedResolver zone) {
    private static final int TTL = 300;
    private static final String REVERSE = ".in-addr.arpa";

    /// The answer to a query; null says nothing, as a server does that cannot be reached.
    byte @Nullable [] answer(Message query) {
        String name = query.getQuestion().getName().toString(true);
        return switch (query.getQuestion().getType()) {
            case Type.MX -> reply(query, zone.mx(name), mx -> mx.preference() + " " + absolute(mx.host()));
            case Type.NS -> reply(query, zone.ns(name), ZoneAnswers::absolute);
            case Type.A -> reply(query, zone.a(name), InetAddress::getHostAddress);
            case Type.AAAA -> reply(query, zone.aaaa(name), InetAddress::getHostAddress);
            case Type.TXT -> reply(query, zone.txt(name), text -> "\"" + text + "\"");
            case Type.PTR ->
                name.endsWith(REVERSE)
                        ? reply(query, zone.ptr(address(name)), ZoneAnswers::absolute)
                        : FakeNameServer.reply(query, Rcode.NXDOMAIN).toWire();
            default -> reply(query, new Answer.NoData<String>(), text -> text);
        };
    }

    private static <T> byte @Nullable [] reply(Message query, Answer<T> answer, Function<T, String> text) {
        return switch (answer) {
            case Answer.NoName<T>() ->
                FakeNameServer.reply(query, Rcode.NXDOMAIN).toWire();
            case Answer.TempFail<T>(String reason) ->
                reason.equals("timed out")
                        ? null
                        : FakeNameServer.reply(query, Rcode.SERVFAIL).toWire();
            case Answer.NoData<T>() ->
                FakeNameServer.reply(query, Rcode.NOERROR).toWire();
            case Answer.Found<T> found -> {
                Message reply = FakeNameServer.reply(query, Rcode.NOERROR);
                found.records().forEach(each -> reply.addRecord(record(query, text.apply(each)), Section.ANSWER));
                yield reply.toWire();
            }
        };
    }

    private static Record record(Message query, String text) {
        Record question = query.getQuestion();
        try {
            return Record.fromString(question.getName(), question.getType(), DClass.IN, TTL, text, Name.root);
        } catch (IOException e) {
            throw new IllegalArgumentException(text, e);
        }
    }

    private static String absolute(String name) {
        return name + ".";
    }

    private static InetAddress address(String reverse) {
        String[] labels =
                reverse.substring(0, reverse.length() - REVERSE.length()).split("\\.", -1);
        return InetAddress.ofLiteral(labels[3] + "." + labels[2] + "." + labels[1] + "." + labels[0]);
    }
}
