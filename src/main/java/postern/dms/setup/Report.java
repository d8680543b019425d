package postern.dms.setup;

import java.io.PrintStream;

/// What a command says: results and news on one stream, warnings and errors on the other.
///
/// @param level the least that is said
record Report(PrintStream out, PrintStream err, Level level) {
    /// DMS's levels, the most talkative first.
    enum Level {
        TRACE,
        DEBUG,
        INFO,
        WARN,
        ERROR;

        /// @param name of `LOG_LEVEL`; what is no level is `info`
        static Level of(String name) {
            for (Level level : values()) {
                if (level.name().equalsIgnoreCase(name)) {
                    return level;
                }
            }
            return INFO;
        }
    }

    Report at(Level other) {
        return new Report(out, err, other);
    }

    /// A line that was asked for: it is shown at every level.
    void line(String text) {
        out.println(text);
    }

    void trace(String text) {
        news(Level.TRACE, text);
    }

    void debug(String text) {
        news(Level.DEBUG, text);
    }

    void info(String text) {
        news(Level.INFO, text);
    }

    private void news(Level at, String text) {
        if (at.compareTo(level) >= 0) {
            out.println(text);
        }
    }

    void warning(String text) {
        if (Level.WARN.compareTo(level) >= 0) {
            err.println("setup: warning: " + text);
        }
    }

    void error(String text) {
        out.flush();
        err.println("setup: error: " + text);
    }
}
