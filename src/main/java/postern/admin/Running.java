package postern.admin;

import java.time.Instant;
import java.time.InstantSource;
import java.util.function.Supplier;

/// The running server, as far as commands may reach it.
///
/// @param name what runs, for a person: `postern public`
/// @param since when it started
/// @param reload takes the configuration anew; returns why it could not, or empty
/// @param stop stops; need not return
/// @param bans who is not listened to
public record Running(
        String name, Instant since, InstantSource clock, Supplier<String> reload, Runnable stop, BanList bans) {}
