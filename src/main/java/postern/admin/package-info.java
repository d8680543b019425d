/// # admin - talking to a running server
///
/// Operator commands with Postfix's habits: [postern.admin.Commands] is the list, one file each.
/// [postern.admin.ControlServer] answers them over a unix-domain socket that only the server's own user may
/// open; [postern.admin.ControlClient] is the command line's side. The same command objects run in both: in
/// the server when there is one, else in the program, on the queue it opens itself.
///
/// State: none; mail belongs to `queue`. Threads: one virtual thread per connection.
///
/// Sources: mailq(1), postqueue(1), postsuper(1), postcat(1), sysexits.h.
@NullMarked
package postern.admin;

import org.jspecify.annotations.NullMarked;
