package postern.mailbox.transfer;

import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;
import postern.mailbox.UidValidity;

/// Which UIDs messages get here.
///
/// @param index what is over there
/// @param isSame whether the mailbox here has the UIDVALIDITY of the one over there
/// @param next the lowest UID that is free here
record Plan(ForeignMailbox.Index index, boolean isSame, long next) {
    /// @param popId what POP3 called it, where its new UID does not say so
    record Planned(ForeignMessage message, long uid, String popId) {}

    /// Messages keep their UIDs where they can: under the same UIDVALIDITY, when none of a higher one is here yet.
    /// All others come after them.
    List<Planned> of(List<ForeignMessage> messages) {
        List<Planned> planned = new ArrayList<>();
        List<ForeignMessage> late = new ArrayList<>();
        long free = next;
        for (ForeignMessage message : messages) {
            if (isSame && message.uid() >= free) {
                planned.add(new Planned(message, message.uid(), message.popId()));
                free = message.uid() + 1;
            } else {
                late.add(message);
            }
        }
        free = isSame ? Math.max(free, index.next()) : free;
        for (ForeignMessage message : late) {
            planned.add(new Planned(message, free++, popId(message, index.validity())));
        }
        return planned;
    }

    /// As Dovecot makes it of UID and UIDVALIDITY unless it is told otherwise.
    private static String popId(ForeignMessage message, @Nullable UidValidity validity) {
        if (!message.popId().isEmpty() || message.uid() == 0 || validity == null) {
            return message.popId();
        }
        return String.format("%08x%08x", message.uid(), validity.value());
    }
}
