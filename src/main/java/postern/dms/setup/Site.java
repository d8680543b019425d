package postern.dms.setup;

import postern.dms.Environment;

/// What a command works with.
///
/// @param volume the files
/// @param environment DMS's variables
/// @param report where it speaks
/// @param questions whom it asks
/// @param rooms the rest of the house
record Site(ConfigVolume volume, Environment environment, Report report, Questions questions, Rooms rooms) {}
