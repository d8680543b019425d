/// # tlspolicy - how much TLS a next hop must have
@NullMarked
package postern.tlspolicy;

import org.jspecify.annotations.NullMarked;
