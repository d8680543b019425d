package postern.policy;

import postern.smtp.EnhancedStatus;

/// The status codes that refusals carry (RFC 3463). The class is that of the reply's code.
final class Statuses {
    static final EnhancedStatus POLICY = new EnhancedStatus(5, 7, 1);
    static final EnhancedStatus SECURITY = new EnhancedStatus(5, 7, 0);
    static final EnhancedStatus CONFIGURATION = new EnhancedStatus(4, 3, 5);
    static final EnhancedStatus SYSTEM = new EnhancedStatus(4, 3, 0);
    static final EnhancedStatus TRY_AGAIN = new EnhancedStatus(4, 3, 2);
    static final EnhancedStatus SYNTAX = new EnhancedStatus(5, 5, 2);
    static final EnhancedStatus PROTOCOL = new EnhancedStatus(5, 5, 0);
    static final EnhancedStatus RECIPIENTS = new EnhancedStatus(5, 5, 3);
    static final EnhancedStatus NO_NAME = new EnhancedStatus(5, 7, 25);
    static final EnhancedStatus SENDER_ADDRESS = new EnhancedStatus(5, 1, 7);
    static final EnhancedStatus SENDER_SYSTEM = new EnhancedStatus(5, 1, 8);
    static final EnhancedStatus SENDER_OTHER = new EnhancedStatus(5, 1, 0);
    static final EnhancedStatus SENDER_NULL_MX = new EnhancedStatus(5, 7, 27);
    static final EnhancedStatus RECIPIENT_ADDRESS = new EnhancedStatus(5, 1, 1);
    static final EnhancedStatus RECIPIENT_SYSTEM = new EnhancedStatus(5, 1, 2);
    static final EnhancedStatus RECIPIENT_NULL_MX = new EnhancedStatus(5, 1, 10);

    private Statuses() {}
}
