package postern.mailbox.transfer;

import java.io.IOException;

/// Nothing more can be kept here: the whole transfer ends, where a failure over there ends an account.
final class StoreFailure extends IOException {
    private static final long serialVersionUID = 1;

    StoreFailure(IOException cause) {
        super(cause.getMessage(), cause);
    }

    /// Something that is done on this side.
    interface Step<T> {
        T run() throws IOException;
    }

    static <T> T unless(Step<T> step) throws StoreFailure {
        try {
            return step.run();
        } catch (StoreFailure e) {
            throw e;
        } catch (IOException e) {
            throw new StoreFailure(e);
        }
    }
}
