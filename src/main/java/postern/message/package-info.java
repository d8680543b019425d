/// # message - header and body as text
///
/// What is common to everyone who looks into a message: [postern.message.HeaderSplitter] cuts a stream into
/// header fields and body without changing a byte, [postern.message.MimeParts] finds the headers of parts and
/// attached messages in the body, [postern.message.Field] reads one field, [postern.message.MailDate] writes
/// dates, [postern.message.Received] writes the trace field.
///
/// State: none beyond one message, and of that one field, one line and the open boundaries.
///
/// RFCs: 5322, 5321 §4.4 (Received), 2045 and 2046 (MIME), 6854, 6532.
@NullMarked
package postern.message;

import org.jspecify.annotations.NullMarked;
