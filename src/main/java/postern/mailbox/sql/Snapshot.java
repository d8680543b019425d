package postern.mailbox.sql;

import java.io.Closeable;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.UUID;
import postern.config.SafeFile;
import postern.mailbox.body.Bodies;
import postern.mailbox.body.Held;
import postern.mailbox.body.Residents;

/// A store that holds still to be copied: the rows first, the segments after them, while none is emptied. Mail
/// comes in meanwhile; what is in the rows of the copy is in the segments of the copy.
public final class Snapshot implements Closeable {
    private static final int AT_ONCE = 500;

    private final SqliteDatabase database;
    private final Held held;
    private final Residents texts;
    private final Bodies bodies;

    Snapshot(SqliteDatabase database, Held held, Residents texts, Bodies bodies) {
        this.database = database;
        this.held = held;
        this.texts = texts;
        this.bodies = bodies;
    }

    /// What the store is known by among backups: another one after a restore, since segments of the same name are
    /// others then.
    public String id() throws IOException {
        Path file = database.file().resolveSibling("id");
        try {
            return Files.readString(file).strip();
        } catch (NoSuchFileException e) {
            String id = UUID.randomUUID().toString();
            SafeFile.replace(file, (id + "\n").getBytes(StandardCharsets.US_ASCII));
            return id;
        }
    }

    /// Copies the rows of this moment into a new file. A call into the database, which holds its thread.
    public void rows(Path copy) throws IOException {
        database.copyTo(copy);
    }

    /// The segments, to be asked for after the rows have been copied.
    public Held segments() {
        return held;
    }

    /// Reads every text that lives in a segment.
    ///
    /// @return those that are damaged: why
    public List<String> damaged(Held.Part segment) throws IOException {
        List<String> damaged = new ArrayList<>();
        List<Residents.Resident> some = texts.in(segment.number(), 0, AT_ONCE);
        while (!some.isEmpty()) {
            for (Residents.Resident text : some) {
                try (InputStream in = bodies.read(text.place(), text.size(), 0)) {
                    in.transferTo(OutputStream.nullOutputStream());
                } catch (IOException e) {
                    damaged.add("text " + text.id() + ": " + e.getMessage());
                }
            }
            some = texts.in(segment.number(), some.getLast().id(), AT_ONCE);
        }
        return damaged;
    }

    @Override
    public void close() {
        held.close();
    }
}
