/// `./dev talk`, `./dev mx`: what developers ask by hand. Not shipped.
@NullMarked
package postern.dev;

import org.jspecify.annotations.NullMarked;
