package postern.message;

/// What can be wrong with a message's MIME structure, in Postfix's words.
public enum MimeFlaw {
    NESTING("MIME nesting exceeds safety limit"),
    EIGHT_BIT_HEADER("improper use of 8-bit data in message header"),
    EIGHT_BIT_BODY("improper use of 8-bit data in message body"),
    ENCODING_DOMAIN("invalid message/* or multipart/* encoding domain");

    private final String text;

    MimeFlaw(String text) {
        this.text = text;
    }

    @Override
    public String toString() {
        return text;
    }
}
