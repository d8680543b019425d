package postern.mailbox.transfer;

import java.nio.ByteBuffer;
import java.util.List;
import org.jspecify.annotations.Nullable;
import postern.mailbox.AccountName;
import postern.mailbox.Flags;
import postern.mailbox.Incoming;
import postern.mailbox.Mailbox;
import postern.mailbox.MailboxName;
import postern.mailbox.MailboxStore;
import postern.mailbox.MessageRef;
import postern.mailbox.Uid;
import postern.mailbox.UidValidity;

/// The store that mail is taken into: what it refuses is a [StoreFailure].
record Target(MailboxStore store) {
    Mailbox mailbox(AccountName account, ForeignMailbox foreign, @Nullable UidValidity validity) throws StoreFailure {
        return StoreFailure.unless(() -> {
            Mailbox mailbox = store.create(account, foreign.name(), validity);
            if (mailbox.specialUse().isEmpty() && !foreign.specialUse().isEmpty()) {
                store.specialUse(mailbox, foreign.specialUse());
            }
            return mailbox;
        });
    }

    List<MessageRef> messages(Mailbox mailbox) throws StoreFailure {
        return StoreFailure.unless(() -> store.messages(mailbox, Uid.FIRST, Uid.LAST));
    }

    /// Flags that came and went over there come and go here.
    void flags(Mailbox mailbox, List<Uid> uids, Flags came, Flags went) throws StoreFailure {
        StoreFailure.unless(
                () -> store.flags(mailbox, uids, flags -> flags.without(went).with(came)));
    }

    Incoming incoming() throws StoreFailure {
        return StoreFailure.unless(store::incoming);
    }

    static void write(Incoming incoming, ByteBuffer piece) throws StoreFailure {
        StoreFailure.unless(() -> {
            incoming.write(piece);
            return incoming;
        });
    }

    void commit(List<MailboxStore.Arrival> arrivals) throws StoreFailure {
        StoreFailure.unless(() -> {
            store.commit(arrivals);
            return arrivals;
        });
    }

    void passUids(Mailbox mailbox, Uid next) throws StoreFailure {
        StoreFailure.unless(() -> {
            store.passUids(mailbox, next);
            return next;
        });
    }

    void subscribe(AccountName account, MailboxName name) throws StoreFailure {
        StoreFailure.unless(() -> {
            store.subscribe(account, name, true);
            return name;
        });
    }
}
