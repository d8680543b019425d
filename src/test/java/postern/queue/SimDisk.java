package postern.queue;

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
import org.jspecify.annotations.Nullable;

/// A disk in memory that remembers what was forced, counts the steps that change it, and stops or fails at a
/// given one. One thread at a time is at it. [#afterCrash] is what a machine finds that lost power then: what was
/// forced, and of the rest any
/// part.
final class SimDisk implements Disk {
    private static final int SECTOR = 512;

    /// The machine stops here.
    static final class Crash extends Error {
        private static final long serialVersionUID = 1;

        Crash(int step) {
            super("crash at step " + step, null, false, false);
        }
    }

    /// Makes a step fail.
    interface Fault {
        /// Returns what to throw, or null.
        @Nullable
        IOException at(int step, String what);
    }

    private sealed interface Change {}

    private record Write(int at, byte[] bytes) implements Change {}

    private record Truncate(int size) implements Change {}

    /// @param gone a name that goes in the same step; empty for none
    private record DirectoryChange(String name, @Nullable Content content, String gone) {}

    private static final class Content {
        byte[] seen = new byte[0];
        byte[] forced = new byte[0];
        final List<Change> unforced = new ArrayList<>();
    }

    private final Map<String, Content> seen = new TreeMap<>();
    private final Map<String, Content> forced = new TreeMap<>();
    private final List<DirectoryChange> unforced = new ArrayList<>();
    private int steps;
    private int crashAt = Integer.MAX_VALUE;
    private volatile Fault fault = (step, what) -> null;
    private Runnable meanwhile = () -> {};
    private boolean crashed;
    private long capacity = 1L << 40;

    synchronized int steps() {
        return steps;
    }

    /// Stops at the step after so many.
    void crashAt(int step) {
        crashAt = step;
    }

    void fault(Fault other) {
        fault = other;
    }

    /// Run at each step, before it is done.
    void meanwhile(Runnable other) {
        meanwhile = other;
    }

    /// Bytes the disk holds; writes that need more fail.
    void capacity(long bytes) {
        capacity = bytes;
    }

    synchronized long used() {
        return seen.values().stream().mapToLong(content -> content.seen.length).sum();
    }

    /// What is there after the power came back.
    synchronized SimDisk afterCrash(Random random) {
        SimDisk disk = new SimDisk();
        Map<String, Content> names = new TreeMap<>(forced);
        int luck = random.nextInt(4);
        for (DirectoryChange change : unforced) {
            if (survives(luck, random)) {
                names.remove(change.gone());
                if (change.content() == null) {
                    names.remove(change.name());
                } else {
                    names.put(change.name(), change.content());
                }
            }
        }
        names.forEach((name, content) -> {
            Content survivor = new Content();
            survivor.forced = survivor(content, random);
            survivor.seen = survivor.forced.clone();
            disk.seen.put(name, survivor);
            disk.forced.put(name, survivor);
        });
        disk.capacity = capacity;
        return disk;
    }

    private static byte[] survivor(Content content, Random random) {
        byte[] bytes = content.forced.clone();
        int luck = random.nextInt(4);
        int whole = random.nextInt(content.unforced.size() + 1);
        for (int i = 0; i < content.unforced.size(); i++) {
            if (luck == 3 ? i >= whole : !survives(luck, random)) {
                continue;
            }
            switch (content.unforced.get(i)) {
                case Truncate(int size) -> bytes = Arrays.copyOf(bytes, size);
                case Write(int at, byte[] part) -> bytes = written(bytes, at, part, luck == 2 ? random : null);
            }
        }
        return bytes;
    }

    /// 0: nothing survives, 1: all, 2: some (torn), 3: a prefix.
    private static boolean survives(int luck, Random random) {
        return luck != 0 && (luck == 1 || random.nextBoolean());
    }

    /// @param tears when given, only some sectors are written
    private static byte[] written(byte[] bytes, int at, byte[] part, @Nullable Random tears) {
        byte[] result = Arrays.copyOf(bytes, Math.max(bytes.length, at + part.length));
        int from = 0;
        while (from < part.length) {
            int to = Math.min(part.length, (at + from) / SECTOR * SECTOR + SECTOR - at);
            if (tears == null || tears.nextInt(3) > 0) {
                System.arraycopy(part, from, result, at + from, to - from);
            }
            from = to;
        }
        return result;
    }

    /// Counts a step; returns whether the machine stops once it is done.
    private boolean step(String what) throws IOException {
        if (crashed) {
            throw new Crash(steps);
        }
        steps++;
        meanwhile.run();
        IOException failure = fault.at(steps, what);
        if (failure != null) {
            throw failure;
        }
        crashed = steps == crashAt;
        return crashed;
    }

    private void stopIf(boolean stops) {
        if (stops) {
            throw new Crash(steps);
        }
    }

    @Override
    public synchronized List<String> list() {
        return List.copyOf(seen.keySet());
    }

    @Override
    public synchronized DiskFile create(String name) throws IOException {
        boolean stops = step("create " + name);
        if (seen.containsKey(name)) {
            throw new FileAlreadyExistsException(name);
        }
        Content content = new Content();
        seen.put(name, content);
        unforced.add(new DirectoryChange(name, content, ""));
        stopIf(stops);
        return new SimFile(name, content);
    }

    @Override
    public synchronized DiskFile open(String name) throws IOException {
        Content content = seen.get(name);
        if (content == null) {
            throw new NoSuchFileException(name);
        }
        return new SimFile(name, content);
    }

    @Override
    public synchronized void rename(String name, String other) throws IOException {
        boolean stops = step("rename " + name + " " + other);
        Content content = seen.remove(name);
        if (content == null) {
            throw new NoSuchFileException(name);
        }
        seen.put(other, content);
        unforced.add(new DirectoryChange(other, content, name));
        stopIf(stops);
    }

    @Override
    public synchronized void delete(String name) throws IOException {
        boolean stops = step("delete " + name);
        if (seen.remove(name) != null) {
            unforced.add(new DirectoryChange(name, null, ""));
        }
        stopIf(stops);
    }

    @Override
    public synchronized void forceDirectory() throws IOException {
        stopIf(step("force directory"));
        forced.clear();
        forced.putAll(seen);
        unforced.clear();
    }

    @Override
    public long usableSpace() {
        return Math.max(0, capacity - used());
    }

    @Override
    public void close() {
        // nothing held
    }

    private final class SimFile implements DiskFile {
        private final String name;
        private final Content content;

        SimFile(String name, Content content) {
            this.name = name;
            this.content = content;
        }

        @Override
        public long size() {
            return content.seen.length;
        }

        @Override
        public void write(ByteBuffer[] bytes, long at) throws IOException {
            synchronized (SimDisk.this) {
                int length = 0;
                for (ByteBuffer part : bytes) {
                    length += part.remaining();
                }
                boolean stops = step("write " + name + " " + at + "+" + length);
                byte[] all = new byte[length];
                ByteBuffer into = ByteBuffer.wrap(all);
                for (ByteBuffer part : bytes) {
                    into.put(part);
                }
                if (used() + Math.max(0, at + length - content.seen.length) > capacity) {
                    all = Arrays.copyOf(all, length / 2);
                    put(new Write((int) at, all));
                    throw new IOException("No space left on device");
                }
                put(new Write((int) at, all));
                stopIf(stops);
            }
        }

        private void put(Write write) {
            content.unforced.add(write);
            content.seen = written(content.seen, write.at(), write.bytes(), null);
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
        public void truncate(long size) throws IOException {
            synchronized (SimDisk.this) {
                boolean stops = step("truncate " + name + " " + size);
                if (size < content.seen.length) {
                    content.unforced.add(new Truncate((int) size));
                    content.seen = Arrays.copyOf(content.seen, (int) size);
                }
                stopIf(stops);
            }
        }

        @Override
        public void force() throws IOException {
            synchronized (SimDisk.this) {
                stopIf(step("force " + name));
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
