package postern.config;

import static org.assertj.core.api.Assertions.assertThat;

import com.code_intelligence.jazzer.junit.FuzzTest;
import java.nio.file.Path;
import java.util.Map;

class MasterCfFuzz {
    private static final MainCf MAIN = MainCf.of(Path.of("/srv/postern"), Map.of());

    /// Whatever stands in the file, it is read or refused with a line's number; so is each port.
    @FuzzTest
    void aFileIsReadOrRefused(byte[] bytes) {
        try {
            MasterCf master = MasterCf.parse("master.cf", bytes);
            for (MasterService service : master.services()) {
                assertThat(service.processLimit(MAIN)).isNotNegative();
                assertThat(master.configure(MAIN, service).text("service_name")).isNotNull();
            }
            for (MasterService listener : master.listeners(MAIN)) {
                assertThat(listener.port(MAIN)).isBetween(0, 65_535);
            }
        } catch (ConfigException e) {
            assertThat(e).hasMessageMatching("(?s)master\\.cf:\\d+: .+").hasMessageNotContaining("\n");
        }
    }
}
