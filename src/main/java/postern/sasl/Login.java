package postern.sasl;

/// Who has logged in.
///
/// @param name as it was given, in lower case; what stands in logs and `Received` fields
/// @param account whose mail it is: the login itself, or the account that it is another name of
/// @param by what of it the name does not tell, for the log (`master=<admin>`); empty for nothing
public record Login(String name, String account, String by) {
    /// One who stands for himself.
    public static Login of(String name) {
        return new Login(name, name, "");
    }

    /// ` (master=<admin>)`, or nothing.
    public String note() {
        return by.isEmpty() ? "" : " (" + by + ")";
    }
}
