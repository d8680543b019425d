package postern.lookup;

import java.nio.file.Path;
import java.util.Map;
import postern.config.MainCf;

/// Tables without a server round them.
final class TestTables {
    private TestTables() {}

    static Table open(String spec) {
        return tables(Map.of()).open(spec);
    }

    static Tables tables(Map<String, String> settings) {
        return new Tables(TableContext.of(MainCf.of(Path.of("/nowhere"), settings)));
    }
}
