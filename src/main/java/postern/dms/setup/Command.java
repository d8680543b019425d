package postern.dms.setup;

import java.io.IOException;
import java.util.List;

/// A row of the table.
///
/// @param words `email add`
/// @param synopsis its arguments, as the usage shows them
/// @param least how many of them there must be
/// @param help what it does, in lines of its own
record Command(String words, String synopsis, int least, String help, Run run) {
    /// What a command does with its arguments.
    @FunctionalInterface
    interface Run {
        /// @throws Refusal when it is not to be done
        void run(List<String> arguments, Site site) throws IOException;
    }

    String usage() {
        return "Usage: setup " + words + (synopsis.isEmpty() ? "" : " " + synopsis) + "\n"
                + help.indent(4).stripTrailing();
    }
}
