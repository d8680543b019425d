/// # message - header and body as text
@NullMarked
package postern.message;

import org.jspecify.annotations.NullMarked;
