package postern.log;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class LogWriterTest {
    @TempDir
    private Path directory;

    private final ByteArrayOutputStream stderr = new ByteArrayOutputStream();

    private LogWriter open(Path file) {
        return new LogWriter(
                new LogFile(file, new PrintStream(stderr, true, StandardCharsets.UTF_8)),
                "postfix",
                "mail",
                () -> Instant.parse("2026-11-02T15:04:05Z"));
    }

    @Test
    void writesSyslogsTraditionalFormInOneLineEach() throws IOException {
        Path file = directory.resolve("log");
        try (LogWriter log = open(file)) {
            log.info("smtpd", "connect from unknown[192.0.2.1]");
            log.warning("smtpd", "bad\r\nNov  2 forged: \u009bline");
        }
        assertThat(Files.readAllLines(file))
                .satisfiesExactly(
                        line -> assertThat(line)
                                .matches(
                                        "Nov  2 \\d\\d:04:05 mail postfix/smtpd\\[\\d+]: connect from unknown\\[192.0.2.1]"),
                        line -> assertThat(line).endsWith(": warning: bad??Nov  2 forged: ?line"));
    }

    @Test
    void dropsNoLineOfManyThreads() throws Exception {
        Path file = directory.resolve("log");
        try (LogWriter log = open(file)) {
            List<Thread> threads = new ArrayList<>();
            for (int t = 0; t < 20; t++) {
                threads.add(Thread.ofVirtual().start(() -> {
                    for (int i = 0; i < 2000; i++) {
                        log.info("smtpd", "line");
                    }
                }));
            }
            for (Thread thread : threads) {
                thread.join();
            }
        }
        assertThat(Files.readAllLines(file)).hasSize(40_000);
    }

    @Test
    void fallsBackToStderrWithAWarning() {
        try (LogWriter log = open(directory.resolve("no/such/directory/log"))) {
            log.info("smtpd", "said all the same");
        }
        assertThat(stderr.toString(StandardCharsets.UTF_8))
                .contains("postern: warning: maillog_file")
                .contains("said all the same");
    }

    @Test
    void opensTheFileAgainAfterRotation() throws IOException {
        Path file = directory.resolve("log");
        Path moved = directory.resolve("log.1");
        LogWriter log = open(file);
        log.info("smtpd", "before");
        while (!Files.exists(file) || Files.size(file) == 0) {
            Thread.onSpinWait();
        }
        Files.move(file, moved);
        log.reopen();
        log.info("smtpd", "after");
        log.close();
        assertThat(Files.readString(moved)).contains("before").doesNotContain("after");
        assertThat(Files.readString(file)).contains("after");
    }
}
