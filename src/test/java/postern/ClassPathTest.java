package postern;

import static org.assertj.core.api.Assertions.assertThat;

import com.tngtech.archunit.core.domain.JavaClass;
import com.tngtech.archunit.core.domain.JavaClasses;
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

    /// The door to the other role: a program on this class path never goes through it.
    private static final String PRIVATE = "postern.Private";

    @Test
    void thePublicServerFindsWhatItNamesAndNeedsEachJar() throws IOException {
        Map<String, Path> jars = jars(Path.of("src/main/public.libs"));
        Map<String, String> jarOf = classes(jars);
        Set<String> needed = new TreeSet<>(PROVIDERS);
        Set<String> missing = new TreeSet<>();
        ArrayDeque<URI> places = new ArrayDeque<>();
        for (JavaClass known : reachable(Postern.class)) {
            for (String name : named(known)) {
                String jar = jarOf.get(name);
                if (jar != null && needed.add(jar)) {
                    places.add(jars.get(jar).toUri());
                } else if (jar == null && !isOfTheJdk(name) && !name.startsWith("postern.")) {
                    missing.add(name);
                }
            }
        }
        while (!places.isEmpty()) {
            for (JavaClass known : new ClassFileImporter().importLocations(Set.of(Location.of(places.poll())))) {
                for (String name : named(known)) {
                    String jar = jarOf.get(name);
                    if (jar != null && needed.add(jar)) {
                        places.add(jars.get(jar).toUri());
                    }
                }
            }
        }
        assertThat(missing)
                .as("named by the program and on no jar of public.libs")
                .isEmpty();
        assertThat(needed).as("jars of public.libs that are needed").containsAll(jars.keySet());
    }

    /// What the private server adds, and nothing that is not brought.
    @Test
    void thePrivateServerHasAllThatThePublicOneHasAndWhatTheProgramNames() throws IOException {
        Map<String, Path> jars = jars(Path.of("src/main/private.libs"));
        assertThat(jars.keySet())
                .containsAll(jars(Path.of("src/main/public.libs")).keySet());
        Set<String> known = classes(jars).keySet();
        Set<String> missing = new TreeSet<>();
        for (JavaClass ours :
                new ClassFileImporter().importUrl(uri(Postern.class).toURL())) {
            for (String name : named(ours)) {
                if (!known.contains(name) && !isOfTheJdk(name) && !name.startsWith("postern.")) {
                    missing.add(name);
                }
            }
        }
        assertThat(missing)
                .as("named by the program and on no jar of private.libs")
                .isEmpty();
    }

    /// Our classes that one leads to, but not through the door to the other role.
    private static List<JavaClass> reachable(Class<?> from) throws IOException {
        JavaClasses ours = new ClassFileImporter().importUrl(uri(from).toURL());
        Set<String> seen = new TreeSet<>(Set.of(from.getName()));
        ArrayDeque<String> next = new ArrayDeque<>(seen);
        List<JavaClass> reached = new ArrayList<>();
        while (!next.isEmpty()) {
            JavaClass known = ours.get(next.poll());
            reached.add(known);
            for (String name : named(known)) {
                if (name.startsWith("postern.") && !name.startsWith(PRIVATE) && seen.add(name)) {
                    next.add(name);
                }
            }
        }
        return reached;
    }

    private static Set<String> named(JavaClass known) {
        Set<String> names = new TreeSet<>();
        known.getDirectDependenciesFromSelf()
                .forEach(dependency -> names.add(
                        dependency.getTargetClass().getBaseComponentType().getName()));
        if (known.getPackageName().startsWith("postern")) {
            names.add(known.getPackageName() + ".package-info");
        }
        return names;
    }

    /// The classes in jars, and which jar each is in.
    private static Map<String, String> classes(Map<String, Path> jars) throws IOException {
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
        return jarOf;
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
