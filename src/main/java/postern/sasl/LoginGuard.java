package postern.sasl;

import java.net.Inet4Address;
import java.net.InetAddress;
import java.nio.ByteBuffer;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.time.temporal.ChronoUnit;
import java.util.ArrayDeque;
import java.util.LinkedHashMap;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import postern.config.Cidr;
import postern.log.MailLog;

/// Makes guessing slow and, from one place, short: after each wrong guess the answer waits longer (1 s, 2 s,
/// 4 s … 16 s), counted for the client and for the login; after `postern_login_failure_limit` guesses within
/// `postern_login_find_time` the client's network is banned ([Bans]). A network is what one customer has: an
/// IPv4 address, the /64 of an IPv6 address.
///
/// A login is never banned: the right password from another network always works. A device that sends the
/// same wrong password again and again makes one guess, and who has logged in from a network before it was
/// banned still can: one person's bad device does not lock the household out.
///
/// There is one for all services, and it outlives a reload. State: tables of at most [#ENTRIES] clients, logins, and
/// relays that have logged in; the ones longest at rest are forgotten first.
public final class LoginGuard {
    static final int ENTRIES = 8192;
    private static final int MOST_DOUBLINGS = 4;
    /// Guesses beyond which no answer waits longer.
    private static final int SLOWEST_COUNT = MOST_DOUBLINGS + 1;

    private static final int CHECKS_AT_ONCE = 4;
    private static final int IP6_NETWORK = 64;

    private final InstantSource clock;
    private final Bans bans;
    private final MailLog log;
    private final ProcessSecret secret;
    private final Map<Long, Client> clients = bounded();
    private final Map<Long, Failures> logins = bounded();
    private final Map<Long, Boolean> relays = bounded();

    /// @param clock the time of day
    public LoginGuard(InstantSource clock, Bans bans, MailLog log) {
        this(clock, bans, log, ProcessSecret.fresh());
    }

    LoginGuard(InstantSource clock, Bans bans, MailLog log, ProcessSecret secret) {
        this.clock = clock;
        this.bans = bans;
        this.log = log;
        this.secret = secret;
    }

    /// Who is banned now.
    public Bans bans() {
        return bans;
    }

    Instant now() {
        return clock.instant();
    }

    /// What is the same for one login as long as the process runs.
    ProcessSecret secret() {
        return secret;
    }

    /// When guesses were made.
    private static class Failures {
        private final ArrayDeque<Instant> times = new ArrayDeque<>(4);

        /// @param most that are worth counting
        void add(Instant now, int most) {
            if (times.size() >= most) {
                times.removeFirst();
            }
            times.addLast(now);
        }

        int count(Instant now, Duration findTime) {
            while (!times.isEmpty() && !now.isBefore(times.getFirst().plus(findTime))) {
                times.removeFirst();
            }
            return times.size();
        }
    }

    private static final class Client extends Failures {
        final Ring guesses = new Ring();
        final Ring friends = new Ring();
        int checking;
    }

    /// The last eight numbers.
    private static final class Ring {
        private final long[] numbers = new long[8];
        private int next;

        /// False when it was there already.
        boolean add(long number) {
            if (contains(number)) {
                return false;
            }
            numbers[next] = number;
            next = (next + 1) % numbers.length;
            return true;
        }

        boolean contains(long number) {
            for (long known : numbers) {
                if (known == number) {
                    return true;
                }
            }
            return false;
        }

        void remove(long number) {
            for (int i = 0; i < numbers.length; i++) {
                if (numbers[i] == number) {
                    numbers[i] = 0;
                }
            }
        }
    }

    /// Whether who connects from here is not to be served at all.
    public boolean turnsAway(GuardRules rules, @Nullable InetAddress address) {
        Ban ban = ban(rules, address);
        return ban != null && (rules.connections() || ban.jail().equals(Ban.CUSTOM));
    }

    private @Nullable Ban ban(GuardRules rules, @Nullable InetAddress address) {
        Ban ban = bans.of(address);
        return ban == null || address == null || isTrusted(rules, address) ? null : ban;
    }

    /// Whether no ban reaches it.
    public boolean isTrusted(GuardRules rules, InetAddress address) {
        if (rules.exempt().test(address)) {
            return true;
        }
        synchronized (this) {
            return relays.containsKey(number(address));
        }
    }

    /// Asks before a password is checked: null when it may be, else why not. After null [#done] must follow.
    @Nullable
    String admit(GuardRules rules, @Nullable InetAddress address, String login) {
        Ban ban = ban(rules, address);
        synchronized (this) {
            Client client = client(address);
            if (client == null) {
                return null;
            }
            boolean isFriend = client.friends.contains(secret.number("login", login));
            if (ban != null && !(isFriend && ban.jail().equals(Ban.LOGIN))) {
                return ban.text() + " is banned until " + ban.until().truncatedTo(ChronoUnit.SECONDS);
            }
            if (client.checking >= CHECKS_AT_ONCE) {
                return "more than " + CHECKS_AT_ONCE + " logins at once from this address";
            }
            client.checking++;
            return null;
        }
    }

    /// The check that [#admit] let begin has ended.
    synchronized void done(@Nullable InetAddress address) {
        Client client = client(address);
        if (client != null && client.checking > 0) {
            client.checking--;
        }
    }

    synchronized void succeeded(GuardRules rules, @Nullable InetAddress address, String login) {
        Client client = client(address);
        if (address != null && rules.relays().test(login)) {
            relays.put(number(address), true);
        }
        if (client != null) {
            client.friends.add(secret.number("login", login));
        }
    }

    /// Counts a wrong guess and tells how long its answer is to wait.
    ///
    /// @param password what was guessed, or null when that cannot be known (SCRAM)
    Duration failed(GuardRules rules, @Nullable InetAddress address, String login, @Nullable String password) {
        boolean isBanned = ban(rules, address) != null;
        int ofClient;
        int ofLogin;
        synchronized (this) {
            Instant now = clock.instant();
            long number = secret.number("login", login);
            Failures guessed = logins.computeIfAbsent(number, any -> new Failures());
            Client client = client(address);
            boolean isNew = client == null
                    || password == null
                    || client.guesses.add(secret.number("guess", login + "\0" + password));
            if (isNew) {
                guessed.add(now, SLOWEST_COUNT);
            }
            if (isNew && client != null) {
                client.add(now, Math.max(rules.limit(), SLOWEST_COUNT));
            }
            ofLogin = guessed.count(now, rules.findTime());
            ofClient = client == null ? 0 : client.count(now, rules.findTime());
            if (client != null && (isBanned || isTooMany(rules, ofClient))) {
                client.friends.remove(number);
            }
        }
        if (address != null && !isBanned && isTooMany(rules, ofClient)) {
            ban(rules, address, network(address));
        }
        return delay(Math.max(ofClient, ofLogin));
    }

    private static boolean isTooMany(GuardRules rules, int failures) {
        return rules.limit() > 0 && failures >= rules.limit();
    }

    private void ban(GuardRules rules, InetAddress address, Cidr network) {
        if (isTrusted(rules, address)) {
            return;
        }
        bans.ban(network, Ban.LOGIN, rules.banTime());
        log.warning(
                "postern",
                Ban.text(network) + ": banned until "
                        + clock.instant().plus(rules.banTime()).truncatedTo(ChronoUnit.SECONDS) + ": " + rules.limit()
                        + " failed logins within " + rules.findTime().toSeconds() + "s");
    }

    private static Duration delay(int count) {
        return Duration.ofSeconds(1L << Math.min(Math.max(count - 1, 0), MOST_DOUBLINGS));
    }

    /// Null for a client without an address: a unix socket is not banned.
    private @Nullable Client client(@Nullable InetAddress address) {
        return address == null ? null : clients.computeIfAbsent(number(address), place -> new Client());
    }

    private static Cidr network(InetAddress address) {
        return Cidr.around(address, address instanceof Inet4Address ? 32 : IP6_NETWORK);
    }

    private static long number(InetAddress address) {
        ByteBuffer bytes = ByteBuffer.wrap(address.getAddress());
        return address instanceof Inet4Address ? 1L << 32 | bytes.getInt() & 0xffffffffL : bytes.getLong();
    }

    private static <V> Map<Long, V> bounded() {
        return new LinkedHashMap<>(16, 0.75f, true) {
            private static final long serialVersionUID = 1;

            @Override
            protected boolean removeEldestEntry(Map.Entry<Long, V> eldest) {
                return size() > ENTRIES;
            }
        };
    }
}
