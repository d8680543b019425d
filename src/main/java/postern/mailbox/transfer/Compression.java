package postern.mailbox.transfer;

import com.github.luben.zstd.ZstdInputStream;
import java.io.BufferedInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.util.zip.GZIPInputStream;
import org.apache.commons.compress.compressors.bzip2.BZip2CompressorInputStream;

/// What Dovecot's plugins make of a message's text: told by its first bytes, as Dovecot itself does.
final class Compression {
    private static final byte[] GZIP = {0x1f, (byte) 0x8b};
    private static final byte[] ZSTD = {0x28, (byte) 0xb5, 0x2f, (byte) 0xfd};
    private static final byte[] BZIP2 = ascii("BZh");
    private static final byte[] LZ4 = ascii("Dovecot-LZ4\r*\u009b\u00c5");
    private static final byte[] CRYPTED = ascii("CRYPTED\u0003\u0007");
    private static final int LONGEST = 16;

    private Compression() {}

    private static byte[] ascii(String text) {
        return text.getBytes(StandardCharsets.ISO_8859_1);
    }

    /// The text of a file.
    ///
    /// @throws IOException also when it is encrypted, or not what it begins as; the file is closed then
    static InputStream open(InputStream file) throws IOException {
        BufferedInputStream buffered = new BufferedInputStream(file, 16 << 10);
        try {
            buffered.mark(LONGEST);
            byte[] start = buffered.readNBytes(LONGEST);
            buffered.reset();
            return expanded(start, buffered);
        } catch (IOException e) {
            file.close();
            throw e;
        }
    }

    private static InputStream expanded(byte[] start, BufferedInputStream file) throws IOException {
        if (begins(start, GZIP)) {
            return new GZIPInputStream(file, 16 << 10);
        }
        if (begins(start, ZSTD)) {
            return new ZstdInputStream(file);
        }
        if (begins(start, BZIP2) && start.length > 3 && start[3] >= '1' && start[3] <= '9') {
            return new BZip2CompressorInputStream(file, true);
        }
        if (begins(start, LZ4)) {
            return new Lz4Stream(file, LZ4.length);
        }
        if (begins(start, CRYPTED)) {
            throw new IOException("it is encrypted (Dovecot's mail_crypt): take it over by IMAP");
        }
        return file;
    }

    private static boolean begins(byte[] start, byte[] magic) {
        return start.length >= magic.length && java.util.Arrays.equals(start, 0, magic.length, magic, 0, magic.length);
    }
}
