package postern.config;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import postern.config.MainCf.Setting;

/// `name = value` lines as settings; of two for one name the later counts.
record MainCfReader(Map<String, Setting> settings, List<String> warnings) {

    /// @throws ConfigException when the file is missing or a line is no setting
    static MainCfReader read(Path file) {
        try {
            return parse(String.valueOf(file.getFileName()), Files.readAllBytes(file));
        } catch (IOException e) {
            throw new ConfigException(ConfigFiles.why(file, e), e);
        }
    }

    static MainCfReader parse(String file, byte[] bytes) {
        LogicalLines logical = LogicalLines.of(file, bytes);
        List<String> warnings = new ArrayList<>(logical.warnings());
        Map<String, Setting> settings = new LinkedHashMap<>();
        for (LogicalLines.Line line : logical.lines()) {
            String origin = file + ":" + line.number();
            NameValue pair = NameValue.parse(line.text(), origin);
            Setting earlier = settings.remove(pair.name());
            if (earlier != null) {
                warnings.add(origin + ": overriding earlier entry: " + pair.name() + " = " + earlier.text() + " ("
                        + earlier.origin() + ")");
            }
            settings.put(pair.name(), new Setting(pair.value(), origin));
        }
        return new MainCfReader(settings, List.copyOf(warnings));
    }
}
