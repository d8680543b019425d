package postern.queue;

import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.BitSet;
import java.util.List;

/// All that has become of a message so far: the payload of LATER and HOLD records. The last one counts; none
/// means [#initial].
///
/// @param recipients how many the message has
/// @param finished those that need no more
/// @param due seconds of the epoch
/// @param reasons by place, one for each recipient; empty where not known
record State(
        int recipients, BitSet finished, long due, int tries, int nextHopHash, boolean warned, List<String> reasons) {
    /// Reasons longer than this are cut.
    static final int REASON_MOST = 1000;

    private static final int RECIPIENTS = 1;
    private static final int FINISHED = 2;
    private static final int DUE = 3;
    private static final int TRIES = 4;
    private static final int NEXT_HOP_HASH = 5;
    private static final int WARNED = 6;
    private static final int REASON = 7;
    private static final int RECIPIENTS_MOST = 1_000_000;

    State {
        List<String> all = new ArrayList<>(recipients);
        for (int i = 0; i < recipients; i++) {
            String reason = i < reasons.size() && !finished.get(i) ? reasons.get(i) : "";
            all.add(reason.length() > REASON_MOST ? reason.substring(0, REASON_MOST) : reason);
        }
        reasons = List.copyOf(all);
    }

    static State initial(int recipients, long arrival) {
        return new State(recipients, new BitSet(), arrival, 0, 0, false, List.of());
    }

    State withFinished(BitSet more) {
        BitSet all = (BitSet) finished.clone();
        all.or(more);
        return new State(recipients, all, due, tries, nextHopHash, warned, reasons);
    }

    State withDue(long other) {
        return new State(recipients, finished, other, tries, nextHopHash, warned, reasons);
    }

    State later(Queue.Later later, long dueSeconds) {
        return new State(
                recipients, finished, dueSeconds, later.tries(), later.nextHopHash(), later.warned(), later.reasons());
    }

    /// Without reasons: after a restart they are not known until the next try.
    State withoutReasons() {
        return new State(recipients, finished, due, tries, nextHopHash, warned, List.of());
    }

    boolean isFinished() {
        return finished.cardinality() >= recipients;
    }

    BitSet open() {
        BitSet open = new BitSet(recipients);
        open.set(0, recipients);
        open.andNot(finished);
        return open;
    }

    ByteBuffer encode() {
        Fields.Writer fields = new Fields.Writer(64)
                .number(RECIPIENTS, recipients)
                .number(DUE, due)
                .number(TRIES, tries)
                .number(NEXT_HOP_HASH, nextHopHash & 0xffff_ffffL)
                .number(WARNED, warned ? 1 : 0);
        if (!finished.isEmpty()) {
            fields.bytes(FINISHED, finished.toByteArray());
        }
        for (int i = 0; i < recipients; i++) {
            if (!reasons.get(i).isEmpty()) {
                int opened = fields.open(REASON);
                fields.number(1, i).text(2, reasons.get(i));
                fields.close(opened);
            }
        }
        return fields.done();
    }

    static State decode(ByteBuffer payload) throws DamagedException {
        int recipients = 0;
        BitSet finished = new BitSet();
        long due = 0;
        int tries = 0;
        int nextHopHash = 0;
        boolean warned = false;
        List<String> reasons = new ArrayList<>();
        Fields.Reader fields = new Fields.Reader(payload);
        while (fields.next()) {
            switch (fields.tag()) {
                case RECIPIENTS -> recipients = (int) Math.clamp(fields.number(), 0, RECIPIENTS_MOST);
                case FINISHED -> finished = BitSet.valueOf(fields.bytes());
                case DUE -> due = fields.number();
                case TRIES -> tries = (int) fields.number();
                case NEXT_HOP_HASH -> nextHopHash = (int) fields.number();
                case WARNED -> warned = fields.number() != 0;
                case REASON -> reason(fields.fields(), reasons);
                default -> {}
            }
        }
        return new State(recipients, finished, due, tries, nextHopHash, warned, reasons);
    }

    private static void reason(Fields.Reader fields, List<String> reasons) throws DamagedException {
        int place = 0;
        while (fields.next()) {
            if (fields.tag() == 1) {
                place = (int) Math.clamp(fields.number(), 0, RECIPIENTS_MOST);
            } else if (fields.tag() == 2) {
                while (reasons.size() <= place) {
                    reasons.add("");
                }
                reasons.set(place, fields.text());
            }
        }
    }
}
