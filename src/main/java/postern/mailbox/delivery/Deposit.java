package postern.mailbox.delivery;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.time.ZoneId;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import postern.log.MailLog;
import postern.mailbox.Flags;
import postern.mailbox.Incoming;
import postern.mailbox.MailboxName;
import postern.mailbox.MessageRef;
import postern.message.MailDate;

/// Puts messages into mailboxes, and tells those whose mailboxes become full.
record Deposit(Residents residents, MailLog log) {
    private static final String SERVICE = "mailbox";

    /// Someone's place.
    record To(Residents.Entry entry, Incoming.Place place) {}

    /// Puts a message into all of the places; returns when that is forced.
    ///
    /// @param ids see [Incoming#commit(List, Set)]
    /// @throws IOException when it is in none
    List<MessageRef> put(Incoming text, List<To> all, Set<String> ids) throws IOException {
        Map<Residents.Entry, Long> before = new LinkedHashMap<>(0);
        for (To to : all) {
            if (to.entry().quota().isLimited()) {
                before.putIfAbsent(to.entry(), residents.used(to.entry()));
            }
        }
        List<MessageRef> messages = text.commit(all.stream().map(To::place).toList(), ids);
        Instant now = all.getFirst().place().arrival();
        before.forEach((entry, used) -> warn(entry, used, now));
        return messages;
    }

    private void warn(Residents.Entry entry, long before, Instant now) {
        try {
            int percent = entry.quota().reached(before, residents.used(entry));
            if (percent > 0) {
                tell(entry, percent, now);
            }
        } catch (IOException e) {
            log.warning(SERVICE, entry.account() + " is not told of the quota: " + e.getMessage());
        }
    }

    /// Also beyond the quota: it would be of no use otherwise.
    private void tell(Residents.Entry entry, int percent, Instant now) throws IOException {
        List<String> lines = new ArrayList<>(List.of(
                "Return-Path: <>",
                "From: postmaster@" + entry.account().domain(),
                "To: " + entry.account(),
                "Subject: quota warning",
                "Date: " + MailDate.format(now, ZoneId.systemDefault()),
                "Auto-Submitted: auto-generated",
                "Content-Type: text/plain; charset=us-ascii",
                "",
                "Your mailbox is " + percent + "% full, of " + entry.quota().limit() / 1024 + " KB.",
                "",
                "When it is full, mail for you goes back to its senders. Delete what you need no more.",
                ""));
        try (Incoming text = residents.store().incoming()) {
            text.write(ByteBuffer.wrap(String.join("\r\n", lines).getBytes(StandardCharsets.US_ASCII)));
            text.commit(List.of(new Incoming.Place(entry.account(), MailboxName.INBOX, "", Flags.NONE, now)));
        }
        log.info(SERVICE, entry.account() + " is told: mailbox is " + percent + "% full");
    }
}
