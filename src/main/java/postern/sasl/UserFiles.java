package postern.sasl;

import java.nio.file.Path;
import java.util.List;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
import postern.config.MainCf;

/// The files of those who may log in.
///
/// @param users `login|{SCHEME}hash[|account]`
/// @param masters `name|{SCHEME}hash`: who may log in as anybody; null for nobody
record UserFiles(Path users, @Nullable Path masters) {
    /// Those that parameters name.
    static UserFiles of(MainCf conf) {
        String masters = conf.get(Logins.SASL_MASTERS);
        return new UserFiles(conf.file(conf.get(Logins.SASL_USERS)), masters.isEmpty() ? null : conf.file(masters));
    }

    List<Path> all() {
        return Stream.of(users, masters).flatMap(Stream::ofNullable).toList();
    }
}
