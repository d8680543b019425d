package postern.mailbox;

/// The twin keeps the contract.
class MemoryStoreTest extends MailboxStoreContract {
    @Override
    protected MailboxStore open() {
        return new MemoryStore(() -> now);
    }
}
