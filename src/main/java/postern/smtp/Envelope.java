package postern.smtp;

import java.time.Instant;
import postern.address.Path;

/// What is known of a message before its recipients and its text: what MAIL said, who said it, when.
public record Envelope(Path sender, Params params, Peer peer, Instant arrival) {}
