package postern.queue;

/// A message as far as it goes by one transport.
///
/// @param mailing whether it makes way for letters: many deliveries, or a message that has been tried before
record Job(ActiveMail mail, Slots slots, boolean mailing) {
    Transport transport() {
        return slots.transport();
    }
}
