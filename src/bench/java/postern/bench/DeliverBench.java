package postern.bench;

import java.io.IOException;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.LinkedHashMap;
import java.util.Locale;
import java.util.Map;

/// `./dev bench deliver`: mail into mailboxes, forced to disk before it is answered, beside Dovecot's LMTP
/// and Postfix with Dovecot behind it, in turns; each message is read back by POP3.
public final class DeliverBench {
    private static final PrintStream OUT = new PrintStream(System.out, true, StandardCharsets.UTF_8);
    private static final int KB = 1024;
    private static final Duration WARM_UP = Duration.ofSeconds(4);
    private static final int WARM_UP_CONNECTIONS = 9;
    private static final double AIM = 8;

    private final DeliverOptions options;
    private final MailHosts hosts;
    private boolean clean = true;

    private DeliverBench(DeliverOptions options) throws IOException {
        this.options = options;
        this.hosts = new MailHosts(options, OUT);
    }

    public static void main(String[] arguments) throws IOException {
        DeliverOptions options;
        try {
            options = DeliverOptions.parse(arguments);
        } catch (IllegalArgumentException e) {
            OUT.println("bench: " + e.getMessage());
            OUT.print(DeliverOptions.USAGE);
            System.exit(64);
            return;
        }
        DeliverBench bench = new DeliverBench(options);
        bench.run();
        System.exit(bench.clean ? 0 : 1);
    }

    private void run() throws IOException {
        OUT.printf("deliver: %s; all force to disk before they answer%n", MailHosts.machine());
        OUT.printf(
                "median of %d rounds of %d s in turns, after a warm-up; msgs/s counts to the last message in its mailbox; load average %s%n",
                options.runs(), options.time().toSeconds(), MailHosts.load());
        OUT.println("4K forces: forced 4 KB appends/s before the round; tool: share of the machine's CPU it took");
        DeliverRound.Load warm =
                new DeliverRound.Load(new Letter(4 * KB), WARM_UP_CONNECTIONS, MailHost.MAILBOXES, WARM_UP);
        for (MailHost host : hosts.all().values()) {
            DeliverRound.of(host, warm, hosts.directory());
        }
        for (int kilobytes : options.kilobytes()) {
            for (int mailboxes : options.mailboxes()) {
                for (int connections : options.connections()) {
                    Letter letter = new Letter(kilobytes * KB);
                    OUT.printf("%n%d KB, %d connections, %d mailboxes%n", kilobytes, connections, mailboxes);
                    compare(new DeliverRound.Load(letter, connections, mailboxes, options.time()));
                }
            }
        }
        OUT.printf("%nload average at the end: %s%n", MailHosts.load());
        OUT.println(
                clean
                        ? "Every accepted message was in its mailbox once and unaltered."
                        : "MESSAGES WERE LOST, DOUBLED OR ALTERED.");
    }

    private void compare(DeliverRound.Load load) throws IOException {
        Map<String, DeliverFigures> figures = new LinkedHashMap<>();
        hosts.all().forEach((name, host) -> figures.put(name, new DeliverFigures(host.name())));
        for (int run = 0; run < options.runs(); run++) {
            for (Map.Entry<String, MailHost> host : hosts.all().entrySet()) {
                figures.get(host.getKey()).add(DeliverRound.of(host.getValue(), load, hosts.directory()));
            }
        }
        OUT.println(DeliverFigures.heading());
        for (DeliverFigures each : figures.values()) {
            OUT.println(each.row());
            clean &= each.clean();
        }
        DeliverFigures ours = figures.get("postern");
        figures.forEach((name, other) -> {
            if (ours != null && ours != other) {
                OUT.printf(
                        Locale.ROOT,
                        "  %.1f times that of %s%s%n",
                        ours.perSecond() / other.perSecond(),
                        hosts.all().get(name).name(),
                        name.equals("dovecot") ? String.format(Locale.ROOT, " (aim %.0f)", AIM) : "");
            }
        });
    }
}
