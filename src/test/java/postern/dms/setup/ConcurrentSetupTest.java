package postern.dms.setup;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/// Many commands at the same time: none is lost, and the file is whole at every moment.
class ConcurrentSetupTest {
    private static final int EACH = 12;

    @TempDir
    private Path directory;

    /// What a process of this test does: adds accounts and aliases of a name of its own.
    static final class Adding {
        private Adding() {}

        public static void main(String[] arguments) {
            System.exit(add(Path.of(arguments[0]), arguments[1]));
        }
    }

    private static int add(Path directory, String name) {
        SetupRun setup = new SetupRun(directory);
        int failures = 0;
        for (int i = 0; i < EACH; i++) {
            failures += setup.run("email", "add", name + i + "@example.com", "password");
            failures += setup.run("alias", "add", "all@example.com", name + i + "@example.com");
            failures += setup.run("quota", "set", name + i + "@example.com", "1G");
        }
        return failures;
    }

    @Test
    void processesLoseNothingOfEachOther() throws Exception {
        Files.writeString(directory.resolve("postfix-accounts.cf"), "# first\nfirst@example.com|{PLAIN}x");
        List<Process> processes = new ArrayList<>();
        for (String name : List.of("a", "b", "c")) {
            processes.add(new ProcessBuilder(
                            Path.of(System.getProperty("java.home"), "bin", "java")
                                    .toString(),
                            "-XX:+UseSerialGC",
                            "-XX:TieredStopAtLevel=1",
                            "-cp",
                            System.getProperty("java.class.path"),
                            Adding.class.getName(),
                            directory.toString(),
                            name)
                    .inheritIO()
                    .start());
        }
        for (Process process : processes) {
            assertThat(process.waitFor()).isZero();
        }
        isWhole(List.of("a", "b", "c"));
    }

    @Test
    void threadsOfOneProcessLoseNothingEither() throws Exception {
        Files.writeString(directory.resolve("postfix-accounts.cf"), "# first\nfirst@example.com|{PLAIN}x");
        List<String> names = List.of("d", "e", "f", "g");
        try (ExecutorService threads = Executors.newVirtualThreadPerTaskExecutor()) {
            List<Future<Integer>> all = names.stream()
                    .map(name -> threads.submit(() -> add(directory, name)))
                    .toList();
            for (Future<Integer> one : all) {
                assertThat(one.get()).isZero();
            }
        }
        isWhole(names);
    }

    private void isWhole(List<String> names) throws IOException {
        List<String> added = names.stream()
                .flatMap(name -> IntStream.range(0, EACH).mapToObj(i -> name + i + "@example.com"))
                .toList();
        List<String> accounts = Files.readAllLines(directory.resolve("postfix-accounts.cf"));
        assertThat(accounts.subList(0, 2)).containsExactly("# first", "first@example.com|{PLAIN}x");
        assertThat(accounts.subList(2, accounts.size()).stream().map(line -> line.substring(0, line.indexOf('|'))))
                .containsExactlyInAnyOrderElementsOf(added);
        String alias = Files.readString(directory.resolve("postfix-virtual.cf"));
        assertThat(Targets.of(alias.substring(alias.indexOf(' ')))).containsExactlyInAnyOrderElementsOf(added);
        assertThat(Files.readAllLines(directory.resolve("dovecot-quotas.cf"))).hasSize(added.size());
    }
}
