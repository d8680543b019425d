package postern.mailbox.transfer;

/// Keys of messages: names of files and the like, as they may stand in a line of a journal.
final class Keys {
    private Keys() {}

    /// The name itself, but for control characters and `%`.
    static String of(String name) {
        if (name.chars().noneMatch(c -> c < ' ' || c == '%')) {
            return name;
        }
        StringBuilder key = new StringBuilder();
        for (char c : name.toCharArray()) {
            if (c < ' ' || c == '%') {
                key.append(String.format("%%%02x", (int) c));
            } else {
                key.append(c);
            }
        }
        return key.toString();
    }
}
