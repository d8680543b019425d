package postern.config;

import org.jspecify.annotations.Nullable;

/// The configuration cannot be used. The message says where (`main.cf:12`), which parameter, what is wrong
/// and what would be right. At start the program prints it and ends with exit code 78; a reload prints it and
/// keeps what runs.
public final class ConfigException extends RuntimeException {
    private static final long serialVersionUID = 1;

    public ConfigException(String message) {
        super(message);
    }

    public ConfigException(String message, @Nullable Throwable cause) {
        super(message, cause);
    }
}
