package postern;

import static org.assertj.core.api.Assertions.assertThat;

import com.tngtech.archunit.core.domain.JavaClass;
import com.tngtech.archunit.core.importer.ClassFileImporter;
import com.tngtech.archunit.core.importer.Location;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.URI;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import java.util.jar.JarFile;
import org.junit.jupiter.api.Test;

/// The class path of a role, `src/main/<role>.libs`: what the program names is on it, and nothing else is.
class ClassPathTest {
    /// Found at run time by the library that wants it, not by name.
    private static final Set<String> PROVIDERS = Set.of("slf4j-simple.jar");

    @Test
    void thePublicServerFindsWhatItNamesAndNeedsEachJar() throws IOException {
        Map<String, Path> jars = jars(Path.of("src/main/public.libs"));
        Map<String, String> jarOf = new HashMap<>();
        for (Map.Entry<String, Path> jar : jars.entrySet()) {
            try (JarFile file = new JarFile(jar.getValue().toFile())) {
                file.stream()
                        .map(entry -> entry.getName())
                        .filter(name -> name.endsWith(".class"))
                        .forEach(name ->
                                jarOf.put(name.substring(0, name.length() - 6).replace('/', '.'), jar.getKey()));
            }
        }
        Set<String> needed = new TreeSet<>(PROVIDERS);
        Set<String> missing = new TreeSet<>();
        ArrayDeque<URI> places = new ArrayDeque<>();
        places.add(uri(Postern.class));
        while (!places.isEmpty()) {
            boolean ours = places.peek().equals(uri(Postern.class));
            for (JavaClass known : new ClassFileImporter().importLocations(Set.of(Location.of(places.poll())))) {
                known.getDirectDependenciesFromSelf().forEach(dependency -> {
                    String name =
                            dependency.getTargetClass().getBaseComponentType().getName();
                    String jar = jarOf.get(name);
                    if (jar != null && needed.add(jar)) {
                        places.add(jars.get(jar).toUri());
                    } else if (jar == null && ours && !isOfTheJdk(name) && !name.startsWith("postern.")) {
                        missing.add(name);
                    }
                });
            }
        }
        assertThat(missing)
                .as("named by the program and on no jar of public.libs")
                .isEmpty();
        assertThat(needed).as("jars of public.libs that are needed").containsAll(jars.keySet());
    }

    private static URI uri(Class<?> type) {
        return URI.create(
                type.getProtectionDomain().getCodeSource().getLocation().toString());
    }

    private static boolean isOfTheJdk(String name) {
        try {
            Class.forName(name, false, ClassLoader.getPlatformClassLoader());
            return true;
        } catch (ClassNotFoundException e) {
            return name.indexOf('.') < 0;
        }
    }

    /// The jars that a list names, where Maven has put them.
    private static Map<String, Path> jars(Path list) {
        List<String> names = new ArrayList<>();
        try {
            for (String line : Files.readAllLines(list)) {
                if (!line.isBlank() && !line.startsWith("#")) {
                    names.add(line);
                }
            }
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
        Map<String, Path> jars = new HashMap<>();
        for (String entry : System.getProperty("java.class.path").split(":", -1)) {
            Path path = Path.of(entry);
            String name = path.getFileName().toString().replaceFirst("-[0-9][^/]*\\.jar$", ".jar");
            if (names.contains(name)) {
                jars.put(name, path);
            }
        }
        assertThat(jars.keySet()).as("jars of %s that pom.xml brings", list).containsAll(names);
        return jars;
    }
}
