package postern.policy;

/// What one restriction says. Never leaves this package.
enum Outcome {
    /// Nothing: ask the next one.
    DUNNO,
    /// Yes: the rest of this list is not asked.
    PERMIT,
    /// No, with the reply that [Check#refusal()] has.
    REJECT
}
