package postern.mailbox.body;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.file.FileAlreadyExistsException;
import java.nio.file.NoSuchFileException;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.TreeMap;

/// A disk in memory that remembers what was forced, counts the steps that change it, and stops for good before a
/// given one. [#afterStop] is what a machine finds that lost power then: what was forced, and of the rest any
/// part.
public final class SimDisk implements Disk {
    private record Write(int at, byte[] bytes) {}

    private static final class Content {
        byte[] seen = new byte[0];
        byte[] forced = new byte[0];
        final List<Write> unforced = new ArrayList<>();
    }

    private final Map<String, Content> seen = new TreeMap<>();
    private final Map<String, Content> forced = new TreeMap<>();
    private int steps;
    private int stopAt = Integer.MAX_VALUE;
    private boolean failForces;
    private int fullFrom = Integer.MAX_VALUE;
    private int fullUntil = Integer.MAX_VALUE;

    public synchronized int steps() {
        return steps;
    }

    /// From this step on nothing is written.
    public synchronized void stopAt(int step) {
        stopAt = step;
    }

    /// Forcing fails, or works again.
    public synchronized void failForces(boolean fail) {
        failForces = fail;
    }

    /// From one step on, and until another, there is no room: no file is made, and of what is written a part arrives.
    public synchronized void fullBetween(int first, int end) {
        fullFrom = first;
        fullUntil = end;
    }

    private boolean isFull() {
        return steps >= fullFrom && steps < fullUntil;
    }

    public synchronized List<String> names() {
        return List.copyOf(seen.keySet());
    }

    /// What is there after the power came back.
    public synchronized SimDisk afterStop(Random random) {
        SimDisk disk = new SimDisk();
        boolean names = random.nextBoolean();
        (names ? seen : forced).forEach((name, content) -> {
            Content survivor = new Content();
            byte[] bytes = content.forced.clone();
            int luck = random.nextInt(3);
            for (Write write : content.unforced) {
                if (luck == 1 || (luck == 2 && random.nextBoolean())) {
                    bytes = written(bytes, write);
                }
            }
            survivor.forced = bytes;
            survivor.seen = bytes.clone();
            disk.seen.put(name, survivor);
            disk.forced.put(name, survivor);
        });
        return disk;
    }

    /// Changes one byte of a file.
    public synchronized void flip(String name, int at) {
        seen.get(name).seen[at] ^= 0x55;
    }

    /// The bytes of a file.
    public synchronized int size(String name) {
        return seen.get(name).seen.length;
    }

    private static byte[] written(byte[] bytes, Write write) {
        byte[] result = Arrays.copyOf(bytes, Math.max(bytes.length, write.at() + write.bytes().length));
        System.arraycopy(write.bytes(), 0, result, write.at(), write.bytes().length);
        return result;
    }

    private void step() throws IOException {
        steps++;
        if (steps >= stopAt) {
            throw new IOException("the machine has stopped");
        }
    }

    @Override
    public synchronized List<String> list() {
        return List.copyOf(seen.keySet());
    }

    @Override
    public synchronized DiskFile create(String name) throws IOException {
        step();
        if (seen.containsKey(name)) {
            throw new FileAlreadyExistsException(name);
        }
        if (isFull()) {
            throw new IOException("No space left on device");
        }
        Content content = new Content();
        seen.put(name, content);
        return new SimFile(content);
    }

    @Override
    public DiskFile openToWrite(String name) throws IOException {
        return open(name);
    }

    @Override
    public synchronized DiskFile open(String name) throws IOException {
        Content content = seen.get(name);
        if (content == null) {
            throw new NoSuchFileException(name);
        }
        return new SimFile(content);
    }

    @Override
    public synchronized void delete(String name) throws IOException {
        step();
        seen.remove(name);
    }

    @Override
    public synchronized void forceDirectory() throws IOException {
        step();
        forced.clear();
        forced.putAll(seen);
    }

    private final class SimFile implements DiskFile {
        private final Content content;

        SimFile(Content content) {
            this.content = content;
        }

        @Override
        public long size() {
            synchronized (SimDisk.this) {
                return content.seen.length;
            }
        }

        @Override
        public void write(ByteBuffer bytes, long at) throws IOException {
            synchronized (SimDisk.this) {
                step();
                byte[] all = new byte[isFull() ? bytes.remaining() / 2 : bytes.remaining()];
                bytes.get(all);
                Write write = new Write((int) at, all);
                content.unforced.add(write);
                content.seen = written(content.seen, write);
                if (isFull()) {
                    throw new IOException("No space left on device");
                }
            }
        }

        @Override
        public int read(ByteBuffer into, long at) {
            synchronized (SimDisk.this) {
                if (at >= content.seen.length) {
                    return -1;
                }
                int count = Math.min(into.remaining(), content.seen.length - (int) at);
                into.put(content.seen, (int) at, count);
                return count;
            }
        }

        @Override
        public void force() throws IOException {
            synchronized (SimDisk.this) {
                step();
                if (failForces) {
                    throw new IOException("Input/output error");
                }
                content.forced = content.seen.clone();
                content.unforced.clear();
            }
        }

        @Override
        public void close() {
            // nothing held
        }
    }
}
