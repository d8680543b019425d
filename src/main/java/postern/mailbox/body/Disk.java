package postern.mailbox.body;

import java.io.Closeable;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.util.List;

/// One directory of files: as little of a file system as segments need, so that tests can put one in its place
/// that stops and loses what was not forced.
public interface Disk {
    /// The names of the files there are.
    List<String> list() throws IOException;

    /// A new file, for writing and reading. Its name lasts after [#forceDirectory()].
    DiskFile create(String name) throws IOException;

    /// A file that exists, for writing and reading.
    DiskFile openToWrite(String name) throws IOException;

    /// A file that exists, for reading.
    DiskFile open(String name) throws IOException;

    /// Takes the name away; who has the file open goes on reading it.
    void delete(String name) throws IOException;

    /// Returns when names made and taken away before will last.
    void forceDirectory() throws IOException;

    /// An open file. Safe from many threads that write to places of their own.
    interface DiskFile extends Closeable {
        long size() throws IOException;

        /// Writes all that remains in the buffer from `at` on.
        void write(ByteBuffer bytes, long at) throws IOException;

        /// Reads what is there, at most what fits; -1 at the end of the file.
        int read(ByteBuffer into, long at) throws IOException;

        /// Returns when all that was written before will last.
        void force() throws IOException;

        @Override
        void close();
    }
}
