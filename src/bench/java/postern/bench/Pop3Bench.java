package postern.bench;

import java.io.IOException;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;

/// `./dev bench pop3`: one client downloads a mailbox of 10,000 messages, from ours and from Dovecot in turns.
public final class Pop3Bench {
    private static final PrintStream OUT = new PrintStream(System.out, true, StandardCharsets.UTF_8);
    private static final int KB = 1024;
    private static final int CONNECTIONS = 9;
    /// Downloads before any is counted: the server has run for a while.
    private static final int WARM = 8;

    private static final Duration LONGEST_FILL = Duration.ofHours(1);
    private static final int[] AHEAD = {1, 64};
    private static final double AIM = 1.5;

    private final DeliverOptions options;
    private final MailHosts hosts;
    private int run = 1 << 20;
    private boolean clean = true;

    private Pop3Bench(DeliverOptions options) throws IOException {
        this.options = options;
        this.hosts = new MailHosts(options, OUT);
    }

    public static void main(String[] arguments) throws IOException {
        DeliverOptions options;
        try {
            List<String> all = new ArrayList<>(List.of("--only", "postern,dovecot"));
            all.addAll(List.of(arguments));
            options = DeliverOptions.parse(all.toArray(String[]::new));
        } catch (IllegalArgumentException e) {
            OUT.println("bench: " + e.getMessage());
            OUT.print(DeliverOptions.USAGE);
            System.exit(64);
            return;
        }
        Pop3Bench bench = new Pop3Bench(options);
        bench.run();
        System.exit(bench.clean ? 0 : 1);
    }

    private void run() throws IOException {
        OUT.printf("pop3: %s%n", MailHosts.machine());
        OUT.printf(
                "median of %d downloads of %d messages in turns, after %d; from the connection to the last byte; load average %s%n",
                options.runs(), options.messages(), WARM, MailHosts.load());
        for (int kilobytes : options.kilobytes()) {
            Map<String, Ledger> filled = new LinkedHashMap<>();
            for (Map.Entry<String, MailHost> host : hosts.all().entrySet()) {
                filled.put(host.getKey(), fill(host.getValue(), new Letter(kilobytes * KB)));
                double first = download(host.getValue(), filled.get(host.getKey()), AHEAD[1]);
                OUT.printf(
                        Locale.ROOT,
                        "  %-20s %9.0f msgs/s, the first download%n",
                        host.getValue().name(),
                        first);
                for (int i = 1; i < WARM; i++) {
                    download(host.getValue(), filled.get(host.getKey()), AHEAD[i % AHEAD.length]);
                }
            }
            for (int ahead : AHEAD) {
                OUT.printf("%n%d KB, %s%n", kilobytes, ahead == 1 ? "one RETR at a time" : ahead + " RETR at once");
                compare(filled, ahead);
            }
            for (MailHost host : hosts.all().values()) {
                try (Pop3Reader reader = new Pop3Reader(host.pop3(), Dialect.user(0))) {
                    reader.deleteAll();
                }
            }
        }
        OUT.println(clean ? "Every message came once and unaltered." : "MESSAGES WERE LOST, DOUBLED OR ALTERED.");
    }

    private Ledger fill(MailHost host, Letter letter) throws IOException {
        Ledger ledger = new Ledger(run++, options.messages());
        try (LoadGenerator generator = new LoadGenerator(ledger, letter, CONNECTIONS, Dialect.to(host.hello(), 1))) {
            generator.run(host.address(), LONGEST_FILL);
        }
        host.awaitDelivered(ledger.lastAcceptance());
        return ledger;
    }

    private void compare(Map<String, Ledger> filled, int ahead) throws IOException {
        Map<String, List<Double>> rates = new LinkedHashMap<>();
        hosts.all().keySet().forEach(name -> rates.put(name, new ArrayList<>()));
        for (int i = 0; i < options.runs(); i++) {
            for (Map.Entry<String, MailHost> host : hosts.all().entrySet()) {
                rates.get(host.getKey()).add(download(host.getValue(), filled.get(host.getKey()), ahead));
            }
        }
        Map<String, Double> medians = new LinkedHashMap<>();
        rates.forEach((name, all) -> {
            List<Double> sorted = all.stream().sorted().toList();
            medians.put(name, sorted.get(sorted.size() / 2));
            OUT.printf(
                    Locale.ROOT,
                    "  %-20s %9.0f msgs/s  (%.0f–%.0f)%n",
                    hosts.all().get(name).name(),
                    sorted.get(sorted.size() / 2),
                    sorted.getFirst(),
                    sorted.getLast());
        });
        Double dovecot = medians.get("dovecot");
        Double ours = medians.get("postern");
        if (ours != null && dovecot != null) {
            OUT.printf(Locale.ROOT, "  %.2f times Dovecot's (aim %.1f)%n", ours / dovecot, AIM);
        }
    }

    /// Messages a second.
    private double download(MailHost host, Ledger sent, int ahead) throws IOException {
        Ledger ledger = sent.again();
        long begun = System.nanoTime();
        try (Pop3Reader reader = new Pop3Reader(host.pop3(), Dialect.user(0))) {
            reader.retrieve(ledger, ahead);
            double seconds = (System.nanoTime() - begun) / 1e9;
            reader.quit();
            clean &= ledger.arrivedCount() == options.messages() && ledger.doubled() + ledger.altered() == 0;
            return reader.count() / seconds;
        }
    }
}
