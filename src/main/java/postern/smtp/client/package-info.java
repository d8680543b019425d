/// # smtp.client - the client side of SMTP and LMTP
@NullMarked
package postern.smtp.client;

import org.jspecify.annotations.NullMarked;
