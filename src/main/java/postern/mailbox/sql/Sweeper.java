package postern.mailbox.sql;

import java.io.IOException;
import java.util.List;
import java.util.Map;
import postern.log.MailLog;
import postern.mailbox.body.Bodies;
import postern.mailbox.body.Residents;
import postern.mailbox.body.TextPlace;

/// The thread that gives back the room of texts that no message names any more: once at start, and each time as
/// much as a segment has gone.
final class Sweeper {
    private final Bodies bodies;
    private final Residents residents;
    private final long enough;
    private final MailLog log;
    private final Thread thread;
    private long gone;
    private boolean closing;

    /// @param enough bytes that are worth a look
    Sweeper(Bodies bodies, Residents residents, long enough, MailLog log) {
        this.bodies = bodies;
        this.residents = new Stoppable(residents);
        this.enough = enough;
        this.log = log;
        this.gone = enough;
        this.thread = Thread.ofPlatform().name("mailbox-sweeper").daemon().unstarted(this::run);
    }

    void start() {
        thread.start();
    }

    /// Messages of so many bytes have gone.
    synchronized void gone(long bytes) {
        gone += bytes;
        if (gone >= enough) {
            notifyAll();
        }
    }

    private void run() {
        while (due()) {
            try {
                sweep();
            } catch (IOException | RuntimeException e) {
                if (goesOn()) {
                    log.warning("postern", "mailbox store: segments are not emptied: " + e.getMessage());
                }
            }
        }
    }

    /// Empties what is mostly waste, now.
    Bodies.Compacted sweep() throws IOException {
        Bodies.Compacted compacted = bodies.compact(residents);
        if (compacted.emptied() > 0) {
            log.info(
                    "postern",
                    "mailbox store: " + compacted.emptied() + " segments emptied, " + compacted.freed()
                            + " bytes freed");
        }
        compacted.damaged().forEach(damage -> log.warning("postern", "mailbox store: " + damage));
        return compacted;
    }

    private synchronized boolean due() {
        while (gone < enough && !closing) {
            try {
                wait();
            } catch (InterruptedException e) {
                throw new IllegalStateException("nothing is interrupted here", e);
            }
        }
        gone = 0;
        return !closing;
    }

    private synchronized boolean goesOn() {
        return !closing;
    }

    /// Stops between two handfuls of texts, and returns when it has.
    void close() {
        synchronized (this) {
            closing = true;
            notifyAll();
        }
        Threads.join(List.of(thread));
    }

    /// Answers until the store is being closed.
    private final class Stoppable implements Residents {
        private final Residents residents;

        Stoppable(Residents residents) {
            this.residents = residents;
        }

        private Residents open() throws IOException {
            if (!goesOn()) {
                throw new IOException("the mailbox store is closed");
            }
            return residents;
        }

        @Override
        public Map<Long, Long> live() throws IOException {
            return open().live();
        }

        @Override
        public List<Resident> in(long segment, long above, int most) throws IOException {
            return open().in(segment, above, most);
        }

        @Override
        public void moved(Map<Resident, TextPlace> moved) throws IOException {
            open().moved(moved);
        }
    }
}
