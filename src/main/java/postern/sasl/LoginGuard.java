package postern.sasl;

import java.net.Inet4Address;
import java.net.InetAddress;
import java.nio.ByteBuffer;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.time.temporal.ChronoUnit;
import java.util.LinkedHashMap;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/// Makes guessing slow and, from one place, short: after each wrong guess the answer waits longer (1 s, 2 s,
/// 4 s … 16 s), counted for the client (an IPv6 client by its /64) and for the login; after
/// `postern_login_failure_limit` guesses the client is not listened to for `postern_login_ban_time`.
///
/// A login is never banned: the right password from another address always works. A device that sends the
/// same wrong password again and again makes one guess, and who has logged in from a banned address before
/// still can: one person's bad device does not lock the household out.
///
/// State: two tables of at most [#ENTRIES] clients and logins; the ones longest at rest are forgotten first.
final class LoginGuard {
    static final int ENTRIES = 8192;
    private static final int MOST_DOUBLINGS = 4;
    private static final int CHECKS_AT_ONCE = 4;

    private final InstantSource clock;
    private final ProcessSecret secret;
    private final int limit;
    private final Duration banTime;
    private final Map<Long, Client> clients = bounded();
    private final Map<Long, Failures> logins = bounded();

    LoginGuard(InstantSource clock, ProcessSecret secret, int limit, Duration banTime) {
        this.clock = clock;
        this.secret = secret;
        this.limit = limit;
        this.banTime = banTime;
    }

    /// Failures that are forgotten when none came for the ban time.
    private static class Failures {
        int count;
        Instant last = Instant.MIN;
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

    /// Asks before a password is checked: null when it may be, else why not. After null [#done] must follow.
    synchronized @Nullable String admit(@Nullable InetAddress address, String login) {
        Client client = client(address);
        if (client == null) {
            return null;
        }
        fade(client);
        if (client.count >= limit && !client.friends.contains(secret.number("login", login))) {
            return "too many failures from this address, not checked until "
                    + client.last.plus(banTime).truncatedTo(ChronoUnit.SECONDS);
        }
        if (client.checking >= CHECKS_AT_ONCE) {
            return "more than " + CHECKS_AT_ONCE + " logins at once from this address";
        }
        client.checking++;
        return null;
    }

    /// The check that [#admit] let begin has ended.
    synchronized void done(@Nullable InetAddress address) {
        Client client = client(address);
        if (client != null && client.checking > 0) {
            client.checking--;
        }
    }

    synchronized void succeeded(@Nullable InetAddress address, String login) {
        Client client = client(address);
        if (client != null) {
            client.friends.add(secret.number("login", login));
        }
    }

    /// Counts a wrong guess and tells how long its answer is to wait.
    ///
    /// @param password what was guessed, or null when that cannot be known (SCRAM)
    synchronized Duration failed(@Nullable InetAddress address, String login, @Nullable String password) {
        long loginNumber = secret.number("login", login);
        Failures guessed = logins.computeIfAbsent(loginNumber, number -> new Failures());
        fade(guessed);
        Client client = client(address);
        if (client == null) {
            count(guessed);
            return delay(guessed.count);
        }
        fade(client);
        if (password == null || client.guesses.add(secret.number("guess", login + "\0" + password))) {
            count(guessed);
            count(client);
            if (client.count >= limit) {
                client.friends.remove(loginNumber);
            }
        }
        return delay(Math.max(client.count, guessed.count));
    }

    private void count(Failures failures) {
        failures.count = Math.min(failures.count + 1, Integer.MAX_VALUE - 1);
        failures.last = clock.instant();
    }

    private void fade(Failures failures) {
        if (failures.count > 0 && !clock.instant().isBefore(failures.last.plus(banTime))) {
            failures.count = 0;
        }
    }

    private static Duration delay(int count) {
        return Duration.ofSeconds(1L << Math.min(Math.max(count - 1, 0), MOST_DOUBLINGS));
    }

    /// Null for a client without an address: a unix socket is not banned.
    private @Nullable Client client(@Nullable InetAddress address) {
        return address == null ? null : clients.computeIfAbsent(place(address), place -> new Client());
    }

    /// An IPv4 address, or the /64 of an IPv6 address: that is what one customer has.
    private static long place(InetAddress address) {
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
