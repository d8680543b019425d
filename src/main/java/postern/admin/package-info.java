/// # admin - talking to a running server
@NullMarked
package postern.admin;

import org.jspecify.annotations.NullMarked;
