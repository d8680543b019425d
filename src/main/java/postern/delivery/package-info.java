/// # delivery - delivery agents
@NullMarked
package postern.delivery;

import org.jspecify.annotations.NullMarked;
