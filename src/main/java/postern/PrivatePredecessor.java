package postern;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.stream.Stream;
import postern.log.MailLog;
import postern.mailbox.AccountName;
import postern.mailbox.transfer.Import;
import postern.mailbox.transfer.MaildirTree;
import postern.mailbox.transfer.Report;

/// What docker-mailserver has left in the directories that are ours now: said at each start until it is taken over,
/// and never touched.
final class PrivatePredecessor {
    private static final List<String> QUEUES = List.of("maildrop", "incoming", "active", "deferred", "hold");

    private PrivatePredecessor() {}

    /// Looks round on a thread of its own: trees are large.
    static void announce(PrivateServer.Places places, MailLog log) {
        Thread.ofVirtual().name("predecessor").start(() -> lines(places).forEach(line -> log.warning("postern", line)));
    }

    static List<String> lines(PrivateServer.Places places) {
        List<String> lines = new ArrayList<>();
        mail(places, lines);
        queue(places.state().resolve("spool-postfix"), lines);
        return lines;
    }

    private static void mail(PrivateServer.Places places, List<String> lines) {
        List<MaildirTree.Found> waiting;
        try {
            Set<AccountName> taken = Import.taken(places.store());
            waiting = MaildirTree.accounts(places.mail(), new Report(line -> {})).stream()
                    .filter(found -> !taken.contains(found.account()))
                    .toList();
        } catch (IOException e) {
            lines.add(places.mail() + " cannot be looked through for older mail: " + e.getMessage());
            return;
        }
        List<MaildirTree.Found> maildirs =
                waiting.stream().filter(MaildirTree.Found::isMaildir).toList();
        if (!maildirs.isEmpty()) {
            long messages = maildirs.stream()
                    .mapToLong(found -> MaildirTree.messages(found.directory()))
                    .sum();
            lines.add(String.format(
                    "docker-mailserver's mail lies in %s and is not taken over yet: %d messages of %d accounts. Stop this server, run \"postern import maildir -c %s --mail %s %s\" and start it again",
                    places.mail(), messages, maildirs.size(), places.config(), places.mail(), places.mail()));
        }
        long others = waiting.size() - maildirs.size();
        if (others > 0) {
            lines.add(String.format(
                    "docker-mailserver's mail of %d accounts in %s is in sdbox or mdbox and is not taken over yet: docs/private.md says how \"postern import imap\" takes it",
                    others, places.mail()));
        }
    }

    private static void queue(Path spool, List<String> lines) {
        long waiting = 0;
        for (String queue : QUEUES) {
            try (Stream<Path> files = Files.walk(spool.resolve(queue))) {
                waiting += files.filter(Files::isRegularFile).count();
            } catch (IOException | UncheckedIOException e) {
                // no such queue, or not for our eyes
                continue;
            }
        }
        if (waiting > 0) {
            lines.add(String.format(
                    "%d messages wait in docker-mailserver's own queue (%s). Stop this server, start docker-mailserver once more, run \"docker exec mailserver postqueue -f\" until \"docker exec mailserver postqueue -p\" shows none, and stop it",
                    waiting, spool));
        }
    }
}
