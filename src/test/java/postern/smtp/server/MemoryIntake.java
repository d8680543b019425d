package postern.smtp.server;

import java.io.ByteArrayOutputStream;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.Supplier;
import postern.smtp.Answer;
import postern.smtp.Directive;
import postern.smtp.Envelope;
import postern.smtp.Fates;
import postern.smtp.Handover;
import postern.smtp.HandoverId;
import postern.smtp.Intake;
import postern.smtp.Recipient;
import postern.smtp.Reply;
import postern.smtp.extension.XHandover;

/// An intake that keeps what it is given, and refuses what a test tells it to.
final class MemoryIntake implements Intake {
    /// A message as it arrived.
    record Taken(Envelope envelope, List<Recipient> recipients, List<Directive> directives, String text) {}

    /// `open`, `rcpt <x@y>`, `write`, `commit`: what refuses, and with which reply; `each <x@y>`: the answer of a
    /// recipient after the text.
    private final List<String[]> refusals = new ArrayList<>();
    private final List<Taken> taken = new CopyOnWriteArrayList<>();
    private final Set<HandoverId> underWay = ConcurrentHashMap.newKeySet();
    private final AtomicInteger opened = new AtomicInteger();
    private final AtomicInteger aborted = new AtomicInteger();
    private final List<Recipient> asked = new CopyOnWriteArrayList<>();
    private volatile boolean counts;

    /// From now on answers tell how many recipients had been begun, and which of them theirs is.
    void count() {
        counts = true;
    }

    void refuse(String what, String reply) {
        refusals.add(new String[] {what, reply});
    }

    List<Taken> taken() {
        return taken;
    }

    int aborted() {
        return aborted.get();
    }

    @Override
    public Fates fates() {
        return id -> {
            if (underWay.contains(id)) {
                return Fates.Fate.UNDECIDED;
            }
            boolean has = taken.stream()
                    .anyMatch(each -> id.equals(each.envelope.params().get(XHandover.ID)));
            return has ? Fates.Fate.TAKEN : Fates.Fate.UNKNOWN;
        };
    }

    @Override
    public boolean answersEach() {
        return refusals.stream().anyMatch(refusal -> refusal[0].startsWith("each "));
    }

    private Reply each(Recipient recipient, Reply usual) {
        return refusals.stream()
                .filter(refusal -> refusal[0].equals("each <" + recipient.address() + ">"))
                .map(refusal -> Reply.of(refusal[1]))
                .findFirst()
                .orElse(usual);
    }

    private void check(String what) {
        for (String[] refusal : refusals) {
            if (refusal[0].equals(what)) {
                throw refusal[1].equals("crash") ? new IllegalStateException("crash") : new Reply.Refused(refusal[1]);
            }
        }
    }

    @Override
    public Handover open(Envelope envelope) {
        check("open");
        return new Taking(envelope, "Q" + opened.incrementAndGet());
    }

    private final class Taking implements Handover {
        private final Envelope envelope;
        private final String id;
        private final List<Recipient> recipients = new ArrayList<>();
        private final List<Directive> directives = new ArrayList<>();
        private final ByteArrayOutputStream text = new ByteArrayOutputStream();
        private boolean over;

        Taking(Envelope envelope, String id) {
            this.envelope = envelope;
            this.id = id;
            HandoverId handover = envelope.params().get(XHandover.ID);
            if (handover != null) {
                underWay.add(handover);
            }
        }

        private void ended() {
            HandoverId handover = envelope.params().get(XHandover.ID);
            if (handover != null) {
                underWay.remove(handover);
            }
        }

        @Override
        public String id() {
            return id;
        }

        @Override
        public Reply rcpt(Recipient recipient) {
            try {
                check("rcpt <" + recipient.address() + ">");
            } catch (Reply.Refused e) {
                return e.reply();
            }
            recipients.add(recipient);
            return Reply.of("250 2.1.5 Ok");
        }

        @Override
        public Supplier<Reply> ask(Recipient recipient) {
            if (!counts) {
                return Handover.super.ask(recipient);
            }
            asked.add(recipient);
            int before = asked.size();
            return () -> {
                Reply reply = rcpt(recipient);
                return new Reply(reply.code(), reply.status(), List.of(before + " of " + asked.size()));
            };
        }

        @Override
        public void direct(Directive directive) {
            directives.add(directive);
        }

        @Override
        public void write(ByteBuffer piece) {
            check("write");
            text.write(piece.array(), piece.arrayOffset() + piece.position(), piece.remaining());
        }

        @Override
        public Answer commit() {
            ended();
            try {
                check("commit");
            } catch (Reply.Refused e) {
                return new Answer(e.reply());
            }
            taken.add(new Taken(envelope, recipients, directives, text.toString(StandardCharsets.UTF_8)));
            Reply queued = Reply.of("250 2.0.0 Ok: queued as " + id);
            List<Reply> each = recipients.stream()
                    .map(recipient -> each(recipient, queued))
                    .toList();
            return each.stream().allMatch(queued::equals)
                    ? new Answer(queued)
                    : new Answer(each.contains(queued) ? queued : each.getFirst(), each);
        }

        @Override
        public void abort() {
            ended();
            if (!over) {
                over = true;
                aborted.incrementAndGet();
            }
        }
    }
}
