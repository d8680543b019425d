package postern;

import static org.assertj.core.api.Assertions.assertThat;

import com.tngtech.archunit.core.domain.JavaClass;
import com.tngtech.archunit.core.domain.JavaField;
import com.tngtech.archunit.core.domain.JavaModifier;
import com.tngtech.archunit.core.importer.ClassFileImporter;
import java.io.IOException;
import java.lang.reflect.Field;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.stream.Collectors;
import org.junit.jupiter.api.Test;
import postern.config.MainCf;
import postern.config.Parameter;
import postern.config.Parameters;
import postern.config.ParametersPage;

/// Every parameter that the code declares, wherever it is, against `parameters.tsv` and `docs/parameters.md`.
class ParametersTest {
    private static final Path TABLE = Path.of("src/main/resources/parameters.tsv");
    private static final String LIST = "PARAMETERS";
    private static final Path PAGE = Path.of("docs/parameters.md");
    private static final Map<String, Parameter<?>> CONSTANTS = constants();

    /// The program's `static final Parameter<…>` constants by class and name, and what stands in lists named
    /// PARAMETERS by class and parameter.
    private static Map<String, Parameter<?>> constants() {
        Map<String, Parameter<?>> constants = new TreeMap<>();
        for (JavaClass type : new ClassFileImporter()
                .importUrl(Postern.class.getProtectionDomain().getCodeSource().getLocation())) {
            for (JavaField field : type.getFields()) {
                if (!field.getModifiers().contains(JavaModifier.STATIC)) {
                    continue;
                }
                if (field.getRawType().isEquivalentTo(Parameter.class)) {
                    constants.put(field.getFullName(), (Parameter<?>) value(field));
                } else if (field.getName().equals(LIST)) {
                    for (Object listed : (List<?>) value(field)) {
                        constants.put(type.getName() + "." + listed, (Parameter<?>) listed);
                    }
                }
            }
        }
        return constants;
    }

    private static Object value(JavaField constant) {
        try {
            Field field = constant.reflect();
            field.setAccessible(true);
            return field.get(null);
        } catch (IllegalAccessException e) {
            throw new AssertionError(e);
        }
    }

    @Test
    void whatTheCodeDeclaresAndWhatTheTableSaysIsTheSame() throws IOException {
        if (Boolean.getBoolean("update")) {
            update();
        }
        assertThat(Parameters.check(CONSTANTS.values()))
                .as("parameters.tsv against the code's parameters; -Dupdate=true marks what is declared as working")
                .isEmpty();
    }

    /// Says `works` in the rows of what is declared, and adds the rows of our own that are missing.
    private static void update() throws IOException {
        Map<String, String> rows = new TreeMap<>();
        List<String> head = new ArrayList<>();
        for (String line : Files.readAllLines(TABLE)) {
            if (line.startsWith("#")) {
                head.add(line);
            } else {
                rows.put(line.substring(0, line.indexOf('\t')), line);
            }
        }
        for (Parameter<?> parameter : CONSTANTS.values()) {
            String row = rows.getOrDefault(parameter.name(), parameter + "\t" + parameter.defaultText() + "\t");
            String[] cells = row.split("\t", -1);
            cells[2] = "works";
            rows.put(parameter.name(), String.join("\t", cells));
        }
        head.addAll(rows.values());
        Files.write(TABLE, head);
    }

    /// Which is also what `postern postconf -d` prints.
    @Test
    void everyDefaultCanBeRead() {
        MainCf.of(Path.of("conf/public"), Map.of()).readAll(CONSTANTS.values());
    }

    /// The role reads and prints the lists: a name in none of them would not be seen.
    @Test
    void everyParameterIsInAList() throws ReflectiveOperationException {
        Set<String> listed = new TreeSet<>();
        for (String name : CONSTANTS.keySet()) {
            Class<?> type = Class.forName(name.substring(0, name.lastIndexOf('.')));
            for (Field field : type.getDeclaredFields()) {
                if (field.getName().equals(LIST)) {
                    field.setAccessible(true);
                    ((List<?>) field.get(null)).forEach(parameter -> listed.add(parameter.toString()));
                }
            }
        }
        assertThat(CONSTANTS.values().stream().map(Parameter::name).filter(name -> !listed.contains(name)))
                .as("parameters in no list named PARAMETERS")
                .isEmpty();
    }

    /// What the roles read at start, so that a bad value is named before the first mail.
    @Test
    void everyParameterIsInTheRolesList() {
        assertThat(PrivateParameters.ALL.stream().map(Parameter::name))
                .containsAll(CONSTANTS.values().stream().map(Parameter::name).toList());
    }

    @Test
    void everyParameterSaysWhatItIs() {
        Set<String> told = CONSTANTS.values().stream()
                .filter(parameter -> !parameter.doc().isBlank())
                .map(Parameter::name)
                .collect(Collectors.toSet());
        assertThat(CONSTANTS.values().stream().map(Parameter::name).filter(name -> !told.contains(name)))
                .as("parameters without a doc text")
                .isEmpty();
    }

    @Test
    void thePageIsUpToDate() throws IOException {
        String page = new ParametersPage(CONSTANTS.values()).markdown();
        if (Boolean.getBoolean("update")) {
            Files.writeString(PAGE, page);
        }
        assertThat(PAGE).as("write it anew with -Dupdate=true").hasContent(page);
    }
}
