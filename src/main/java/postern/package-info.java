/// # postern - the roles
///
/// [postern.Postern] is the command line. `PublicServer` is the wiring of the public server: the map of the
/// house on one screen. `Demo` shows the main job on loopback.
@NullMarked
package postern;

import org.jspecify.annotations.NullMarked;
