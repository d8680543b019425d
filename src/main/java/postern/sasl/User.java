package postern.sasl;

/// A login of the users file.
///
/// @param account that it stands for: itself, or the one that it is another name of
record User(String account, StoredPassword password) {}
