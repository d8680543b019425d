package postern.pop3.server;

/// What a session has sent and deleted, for its last line in the log.
final class Served {
    private int tops;
    private long topBytes;
    private int messages;
    private long messageBytes;
    private int expunged;

    void top(long bytes) {
        tops++;
        topBytes += bytes;
    }

    void retrieved(long bytes) {
        messages++;
        messageBytes += bytes;
    }

    void expunged(int count) {
        expunged = count;
    }

    /// `top=0/0, retr=2/76, del=1/2, size=76`: how many, and their bytes or of how many.
    String of(Maildrop drop) {
        return "top=" + tops + "/" + topBytes + ", retr=" + messages + "/" + messageBytes + ", del=" + expunged + "/"
                + drop.total() + ", size=" + drop.totalBytes();
    }
}
