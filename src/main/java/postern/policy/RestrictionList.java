package postern.policy;

import java.util.List;

/// Restrictions asked in turn: the first that says yes or no ends it.
///
/// @param name of the parameter or class
record RestrictionList(String name, List<Restriction> restrictions) implements Restriction {
    RestrictionList {
        restrictions = List.copyOf(restrictions);
    }

    boolean isEmpty() {
        return restrictions.isEmpty();
    }

    @Override
    public Outcome ask(Check check) {
        return isEmpty() ? Outcome.DUNNO : check.nested(this::inTurn);
    }

    private Outcome inTurn(Check check) {
        for (int i = 0; i < restrictions.size(); i++) {
            Outcome outcome = restrictions.get(i).ask(check);
            if (outcome != Outcome.DUNNO) {
                return outcome;
            }
        }
        return Outcome.DUNNO;
    }
}
