package postern.mailbox.sql;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.concurrent.atomic.AtomicInteger;
import postern.mailbox.Incoming;
import postern.mailbox.MailboxStore.Arrival;
import postern.mailbox.MessageRef;
import postern.mailbox.ModSeq;
import postern.mailbox.TextRef;
import postern.mailbox.Uid;
import postern.mailbox.body.TextWriter;
import postern.mailbox.body.Waiting;

/// A message on its way in.
///
/// @param text is forced first
/// @param committer then commits the rows that name it
/// @param shortBytes a text of at most so many bytes is committed with them
record Delivery(TextWriter text, Committer committer, long shortBytes) implements Incoming {
    @Override
    public void write(ByteBuffer piece) throws IOException {
        text.write(piece);
    }

    @Override
    public List<MessageRef> commit(List<Place> places, Set<String> ids) throws IOException {
        if (places.isEmpty()) {
            return List.of();
        }
        ByteBuffer whole = text.ifShort(shortBytes);
        if (whole != null) {
            return committer.change(
                    transaction -> deliver(transaction, FreshTexts.add(transaction, whole), places, ids));
        }
        Pending<List<MessageRef>> pending = new Pending<>();
        text.finish(new Waiting() {
            @Override
            public void forced() {
                // woken when the whole batch has been told
                committer.add(transaction -> deliver(transaction, Texts.add(transaction, text), places, ids), pending);
            }

            @Override
            public void failed(IOException why) {
                pending.failed(why);
            }
        });
        return pending.await();
    }

    /// Commits many, of one store, as one change.
    static void commit(List<Arrival> arrivals, Committer committer) throws IOException {
        if (arrivals.isEmpty()) {
            return;
        }
        Pending<Integer> pending = new Pending<>();
        AtomicInteger left = new AtomicInteger(arrivals.size());
        for (Arrival arrival : arrivals) {
            text(arrival).finish(new Waiting() {
                @Override
                public void forced() {
                    if (left.decrementAndGet() == 0) {
                        committer.add(transaction -> deliver(transaction, arrivals), pending);
                    }
                }

                @Override
                public void failed(IOException why) {
                    pending.failed(why);
                }
            });
        }
        pending.await();
    }

    private static TextWriter text(Arrival arrival) {
        if (arrival.message() instanceof Delivery delivery) {
            return delivery.text;
        }
        throw new IllegalArgumentException("the message is not of this store");
    }

    private static int deliver(Transaction transaction, List<Arrival> arrivals) throws IOException {
        for (Arrival arrival : arrivals) {
            deliver(transaction, Texts.add(transaction, text(arrival)), List.of(arrival.place()));
        }
        return arrivals.size();
    }

    private static List<MessageRef> deliver(Transaction transaction, TextRef text, List<Place> places, Set<String> ids)
            throws IOException {
        TakenIds.add(transaction, ids);
        return deliver(transaction, text, places);
    }

    private static List<MessageRef> deliver(Transaction transaction, TextRef text, List<Place> places)
            throws IOException {
        List<MessageRef> messages = new ArrayList<>(places.size());
        for (Place place : places) {
            MailboxRow mailbox = Mailboxes.made(transaction, place.account(), place.mailbox(), null);
            MessageRef like = new MessageRef(
                    Uid.FIRST,
                    new ModSeq(1),
                    place.flags(),
                    place.arrival(),
                    Instant.EPOCH,
                    place.front(),
                    text,
                    place.popId());
            messages.add(Messages.add(transaction, mailbox, like, place.uid()));
            Mailboxes.save(transaction, mailbox);
        }
        return messages;
    }

    @Override
    public void close() {
        text.close();
    }
}
