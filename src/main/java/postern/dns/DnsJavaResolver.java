package postern.dns;

import java.net.IDN;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletionException;
import java.util.concurrent.Executor;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;
import org.xbill.DNS.AAAARecord;
import org.xbill.DNS.ARecord;
import org.xbill.DNS.Cache;
import org.xbill.DNS.DClass;
import org.xbill.DNS.MXRecord;
import org.xbill.DNS.NSRecord;
import org.xbill.DNS.Name;
import org.xbill.DNS.PTRRecord;
import org.xbill.DNS.Record;
import org.xbill.DNS.ReverseMap;
import org.xbill.DNS.SimpleResolver;
import org.xbill.DNS.TXTRecord;
import org.xbill.DNS.TextParseException;
import org.xbill.DNS.Type;
import org.xbill.DNS.lookup.LookupFailedException;
import org.xbill.DNS.lookup.LookupSession;
import org.xbill.DNS.lookup.NoSuchDomainException;
import org.xbill.DNS.lookup.NoSuchRRSetException;
import postern.wire.Utf8;

/// DNS over UDP, and TCP for what is too long for that, with dnsjava. The servers are asked in their order,
/// twice at most: a server that fails, refuses or says nothing makes room for the next. Answers, the negative
/// ones too, are kept for as long as they say, in a cache of bounded size. Neither the hosts file nor any of
/// dnsjava's process-wide defaults take part.
public final class DnsJavaResolver implements Resolver {
    private static final int ROUNDS = 2;
    private static final int ALIASES_AT_MOST = 10;
    private static final int CACHED_NAMES_AT_MOST = 5_000;
    private static final int CACHED_SECONDS_AT_MOST = 86_400;
    private static final int NEGATIVE_SECONDS_AT_MOST = 900;

    /// So many times the time of a server, over UDP, TCP and all aliases, and a question is given up: dnsjava
    /// stops its own threads when the process is told to end, and then answers nothing at all.
    private static final int PATIENCE = 4;

    private final List<LookupSession> servers = new ArrayList<>();
    private final Duration patience;

    /// @param timeout how long one server has for one answer
    public DnsJavaResolver(List<InetSocketAddress> servers, Duration timeout) {
        this.patience = timeout.multipliedBy(PATIENCE);
        Cache cache = new Cache(DClass.IN);
        cache.setMaxEntries(CACHED_NAMES_AT_MOST);
        cache.setMaxCache(CACHED_SECONDS_AT_MOST);
        cache.setMaxNCache(NEGATIVE_SECONDS_AT_MOST);
        Executor executor = Thread::startVirtualThread;
        for (InetSocketAddress address : servers) {
            SimpleResolver server = new SimpleResolver(address);
            server.setTimeout(timeout);
            this.servers.add(LookupSession.builder()
                    .resolver(server)
                    .cache(cache)
                    .maxRedirects(ALIASES_AT_MOST)
                    .executor(executor)
                    .build());
        }
    }

    @Override
    public Answer<Mx> mx(String domain) {
        return ask(domain, Type.MX, record -> {
            MXRecord mx = (MXRecord) record;
            return new Mx(mx.getPriority(), text(mx.getTarget()));
        });
    }

    @Override
    public Answer<String> ns(String zone) {
        return ask(zone, Type.NS, record -> text(((NSRecord) record).getTarget()));
    }

    @Override
    public Answer<InetAddress> a(String host) {
        return ask(host, Type.A, record -> ((ARecord) record).getAddress());
    }

    @Override
    public Answer<InetAddress> aaaa(String host) {
        return ask(host, Type.AAAA, record -> ((AAAARecord) record).getAddress());
    }

    @Override
    public Answer<String> ptr(InetAddress address) {
        return ask(ReverseMap.fromAddress(address), Type.PTR, record -> text(((PTRRecord) record).getTarget()));
    }

    @Override
    public Answer<String> txt(String name) {
        return ask(name, Type.TXT, record -> joined((TXTRecord) record));
    }

    private <T> Answer<T> ask(String text, int type, Function<Record, T> read) {
        Name name = name(text);
        return name == null ? new Answer.NoName<>() : ask(name, type, read);
    }

    private <T> Answer<T> ask(Name name, int type, Function<Record, T> read) {
        String reason = "no name server";
        for (int round = 0; round < ROUNDS; round++) {
            for (LookupSession server : servers) {
                try {
                    List<Record> records = server.lookupAsync(name, type)
                            .toCompletableFuture()
                            .orTimeout(patience.toMillis(), TimeUnit.MILLISECONDS)
                            .join()
                            .getRecords();
                    List<T> found = records.stream()
                            .filter(record -> record.getType() == type)
                            .map(read)
                            .toList();
                    return found.isEmpty() ? new Answer.NoData<>() : new Answer.Found<>(found);
                } catch (CompletionException e) {
                    switch (e.getCause()) {
                        case NoSuchDomainException none -> {
                            return new Answer.NoName<>();
                        }
                        case NoSuchRRSetException none -> {
                            return new Answer.NoData<>();
                        }
                        case null, default -> reason = reason(e.getCause());
                    }
                }
            }
        }
        return new Answer.TempFail<>(reason);
    }

    private static String reason(@Nullable Throwable cause) {
        return switch (cause) {
            case null -> "unknown";
            case TimeoutException timeout -> "timed out";
            case LookupFailedException failed
            when failed.getMessage() == null -> failed.getClass().getSimpleName();
            default -> cause.getMessage() == null ? cause.getClass().getSimpleName() : cause.getMessage();
        };
    }

    /// The name in its ASCII form (RFC 5891), or null when there can be no such name.
    private static @Nullable Name name(String text) {
        try {
            String ascii = text.chars().allMatch(c -> c < 128) ? text : IDN.toASCII(text, IDN.ALLOW_UNASSIGNED);
            return ascii.isEmpty() || ascii.indexOf('\\') >= 0
                    ? null
                    : Name.fromString(ascii.endsWith(".") ? ascii : ascii + ".");
        } catch (TextParseException | IllegalArgumentException e) {
            return null;
        }
    }

    /// Without the last dot; the root is the empty name.
    private static String text(Name name) {
        return name.equals(Name.root) ? "" : name.toString(true);
    }

    private static String joined(TXTRecord record) {
        int length = 0;
        for (byte[] part : record.getStringsAsByteArrays()) {
            length += part.length;
        }
        byte[] whole = new byte[length];
        int at = 0;
        for (byte[] part : record.getStringsAsByteArrays()) {
            System.arraycopy(part, 0, whole, at, part.length);
            at += part.length;
        }
        return Utf8.orLatin1(whole, 0, length);
    }
}
