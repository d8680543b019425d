package postern.mailbox.backup;

import java.io.IOException;
import java.io.InputStream;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.HexFormat;
import org.jspecify.annotations.Nullable;

/// How long a file is, and its checksum.
///
/// @param sum SHA-256, in hexadecimal
record Seal(String sum, long bytes) {
    private static final int PIECE = 1 << 18;

    static Seal of(byte[] bytes) {
        return new Seal(HexFormat.of().formatHex(digest().digest(bytes)), bytes.length);
    }

    static Seal of(Path file) throws IOException {
        try (InputStream in = Files.newInputStream(file)) {
            return pour(in, Long.MAX_VALUE, null);
        }
    }

    /// Copies at most so many bytes into a new file, and returns when they are forced to disk.
    static Seal copy(InputStream in, long most, Path to) throws IOException {
        Files.deleteIfExists(to);
        try (FileChannel out = FileChannel.open(to, StandardOpenOption.CREATE_NEW, StandardOpenOption.WRITE)) {
            Seal seal = pour(in, most, out);
            out.force(true);
            return seal;
        }
    }

    private static Seal pour(InputStream in, long most, @Nullable FileChannel out) throws IOException {
        MessageDigest digest = digest();
        byte[] piece = new byte[PIECE];
        long bytes = 0;
        int count = in.read(piece, 0, (int) Math.min(piece.length, most));
        while (count > 0) {
            digest.update(piece, 0, count);
            bytes += count;
            ByteBuffer rest = ByteBuffer.wrap(piece, 0, count);
            while (out != null && rest.hasRemaining()) {
                out.write(rest);
            }
            count = in.read(piece, 0, (int) Math.min(piece.length, most - bytes));
        }
        return new Seal(HexFormat.of().formatHex(digest.digest()), bytes);
    }

    private static MessageDigest digest() {
        try {
            return MessageDigest.getInstance("SHA-256");
        } catch (NoSuchAlgorithmException e) {
            throw new IllegalStateException("every JDK has it", e);
        }
    }
}
