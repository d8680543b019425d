package postern.smtp.client;

import postern.address.Path;
import postern.smtp.Params;
import postern.smtp.Peer;

/// What MAIL says of a message, as far as the server's extensions let it.
///
/// @param params those that came with the message: RET, ENVID, SMTPUTF8, BODY
/// @param peer who handed the message in, for XFORWARD
/// @param id the queue id, for XFORWARD; empty when there is none
/// @param size bytes of the text; 0 when not known
/// @param eightBit whether the text holds bytes outside ASCII
/// @param needsUtf8 whether header or addresses cannot go without SMTPUTF8 (RFC 6531 §3.6)
public record MailFrom(
        Path sender, Params params, Peer peer, String id, long size, boolean eightBit, boolean needsUtf8) {}
