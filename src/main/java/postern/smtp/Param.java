package postern.smtp;

/// An ESMTP parameter of MAIL or RCPT (RFC 5321 §4.1.2 `esmtp-param`): its keyword, and one codec that the
/// server, the queue and the client all use. A parameter without a value has T = Boolean and always parses to
/// true.
///
/// @param <T> the type of the value
public interface Param<T> {
    /// In upper case: `SIZE`.
    String keyword();

    /// Whether `KEYWORD` stands alone, without `=value`.
    default boolean isFlag() {
        return false;
    }

    /// The value of a text.
    ///
    /// @throws Reply.Refused with the 501 that says what is wrong
    T parse(String text);

    /// The text of a value, as it goes over the wire behind `=`.
    String format(T value);
}
