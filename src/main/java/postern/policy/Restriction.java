package postern.policy;

/// One restriction, compiled: names resolved, tables open, numbers read. Asked from many sessions at once.
@FunctionalInterface
interface Restriction {
    Outcome ask(Check check);
}
