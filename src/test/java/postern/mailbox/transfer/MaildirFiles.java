package postern.mailbox.transfer;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.FileTime;
import java.time.Instant;
import java.util.List;

/// A Maildir that a test writes by hand.
final class MaildirFiles {
    static final Instant ARRIVAL = Instant.parse("2020-05-06T07:08:09Z");

    final Path directory;

    MaildirFiles(Path directory) throws IOException {
        this.directory = directory;
        for (String part : List.of("cur", "new", "tmp")) {
            Files.createDirectories(directory.resolve(part));
        }
    }

    MaildirFiles folder(String name) throws IOException {
        return new MaildirFiles(directory.resolve("." + name));
    }

    /// @param name `cur/1.M1P1.host:2,S`
    MaildirFiles add(String name, String text) throws IOException {
        return add(name, text.getBytes(StandardCharsets.ISO_8859_1));
    }

    MaildirFiles add(String name, byte[] text) throws IOException {
        Path file = Files.write(directory.resolve(name), text);
        Files.setLastModifiedTime(file, FileTime.from(ARRIVAL));
        return this;
    }

    MaildirFiles write(String file, String text) throws IOException {
        Files.writeString(directory.resolve(file), text);
        return this;
    }
}
