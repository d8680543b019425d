package postern.queue;

import java.io.Closeable;
import java.io.EOFException;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.util.List;

/// One directory of files: as little of a file system as the log needs, so that tests can put one in its place
/// that stops, loses what was not forced, and fails at any step.
interface Disk extends Closeable {
    /// The names of the files there are.
    List<String> list() throws IOException;

    /// A new file, open for writing and reading. Its name lasts after [#forceDirectory()].
    DiskFile create(String name) throws IOException;

    /// A file that exists, open for writing and reading.
    DiskFile open(String name) throws IOException;

    /// Gives a file another name, at once or not at all. The new name lasts after [#forceDirectory()].
    void rename(String name, String other) throws IOException;

    /// Takes the name away; who has the file open goes on reading it.
    void delete(String name) throws IOException;

    /// Returns when names made and taken away before will last.
    void forceDirectory() throws IOException;

    /// Bytes that can still be written.
    long usableSpace() throws IOException;

    @Override
    void close();

    /// An open file. Reading is safe from many threads, writing from one.
    interface DiskFile extends Closeable {
        long size() throws IOException;

        /// Writes all that remains in the buffers, one after the other, from `at` on.
        void write(ByteBuffer[] bytes, long at) throws IOException;

        /// Reads what is there, at most what fits; -1 at the end of the file.
        int read(ByteBuffer into, long at) throws IOException;

        /// Cuts the file off at `size`.
        void truncate(long size) throws IOException;

        /// Returns when all that was written before will last.
        void force() throws IOException;

        @Override
        void close();

        default void write(ByteBuffer bytes, long at) throws IOException {
            write(new ByteBuffer[] {bytes}, at);
        }

        /// Fills the buffer's remaining room and flips it.
        ///
        /// @throws EOFException when the file ends before
        default void readFully(ByteBuffer into, long at) throws IOException {
            long next = at;
            while (into.hasRemaining()) {
                int count = read(into, next);
                if (count < 0) {
                    throw new EOFException("the file ends at " + next);
                }
                next += count;
            }
            into.flip();
        }
    }
}
