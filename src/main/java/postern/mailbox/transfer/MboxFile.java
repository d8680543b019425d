package postern.mailbox.transfer;

import java.io.IOException;
import java.nio.channels.Channels;
import java.nio.channels.FileChannel;
import java.nio.file.Path;
import java.time.ZoneId;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import postern.mailbox.MailboxName;
import postern.mailbox.UidValidity;

/// A mailbox in one file, in the format mbox with `From ` quoted (mboxrd), or as Dovecot writes it.
final class MboxFile implements ForeignMailbox {
    private final Path file;
    private final MailboxName name;
    private final ZoneId zone;
    private final Map<String, MboxScan.Part> parts = new HashMap<>();

    /// @param zone of the times in the file
    MboxFile(Path file, MailboxName name, ZoneId zone) {
        this.file = file;
        this.name = name;
        this.zone = zone;
    }

    @Override
    public MailboxName name() {
        return name;
    }

    @Override
    public String specialUse() {
        return SpecialUse.of(name);
    }

    @Override
    public Index index(Report report) throws IOException {
        parts.clear();
        List<MboxScan.Part> found = scan();
        long[] base = found.isEmpty() ? new long[2] : found.getFirst().head().base();
        long last = 0;
        List<ForeignMessage> listed = new ArrayList<>();
        List<ForeignMessage> others = new ArrayList<>();
        for (MboxScan.Part part : found) {
            if (part.head().isInternal()) {
                continue;
            }
            long uid = part.head().uid();
            boolean isKept = base[0] > 0 && uid > last && uid < UidList.HIGHEST;
            last = isKept ? uid : last;
            (isKept ? listed : others)
                    .add(new ForeignMessage(
                            key(part), isKept ? uid : 0, part.head().flags(), part.arrival(), ""));
        }
        listed.addAll(others);
        long next = Math.max(last, Math.min(base[1], UidList.HIGHEST)) + 1;
        return new Index(base[0] > 0 ? new UidValidity(base[0]) : null, next, listed);
    }

    private List<MboxScan.Part> scan() throws IOException {
        try {
            return MboxScan.of(file, zone);
        } catch (MailboxUnreadable e) {
            throw e;
        } catch (IOException e) {
            throw new MailboxUnreadable(Why.of(e));
        }
    }

    /// The same message twice is two.
    private String key(MboxScan.Part part) {
        String key = part.digest();
        int number = 1;
        while (parts.putIfAbsent(key, part) != null) {
            key = part.digest() + "." + ++number;
        }
        return key;
    }

    @Override
    public void read(List<ForeignMessage> messages, Reader reader) throws IOException {
        try (FileChannel channel = FileChannel.open(file)) {
            for (ForeignMessage message : messages) {
                MboxScan.@Nullable Part part = parts.get(message.key());
                if (part == null || part.to() > channel.size()) {
                    reader.gone(message);
                    continue;
                }
                LengthStream raw = new LengthStream(
                        Channels.newInputStream(channel.position(part.from())), part.to() - part.from());
                reader.text(message, new CrlfStream(new MboxText(raw, part.isQuoted())));
            }
        }
    }
}
