package postern.queue;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import org.junit.jupiter.api.Test;
import postern.log.MailLog;
import postern.smtp.Fates.Fate;
import postern.smtp.HandoverId;
import postern.smtp.Reply;

/// Ids under which messages come: what is said of them later. That a message and its id are one, whenever the
/// power goes, is [LogQueueCrashTest]'s.
class HandoversTest {
    private static final HandoverId ID = new HandoverId(0, 1);

    private final List<String> logged = new ArrayList<>();
    private Instant now = QueueContract.START;
    private TakenIds.Limits limits = TakenIds.Limits.STANDARD;

    @Test
    void anIdIsUnderWayThenTaken() throws IOException {
        LogQueue queue = open(new SimDisk());
        Queue.Incoming incoming = queue.incoming(ID);
        assertThat(queue.fates().of(ID)).isEqualTo(Fate.UNDECIDED);
        incoming.write(ByteBuffer.wrap(Mails.text(1, 100)));
        assertThat(queue.fates().of(ID)).isEqualTo(Fate.UNDECIDED);
        incoming.commit(Mails.mail(incoming.id(), ID, now, 100));
        assertThat(queue.fates().of(ID)).isEqualTo(Fate.TAKEN);
        assertThat(queue.fates().of(new HandoverId(0, 2))).isEqualTo(Fate.UNKNOWN);
    }

    @Test
    void aMessageThatIsDroppedOrRefusedIsUnknown() throws IOException {
        SimDisk disk = new SimDisk();
        LogQueue queue = open(disk);
        queue.incoming(ID).abort();
        assertThat(queue.fates().of(ID)).isEqualTo(Fate.UNKNOWN);

        HandoverId other = new HandoverId(0, 2);
        Queue.Incoming incoming = queue.incoming(other);
        disk.fault((step, what) -> new IOException("Input/output error"));
        assertThatThrownBy(() -> incoming.commit(Mails.mail(incoming.id(), other, now, 0)))
                .isInstanceOf(Reply.Refused.class);
        assertThat(queue.fates().of(other)).isEqualTo(Fate.UNKNOWN);
        assertThatThrownBy(() -> queue.incoming(new HandoverId(0, 3))).isInstanceOf(Reply.Refused.class);
        assertThat(queue.fates().of(new HandoverId(0, 3))).isEqualTo(Fate.UNKNOWN);
    }

    /// Who hears "unknown" sends the message again: what comes late on a connection that was thought lost must not
    /// be taken besides.
    @Test
    void anIdThatWasSaidToBeUnknownIsNeverTaken() throws IOException {
        LogQueue queue = open(new SimDisk());
        assertThat(queue.fates().of(ID)).isEqualTo(Fate.UNKNOWN);
        assertThatThrownBy(() -> queue.incoming(ID))
                .isInstanceOf(Reply.Refused.class)
                .hasMessage("451 4.5.0 Error: this hand-over id has been used");
        assertThat(queue.fates().of(ID)).isEqualTo(Fate.UNKNOWN);
    }

    @Test
    void anIdIsForOneTransaction() throws IOException {
        LogQueue queue = open(new SimDisk());
        Queue.Incoming first = queue.incoming(ID);
        assertThatThrownBy(() -> queue.incoming(ID)).isInstanceOf(Reply.Refused.class);
        first.commit(Mails.mail(first.id(), ID, now, 0));
        assertThatThrownBy(() -> queue.incoming(ID)).isInstanceOf(Reply.Refused.class);
    }

    /// There is an end to what is remembered of ids that were given up: then nothing is promised.
    @Test
    void whereNothingCanBePromisedNothingIsDecided() throws IOException {
        LogQueue queue = open(new SimDisk());
        for (int i = 0; i < 10_000; i++) {
            assertThat(queue.fates().of(new HandoverId(1, i))).isEqualTo(Fate.UNKNOWN);
        }
        assertThat(queue.fates().of(ID)).isEqualTo(Fate.UNDECIDED);
        assertThat(queue.fates().of(new HandoverId(1, 7))).isEqualTo(Fate.UNKNOWN);
        now = now.plus(Duration.ofHours(25));
        assertThat(queue.fates().of(ID)).isEqualTo(Fate.UNKNOWN);
    }

    @Test
    void idsOutliveTheirMessagesTheirSegmentsAndRestarts() throws IOException {
        SimDisk disk = new SimDisk();
        LogQueue queue = open(disk);
        for (int i = 0; i < 20; i++) {
            queue.done(put(queue, new HandoverId(1, i)), QueueContract.bits(0, 1, 2));
        }
        settle(queue);
        assertThat(disk.list()).doesNotContain("00000001-0000.log").contains("taken-00000001");
        put(queue, ID);
        LogQueue again = open(disk.afterCrash(new Random(1)));
        for (int i = 0; i < 20; i++) {
            assertThat(again.fates().of(new HandoverId(1, i))).isEqualTo(Fate.TAKEN);
        }
        assertThat(again.fates().of(ID)).isEqualTo(Fate.TAKEN);
        again.close();
        LogQueue last = open(disk);
        assertThat(last.fates().of(ID)).isEqualTo(Fate.TAKEN);
        assertThat(last.fates().of(new HandoverId(1, 3))).isEqualTo(Fate.TAKEN);
    }

    /// A commit costs one force, with an id as without; ids are written down with many others.
    @Test
    void anIdCostsNoForceOfItsOwn() throws IOException {
        int[] forces = {0};
        SimDisk disk = new SimDisk();
        LogQueue queue = open(disk);
        put(queue, new HandoverId(1, 1));
        disk.fault((step, what) -> {
            forces[0] += what.startsWith("force") ? 1 : 0;
            return null;
        });
        for (int i = 0; i < 5; i++) {
            put(queue, new HandoverId(2, i));
        }
        assertThat(forces[0]).isEqualTo(5);
        queue.chores();
        assertThat(forces[0]).isEqualTo(5);
    }

    /// As long as ids cannot be written down, the segments that hold them stay.
    @Test
    void segmentsStayWhileIdsCannotBeWritten() throws IOException {
        SimDisk disk = new SimDisk();
        LogQueue queue = open(disk);
        queue.done(put(queue, ID), QueueContract.bits(0, 1, 2));
        boolean[] broken = {true};
        disk.fault((step, what) ->
                broken[0] && what.startsWith("force taken-") ? new IOException("Input/output error") : null);
        settle(queue);
        assertThat(disk.list()).contains("00000001-0000.log");
        assertThat(open(disk.afterCrash(new Random(2))).fates().of(ID)).isEqualTo(Fate.TAKEN);
        broken[0] = false;
        settle(queue);
        assertThat(disk.list()).doesNotContain("00000001-0000.log");
        assertThat(open(disk.afterCrash(new Random(3))).fates().of(ID)).isEqualTo(Fate.TAKEN);
    }

    @Test
    void idsAreKeptForTheirTimeAndThenForgotten() throws IOException {
        limits = new TakenIds.Limits(Duration.ofDays(7), 1000);
        SimDisk disk = new SimDisk();
        LogQueue queue = open(disk);
        queue.done(put(queue, ID), QueueContract.bits(0, 1, 2));
        for (int day = 1; day <= 7; day++) {
            settle(queue);
            assertThat(queue.fates().of(ID)).as("day %d", day).isEqualTo(Fate.TAKEN);
            now = QueueContract.START.plus(Duration.ofDays(day));
            queue.done(put(queue, new HandoverId(9, day)), QueueContract.bits(0, 1, 2));
        }
        now = now.plus(Duration.ofDays(1));
        queue.done(put(queue, new HandoverId(9, 9)), QueueContract.bits(0, 1, 2));
        settle(queue);
        assertThat(queue.fates().of(ID)).isEqualTo(Fate.UNKNOWN);
        assertThat(queue.fates().of(new HandoverId(9, 7))).isEqualTo(Fate.TAKEN);
        assertThat(disk.list()).doesNotContain("taken-00000001");
        assertThat(open(disk).fates().of(new HandoverId(9, 7))).isEqualTo(Fate.TAKEN);
    }

    @Test
    void whenThereAreTooManyTheOldestGoAndTheLogSaysSoOnce() throws IOException {
        limits = new TakenIds.Limits(Duration.ofDays(7), 80);
        LogQueue queue = open(new SimDisk());
        for (int i = 0; i < 300; i++) {
            queue.done(put(queue, new HandoverId(1, i)), QueueContract.bits(0, 1, 2));
            if (i % 10 == 0) {
                settle(queue);
            }
        }
        assertThat(queue.fates().of(new HandoverId(1, 0))).isEqualTo(Fate.UNKNOWN);
        for (int i = 240; i < 300; i++) {
            assertThat(queue.fates().of(new HandoverId(1, i))).isEqualTo(Fate.TAKEN);
        }
        assertThat(logged).filteredOn(line -> line.contains("more than 80")).hasSize(1);
    }

    @Test
    void setsHoldWhatWasPutIn() {
        IdSet ids = new IdSet();
        Random random = new Random(5);
        long[] some = random.longs(10_000).toArray();
        for (long id : some) {
            ids.add(id);
            ids.add(id);
        }
        assertThat(ids.size()).isEqualTo(some.length);
        for (long id : some) {
            assertThat(ids.has(id)).isTrue();
        }
        assertThat(ids.has(0)).isFalse();
        ids.add(0);
        assertThat(ids.has(0)).isTrue();
        assertThat(random.longs(10_000).filter(ids::has)).isEmpty();
    }

    @Test
    void aFileOfALaterVersionIsRefused() throws IOException {
        SimDisk disk = new SimDisk();
        LogQueue queue = open(disk);
        put(queue, ID);
        queue.close();
        Disk.DiskFile file = disk.open("taken-00000001");
        ByteBuffer header = ByteBuffer.allocate(24);
        file.readFully(header, 0);
        header.putInt(8, 2);
        java.util.zip.CRC32C sum = new java.util.zip.CRC32C();
        sum.update(header.array(), 0, 20);
        file.write(header.putInt(20, (int) sum.getValue()), 0);
        assertThatThrownBy(() -> open(disk)).hasMessage("taken-00000001 is of version 2, this one reads 1");
    }

    private void settle(LogQueue queue) {
        for (int i = 0; i < 4; i++) {
            now = now.plusSeconds(700);
            queue.flusher().round(true);
            queue.chores();
            queue.compaction().run();
        }
    }

    private LogQueue open(SimDisk disk) throws IOException {
        MailLog log = (service, text) -> logged.add(text);
        QueueLimits small = QueueScript.SMALL.with(limits);
        LogQueue queue = new LogQueue(disk, small, () -> now, log);
        queue.recover();
        return queue;
    }

    private QueueId put(LogQueue queue, HandoverId id) {
        Queue.Incoming incoming = queue.incoming(id);
        incoming.write(ByteBuffer.wrap(Mails.text(1, 100)));
        incoming.commit(Mails.mail(incoming.id(), id, now, 100));
        return incoming.id();
    }
}
