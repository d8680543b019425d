package postern;

import java.util.Map;
import postern.lookup.TableTypes;
import postern.sasl.Elsewhere;

/// Where else a server looks things up, besides its files (docker-mailserver's word).
///
/// @param tableTypes that only this role has, by their names
/// @param logins those who are in no file
record Provisioner(Map<String, TableTypes.Type> tableTypes, Elsewhere logins) {
    /// Files alone.
    static final Provisioner FILES = new Provisioner(Map.of(), Elsewhere.NOBODY);
}
