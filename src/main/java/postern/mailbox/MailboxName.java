package postern.mailbox;

import java.util.List;

/// What a mailbox is called in its account: `INBOX`, `Junk`, `Archive.2024`. Levels are separated by a dot, as
/// in docker-mailserver (Maildir++). INBOX is one name however it is written (RFC 9051 §5.1).
public record MailboxName(String name) implements Comparable<MailboxName> {
    public static final char SEPARATOR = '.';
    public static final MailboxName INBOX = new MailboxName("INBOX");

    private static final int LONGEST = 1000;

    /// @throws IllegalArgumentException when it cannot be a name: why
    public MailboxName {
        if (name.equalsIgnoreCase("INBOX")) {
            name = "INBOX";
        } else if (name.regionMatches(true, 0, "INBOX.", 0, 6)) {
            name = "INBOX" + name.substring(5);
        }
        if (name.isEmpty() || name.length() > LONGEST) {
            throw new IllegalArgumentException("a mailbox has a name of 1 to " + LONGEST + " characters");
        }
        if (name.charAt(0) == SEPARATOR || name.charAt(name.length() - 1) == SEPARATOR || name.contains("..")) {
            throw new IllegalArgumentException("\"" + name + "\": a level of the name is empty");
        }
        if (name.chars().anyMatch(c -> c < ' ' || c == 127)) {
            throw new IllegalArgumentException("a mailbox name has no control characters");
        }
    }

    public boolean isInbox() {
        return this.equals(INBOX);
    }

    /// Whether it is somewhere below another.
    public boolean isBelow(MailboxName other) {
        return name.length() > other.name.length()
                && name.startsWith(other.name)
                && name.charAt(other.name.length()) == SEPARATOR;
    }

    /// What it is called when a mailbox above it, or itself, gets another name.
    public MailboxName moved(MailboxName from, MailboxName to) {
        return new MailboxName(to.name + name.substring(from.name.length()));
    }

    public List<String> levels() {
        return List.of(name.split("\\."));
    }

    @Override
    public int compareTo(MailboxName other) {
        return name.compareTo(other.name);
    }

    @Override
    public String toString() {
        return name;
    }
}
