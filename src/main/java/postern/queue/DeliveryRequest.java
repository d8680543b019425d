package postern.queue;

import java.io.IOException;
import java.util.List;
import postern.smtp.Recipient;

/// One delivery: a message for recipients who share transport and next hop.
///
/// @param recipients in the order in which results are wanted
/// @param transport the name in master.cf and in the log: `smtp`, `relay`
/// @param nextHop as routes gave it: `[192.168.2.3]:25`, `example.com`
/// @param tries how often the message has been deferred before
/// @param text opens the message's text
public record DeliveryRequest(
        Mail mail, List<Recipient> recipients, String transport, String nextHop, int tries, Text text) {
    /// Opens the text; may be called more than once, the caller closes.
    @FunctionalInterface
    public interface Text {
        Body open() throws IOException;
    }
}
