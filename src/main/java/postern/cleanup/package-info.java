/// # cleanup - between session and queue
@NullMarked
package postern.cleanup;

import org.jspecify.annotations.NullMarked;
