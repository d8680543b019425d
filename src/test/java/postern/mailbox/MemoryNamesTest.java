package postern.mailbox;

/// The twin keeps the contract.
class MemoryNamesTest extends MailboxNamesContract {
    @Override
    protected MailboxStore open() {
        return new MemoryStore(() -> now);
    }
}
