/// # smtp.server - the server side of SMTP
@NullMarked
package postern.smtp.server;

import org.jspecify.annotations.NullMarked;
