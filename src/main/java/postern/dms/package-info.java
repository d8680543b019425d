/// # dms - docker-mailserver's config volume and environment, as a configuration
///
/// The one room that knows docker-mailserver (DMS). [postern.dms.Volume] reads the files of the config volume,
/// [postern.dms.Environment] the variables; [postern.dms.DmsConfig] makes of both what the rest of the house
/// understands: settings by Postfix's names, tables, accounts, and what is asked for that is not there.
///
/// The tables that DMS writes into /etc/postfix at its start are written here too, into a directory of the
/// state (`postern/etc`), so that an administrator sees what became of his files. They are written again when
/// a file of the volume changes.
///
/// [postern.dms.DmsWatch] tells when a file of the volume has changed and settled.
///
/// State: a [postern.dms.DmsConfig] is a value; the files in `postern/etc` are written by its reading alone.
/// Threads: the watch has one. Errors: [postern.config.ConfigException] names file and line, or the variable and
/// where it was set; never a password.
@NullMarked
package postern.dms;

import org.jspecify.annotations.NullMarked;
