package postern.admin;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.temporal.ChronoUnit;
import java.util.List;
import java.util.Map;
import postern.queue.DestinationState;
import postern.queue.Queue;

/// How the server is.
final class Status implements Command {
    private static final long MEGABYTE = 1024 * 1024;
    private static final String ROW = "%-10s %-32s %6s %7s %7s  %s";

    @Override
    public Exit run(List<String> arguments, Scene scene, Answer answer) throws IOException {
        Running running = scene.running();
        if (running != null) {
            Duration up = Duration.between(running.since(), running.clock().instant());
            answer.line(running.name() + ", up " + uptime(up) + ", since "
                    + running.since().truncatedTo(ChronoUnit.SECONDS));
            answer.line(memory());
        } else {
            answer.line("no server runs here");
        }
        Queue.Counts counts = scene.operator().counts();
        answer.line(
                "queue: " + counts.waiting() + " waiting, " + counts.active() + " active, " + counts.held() + " held");
        if (running != null && scene.mailroom() != null) {
            Map<String, Long> usage = scene.mailboxes().usage();
            long bytes = usage.values().stream().mapToLong(Long::longValue).sum();
            answer.line("mailboxes: " + usage.size() + (usage.size() == 1 ? " account has " : " accounts have ")
                    + bytes / MEGABYTE + " MB of mail");
        }
        List<DestinationState> destinations = scene.operator().destinations();
        if (!destinations.isEmpty()) {
            answer.line(ROW.formatted("transport", "destination", "window", "running", "waiting", "down because"));
        }
        for (DestinationState state : destinations) {
            answer.line(ROW.formatted(
                            state.transport(),
                            state.nextHop(),
                            state.window(),
                            state.running(),
                            state.waiting(),
                            state.outage())
                    .stripTrailing());
        }
        return running == null ? Exit.UNAVAILABLE : Exit.OK;
    }

    private static String uptime(Duration up) {
        return "%d days %d:%02d:%02d".formatted(up.toDays(), up.toHoursPart(), up.toMinutesPart(), up.toSecondsPart());
    }

    private static String memory() {
        Runtime runtime = Runtime.getRuntime();
        long used = (runtime.totalMemory() - runtime.freeMemory()) / MEGABYTE;
        return "memory: " + resident() + used + " of " + runtime.maxMemory() / MEGABYTE + " MB heap";
    }

    /// Where the system tells it (Linux).
    private static String resident() {
        try {
            for (String line : Files.readAllLines(Path.of("/proc/self/status"))) {
                if (line.startsWith("VmRSS:")) {
                    return Long.parseLong(line.replaceAll("[^0-9]", "")) / 1024 + " MB resident, ";
                }
            }
        } catch (IOException e) {
            // said without it
        }
        return "";
    }
}
