package postern.policy;

/// Text from tables, DNS and policy servers, made fit for a reply.
final class Texts {
    private Texts() {}

    /// The text as one line of at most so many characters: control characters become `?`, so that whatever a
    /// table, a TXT record or a policy server says, it is one reply.
    static String oneLine(String text, int most) {
        String cut = text.length() <= most ? text : text.substring(0, most);
        for (int i = 0; i < cut.length(); i++) {
            if (Character.isISOControl(cut.charAt(i))) {
                return cut.replaceAll("\\p{Cntrl}|[\u0080-\u009f]", "?");
            }
        }
        return cut;
    }

    /// Where the first word ends.
    static int wordEnd(String text) {
        int end = 0;
        while (end < text.length() && !Character.isWhitespace(text.charAt(end))) {
            end++;
        }
        return end;
    }
}
