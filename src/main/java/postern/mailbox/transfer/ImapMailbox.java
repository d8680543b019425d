package postern.mailbox.transfer;

import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.time.DateTimeException;
import java.time.Instant;
import java.time.OffsetDateTime;
import java.time.format.DateTimeFormatter;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;
import postern.mailbox.MailboxName;
import postern.mailbox.UidValidity;
import postern.mailbox.transfer.ImapParser.Response;
import postern.mailbox.transfer.ImapParser.Value;

/// A mailbox on an IMAP server.
final class ImapMailbox implements ForeignMailbox {
    private static final DateTimeFormatter DATE = DateTimeFormatter.ofPattern("d-MMM-yyyy HH:mm:ss Z", Locale.ENGLISH);
    private static final int LARGEST_HELD = 32 << 20;

    private final ImapDialog dialog;
    private final String stored;
    private final MailboxName name;
    private final String specialUse;

    /// @param stored its name over there
    ImapMailbox(ImapDialog dialog, String stored, MailboxName name, String specialUse) {
        this.dialog = dialog;
        this.stored = stored;
        this.name = name;
        this.specialUse = specialUse;
    }

    @Override
    public MailboxName name() {
        return name;
    }

    @Override
    public String specialUse() {
        return specialUse;
    }

    /// What the server says when a mailbox is opened.
    private static final class Opened {
        private long validity;
        private long next = 1;
        private boolean uidsLast = true;
        private boolean isEmpty;

        void hear(Response response) {
            String opened = ImapDialog.code(response, "UIDVALIDITY");
            String free = ImapDialog.code(response, "UIDNEXT");
            validity = opened.isEmpty() ? validity : number(opened);
            next = free.isEmpty() ? next : number(free);
            isEmpty |= response.word(0).equals("0") && response.word(1).equals("EXISTS");
            uidsLast &= ImapDialog.code(response, "UIDNOTSTICKY").isEmpty();
        }
    }

    private static long number(String digits) {
        return digits.matches("[0-9]{1,10}") ? Long.parseLong(digits) : 0;
    }

    private Opened open() throws IOException {
        Opened opened = new Opened();
        dialog.ask("EXAMINE " + ImapDialog.quoted(stored), opened::hear);
        return opened;
    }

    @Override
    public Index index(Report report) throws IOException {
        Opened opened = open();
        Map<Long, ForeignMessage> messages = new TreeMap<>();
        if (!opened.isEmpty) {
            dialog.ask("UID FETCH 1:* (UID FLAGS INTERNALDATE)", response -> {
                ForeignMessage message = message(response, opened.validity);
                if (message != null) {
                    messages.put(message.uid(), message);
                }
            });
        }
        long next = opened.next;
        for (long uid : messages.keySet()) {
            next = Math.max(next, uid + 1);
        }
        boolean areKept = opened.uidsLast && opened.validity > 0 && next <= UidList.HIGHEST;
        return new Index(
                areKept ? new UidValidity(opened.validity) : null, areKept ? next : 1, List.copyOf(messages.values()));
    }

    /// What a FETCH response says by name.
    private static Map<String, Value> items(List<Value> values) {
        Map<String, Value> items = new HashMap<>();
        for (int i = 0; i + 1 < values.size(); i += 2) {
            if (values.get(i) instanceof Value.Text item) {
                items.put(item.text().toUpperCase(Locale.ROOT), values.get(i + 1));
            }
        }
        return items;
    }

    private static String text(@Nullable Value value) {
        return value instanceof Value.Text text ? text.text() : "";
    }

    private static @Nullable ForeignMessage message(Response response, long validity) {
        if (!response.word(1).equals("FETCH") || response.values().size() < 3) {
            return null;
        }
        Map<String, Value> items = items(ImapDialog.list(response.values().get(2)));
        long uid = number(text(items.get("UID")));
        if (uid == 0 || !items.containsKey("INTERNALDATE")) {
            // news of another message, unasked
            return null;
        }
        List<String> flags = ImapDialog.list(items.get("FLAGS")).stream()
                .map(ImapMailbox::text)
                .toList();
        return new ForeignMessage(
                validity + "." + uid, uid, FlagNames.of(flags), date(text(items.get("INTERNALDATE"))), "");
    }

    private static Instant date(String text) {
        try {
            return OffsetDateTime.parse(text.strip(), DATE).toInstant();
        } catch (DateTimeException e) {
            return Instant.EPOCH;
        }
    }

    @Override
    public void read(List<ForeignMessage> messages, Reader reader) throws IOException {
        Map<Long, ForeignMessage> wanted = new HashMap<>();
        messages.forEach(message -> wanted.put(message.uid(), message));
        Map<Long, byte[]> early = new TreeMap<>();
        List<byte[]> held = new ArrayList<>();
        dialog.fetch(
                "UID FETCH " + set(messages) + " (UID BODY.PEEK[])",
                (before, text) -> {
                    ForeignMessage message =
                            wanted.remove(number(text(items(before).get("UID"))));
                    if (message != null) {
                        reader.text(message, text);
                    } else if (!items(before).containsKey("UID")) {
                        held.add(text.readNBytes(LARGEST_HELD));
                    }
                },
                response -> {
                    if (!held.isEmpty() && response.values().size() > 2) {
                        Map<String, Value> items =
                                items(ImapDialog.list(response.values().get(2)));
                        early.put(number(text(items.get("UID"))), held.removeFirst());
                    }
                });
        for (Map.Entry<Long, byte[]> late : early.entrySet()) {
            ForeignMessage message = wanted.remove(late.getKey());
            if (message != null) {
                reader.text(message, new ByteArrayInputStream(late.getValue()));
            }
        }
        wanted.values().stream()
                .sorted(Comparator.comparingLong(ForeignMessage::uid))
                .forEach(reader::gone);
    }

    /// `3:5,9`
    private static String set(List<ForeignMessage> messages) {
        StringBuilder set = new StringBuilder();
        long first = 0;
        long last = -1;
        for (ForeignMessage message : messages) {
            if (message.uid() != last + 1) {
                set.append(first < last ? ":" + last : "").append(set.isEmpty() ? "" : ",");
                set.append(message.uid());
                first = message.uid();
            }
            last = message.uid();
        }
        return set.append(first < last ? ":" + last : "").toString();
    }
}
