/// `./dev talk`, `./dev mx`, `./dev record`: what developers ask by hand. Not shipped.
@NullMarked
package postern.dev;

import org.jspecify.annotations.NullMarked;
