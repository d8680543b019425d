package postern.mailbox.transfer;

import java.util.List;
import java.util.Set;
import java.util.TreeSet;
import postern.mailbox.MailboxName;

/// Dovecot's `subscriptions`: a name in a line, in modified UTF-7. Version 2 begins with `V`, a tab and `2`, and
/// has a tab between the levels of a name.
final class Subscriptions {
    static final String FILE = "subscriptions";

    private static final String VERSION_2 = "V\t2";

    private Subscriptions() {}

    static Set<MailboxName> parse(List<String> lines, UidList.Flaws flaws) {
        Set<MailboxName> names = new TreeSet<>();
        boolean isVersion2 = !lines.isEmpty() && lines.getFirst().equals(VERSION_2);
        for (String line : isVersion2 ? lines.subList(1, lines.size()) : lines) {
            if (line.isEmpty()) {
                continue;
            }
            String stored = isVersion2 ? line.replace('\t', MailboxName.SEPARATOR) : line;
            String name = ModifiedUtf7.decode(stored);
            try {
                names.add(new MailboxName(name == null ? stored : name));
            } catch (IllegalArgumentException e) {
                flaws.flaw("has a name that cannot be one: " + e.getMessage());
            }
        }
        return names;
    }

    static String format(Set<MailboxName> names) {
        StringBuilder text = new StringBuilder(VERSION_2 + "\n\n");
        for (MailboxName name : names) {
            text.append(ModifiedUtf7.encode(name.name()).replace(MailboxName.SEPARATOR, '\t'))
                    .append('\n');
        }
        return text.toString();
    }
}
