package postern.rewrite;

import postern.rewrite.Resolved.AddressClass;

/// Whether an address is listed where its class has its table.
public sealed interface Listing {
    /// It is, or its class has no table.
    record Listed() implements Listing {}

    /// It is not.
    ///
    /// @param transport `error` or `retry` when that is where the address leads, else empty
    /// @param text for the table of the class `5.1.1 User unknown in relay recipient table`; for a transport what
    ///     follows its colon, which may begin with a status too
    record Unlisted(AddressClass addressClass, String transport, String text) implements Listing {}

    record TempFail(String reason) implements Listing {}

    Listing LISTED = new Listed();
}
