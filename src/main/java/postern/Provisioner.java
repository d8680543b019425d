package postern;

import java.util.Map;
import postern.lookup.TableTypes;

/// Where else a server looks things up, besides its files (docker-mailserver's word).
///
/// @param tableTypes that only this role has, by their names
record Provisioner(Map<String, TableTypes.Type> tableTypes) {
    /// Files alone.
    static final Provisioner FILES = new Provisioner(Map.of());
}
