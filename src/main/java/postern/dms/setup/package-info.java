/// # dms.setup - docker-mailserver's `setup` command line
///
/// [postern.dms.setup.SetupCommands] is the table of commands; each edits the files of the config volume that
/// docker-mailserver's own `setup` edits, in the same form, so that its users' habits and scripts carry over.
/// `KeyedLines` edits one file and leaves every line that it is not asked about as it is, to the byte;
/// `ConfigVolume` reads and replaces files, each change under the volume's lock.
///
/// What the commands need of the mailbox store (how much mail somebody has, to remove it) are interfaces of one
/// method in [postern.dms.setup.Rooms].
///
/// State: none but the files; the file `.postern-setup.lock` in the volume is locked while files are read,
/// changed and replaced. Threads: the caller's.
@NullMarked
package postern.dms.setup;

import org.jspecify.annotations.NullMarked;
