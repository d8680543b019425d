package postern.dms;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.FileTime;
import java.util.List;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import postern.log.MailLog;

class DmsWatchTest {
    @TempDir
    private Path directory;

    private DmsWatch watch(Path... others) {
        return new DmsWatch(directory, () -> List.of(others), () -> {}, MailLog.none());
    }

    @Test
    void aChangeIsToldOnceItHasSettled() throws IOException {
        Path file = Files.writeString(directory.resolve("postfix-main.cf"), "a = b\n");
        DmsWatch watch = watch();
        assertThat(watch.isDue()).as("nothing has changed").isFalse();
        Files.writeString(file, "a = bc\n");
        assertThat(watch.isDue()).as("just seen").isFalse();
        Files.writeString(file, "a = bcd\n");
        assertThat(watch.isDue()).as("still being written").isFalse();
        assertThat(watch.isDue()).as("settled").isTrue();
        assertThat(watch.isDue()).as("told already").isFalse();
    }

    @Test
    void whatIsTakenBackBeforeItSettlesIsNoChange() throws IOException {
        Path file = Files.writeString(directory.resolve("postfix-main.cf"), "a = b\n");
        FileTime time = Files.getLastModifiedTime(file);
        DmsWatch watch = watch();
        Files.writeString(file, "a = bc\n");
        assertThat(watch.isDue()).isFalse();
        Files.writeString(file, "a = b\n");
        Files.setLastModifiedTime(file, time);
        assertThat(watch.isDue()).isFalse();
        assertThat(watch.isDue()).isFalse();
    }

    @Test
    void newFilesFilesInDirectoriesAndLostOnesAreChanges() throws IOException {
        DmsWatch watch = watch();
        Path key = directory.resolve("opendkim/keys/example.com/mail.private");
        Files.createDirectories(key.getParent());
        Files.writeString(key, "key");
        assertThat(watch.isDue()).isFalse();
        assertThat(watch.isDue()).isTrue();
        Files.delete(key);
        assertThat(watch.isDue()).isFalse();
        assertThat(watch.isDue()).isTrue();
    }

    @Test
    void aCertificateOutsideOfTheVolumeCounts(@TempDir Path elsewhere) throws IOException {
        Path acme = elsewhere.resolve("acme.json");
        DmsWatch watch = watch(acme);
        assertThat(watch.isDue()).isFalse();
        Files.writeString(acme, "{}");
        assertThat(watch.isDue()).isFalse();
        assertThat(watch.isDue()).isTrue();
    }

    @Test
    void itLooksByItself() throws IOException, InterruptedException {
        CountDownLatch told = new CountDownLatch(2);
        DmsWatch watch = new DmsWatch(
                directory,
                List::of,
                () -> {
                    told.countDown();
                    throw new IllegalStateException("what is thrown does not end the watch");
                },
                MailLog.none());
        try (watch) {
            watch.start();
            for (int i = 0; told.getCount() > 0 && i < 100; i++) {
                Files.writeString(directory.resolve("file" + told.getCount()), "text");
                told.await(3, TimeUnit.SECONDS);
            }
            assertThat(told.getCount()).isZero();
        }
    }
}
