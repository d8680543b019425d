package postern.admin;

/// How a command ended, by the names of sysexits.h.
public enum Exit {
    OK(0),
    USAGE(64),
    UNAVAILABLE(69),
    TEMPFAIL(75),
    CONFIG(78);

    private final int code;

    Exit(int code) {
        this.code = code;
    }

    public int code() {
        return code;
    }

    /// The exit of this code; [#UNAVAILABLE] for one that we do not use.
    static Exit of(int code) {
        for (Exit exit : values()) {
            if (exit.code == code) {
                return exit;
            }
        }
        return UNAVAILABLE;
    }
}
