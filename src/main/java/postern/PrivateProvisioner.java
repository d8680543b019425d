package postern;

import java.time.InstantSource;
import java.util.Map;
import postern.ldap.Directories;

/// Where a private server looks things up besides its files: directories.
final class PrivateProvisioner {
    private PrivateProvisioner() {}

    static Provisioner of(InstantSource clock) {
        Directories directories = new Directories(clock);
        return new Provisioner(Map.of("ldap", directories::table));
    }
}
