package postern;

import java.nio.file.Path;
import postern.config.MainCf;
import postern.config.MasterCf;

/// What a server is made of at one moment. A reload asks for the next.
///
/// @param inside what lies behind its SMTP
/// @param provisioner where else it looks things up
record Configured(MainCf conf, MasterCf master, Inside inside, Provisioner provisioner) {
    /// With files alone.
    Configured(MainCf conf, MasterCf master, Inside inside) {
        this(conf, master, inside, Provisioner.FILES);
    }

    /// Makes one, from files as they are now.
    @FunctionalInterface
    interface Source {
        /// @throws postern.config.ConfigException for what cannot be used
        Configured read();
    }

    /// That of a Postfix directory.
    static Configured of(Path directory) {
        return new Configured(MainCf.load(directory), MasterCf.load(directory), Inside.NOTHING);
    }
}
