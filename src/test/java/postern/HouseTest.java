package postern;

import static org.assertj.core.api.Assertions.assertThat;

import com.sun.source.tree.ClassTree;
import com.sun.source.tree.CompilationUnitTree;
import com.sun.source.tree.MethodTree;
import com.sun.source.tree.Tree;
import com.sun.source.tree.VariableTree;
import com.sun.source.util.JavacTask;
import com.sun.source.util.SourcePositions;
import com.sun.source.util.TreeScanner;
import com.sun.source.util.Trees;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import javax.lang.model.element.Modifier;
import javax.tools.JavaCompiler;
import javax.tools.JavaFileObject;
import javax.tools.StandardJavaFileManager;
import javax.tools.ToolProvider;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;

/// Sizes and citations. A justified exception is a line in `src/test/house-exceptions.tsv`: what, size
/// allowed, why.
class HouseTest {
    private static final Path MAIN = Path.of("src/main/java");
    private static final int FILE_LINES = 600;
    private static final int METHOD_LINES = 80;
    private static final int PARAMETERS = 5;
    private static final int FIELDS = 10;

    private static final Map<String, Integer> ALLOWED = new HashMap<>();
    private static final List<Measure> METHODS = new ArrayList<>();
    private static final List<Measure> ARITIES = new ArrayList<>();
    private static final List<Measure> FIELD_COUNTS = new ArrayList<>();
    private static final List<Measure> FILES = new ArrayList<>();

    private record Measure(String name, int size) {}

    @BeforeAll
    static void measure() throws IOException {
        for (String line : Files.readAllLines(Path.of("src/test/house-exceptions.tsv"))) {
            if (!line.isBlank() && !line.startsWith("#")) {
                String[] columns = line.split("\t");
                assertThat(columns).as("what, size and reason in: %s", line).hasSize(3);
                ALLOWED.put(columns[0], Integer.parseInt(columns[1]));
            }
        }
        JavaCompiler javac = ToolProvider.getSystemJavaCompiler();
        try (StandardJavaFileManager files = javac.getStandardFileManager(null, null, null);
                Stream<Path> tree = Files.walk(MAIN)) {
            List<Path> sources =
                    tree.filter(path -> path.toString().endsWith(".java")).toList();
            for (Path source : sources) {
                FILES.add(new Measure(
                        "file " + name(source), Files.readAllLines(source).size()));
            }
            Iterable<? extends JavaFileObject> units = files.getJavaFileObjectsFromPaths(sources);
            JavacTask task = (JavacTask) javac.getTask(null, files, null, List.of("--release", "25"), null, units);
            SourcePositions positions = Trees.instance(task).getSourcePositions();
            for (CompilationUnitTree unit : task.parse()) {
                unit.accept(new Sizes(unit, positions), null);
            }
        }
    }

    private static String name(Path source) {
        String path = MAIN.relativize(source).toString();
        return path.substring(0, path.length() - ".java".length()).replace('/', '.');
    }

    /// Counts lines of methods, their parameters, and fields of classes.
    private static final class Sizes extends TreeScanner<Void, Void> {
        private final CompilationUnitTree unit;
        private final SourcePositions positions;
        private String inside;
        private boolean inRecord;

        Sizes(CompilationUnitTree unit, SourcePositions positions) {
            this.unit = unit;
            this.positions = positions;
            this.inside = String.valueOf(unit.getPackageName());
        }

        @Override
        public Void visitClass(ClassTree type, Void none) {
            String outside = inside;
            boolean outsideRecord = inRecord;
            inRecord = type.getKind() == Tree.Kind.RECORD;
            inside = outside + "." + type.getSimpleName();
            long fields = type.getMembers().stream()
                    .filter(member -> member instanceof VariableTree field
                            && !field.getModifiers().getFlags().contains(Modifier.STATIC))
                    .count();
            if (type.getKind() != Tree.Kind.ENUM) {
                FIELD_COUNTS.add(new Measure("fields " + inside, (int) fields));
            }
            super.visitClass(type, none);
            inside = outside;
            inRecord = outsideRecord;
            return null;
        }

        @Override
        public Void visitMethod(MethodTree method, Void none) {
            long from = unit.getLineMap().getLineNumber(positions.getStartPosition(unit, method));
            long to = unit.getLineMap().getLineNumber(positions.getEndPosition(unit, method));
            String name = inside + "#" + method.getName();
            METHODS.add(new Measure("method " + name, (int) (to - from + 1)));
            if (!inRecord || !method.getName().contentEquals("<init>")) {
                ARITIES.add(
                        new Measure("parameters " + name, method.getParameters().size()));
            }
            return super.visitMethod(method, none);
        }
    }

    private static List<String> over(List<Measure> measures, int limit) {
        return measures.stream()
                .filter(measure -> measure.size() > ALLOWED.getOrDefault(measure.name(), limit))
                .map(measure -> measure.name() + ": " + measure.size())
                .toList();
    }

    private static int quantile(List<Measure> measures, double part) {
        List<Integer> sizes = measures.stream().map(Measure::size).sorted().toList();
        return sizes.get((int) Math.min(sizes.size() - 1, Math.floor(part * sizes.size())));
    }

    @Test
    void filesAreShort() {
        System.out.printf("files: median %d, p90 %d lines%n", quantile(FILES, 0.5), quantile(FILES, 0.9));
        assertThat(over(FILES, FILE_LINES))
                .as("files over %d lines", FILE_LINES)
                .isEmpty();
        assertThat(quantile(FILES, 0.5)).as("median of file lengths").isLessThanOrEqualTo(120);
        assertThat(quantile(FILES, 0.9)).as("p90 of file lengths").isLessThanOrEqualTo(350);
    }

    @Test
    void methodsAreShort() {
        System.out.printf("methods: median %d, p90 %d lines%n", quantile(METHODS, 0.5), quantile(METHODS, 0.9));
        assertThat(over(METHODS, METHOD_LINES))
                .as("methods over %d lines", METHOD_LINES)
                .isEmpty();
        assertThat(quantile(METHODS, 0.9)).as("p90 of method lengths").isLessThanOrEqualTo(40);
        assertThat(over(ARITIES, PARAMETERS))
                .as("methods with more than %d parameters", PARAMETERS)
                .isEmpty();
        assertThat(over(FIELD_COUNTS, FIELDS))
                .as("classes with more than %d fields", FIELDS)
                .isEmpty();
    }

    /// Every RFC that the code cites has its row in `rfc/INDEX.tsv`, and every file named there exists.
    @Test
    void citedRfcsAreInTheIndex() throws IOException {
        Set<String> rows = new TreeSet<>();
        for (String line : Files.readAllLines(Path.of("rfc/INDEX.tsv"))) {
            if (line.isBlank() || line.startsWith("#")) {
                continue;
            }
            String[] columns = line.split("\t");
            assertThat(columns).as("rfc, state, title, file in: %s", line).hasSize(4);
            assertThat(columns[1]).as("state of RFC %s", columns[0]).isIn("yes", "part", "no");
            if (!columns[1].equals("no")) {
                assertThat(Path.of(columns[3])).as("file of RFC %s", columns[0]).exists();
            }
            rows.add(columns[0]);
        }
        Set<String> cited = new TreeSet<>();
        Pattern citation = Pattern.compile("\\bRFC (\\d{3,5})\\b");
        try (Stream<Path> tree = Files.walk(MAIN)) {
            for (Path source :
                    tree.filter(path -> path.toString().endsWith(".java")).toList()) {
                Matcher matcher = citation.matcher(Files.readString(source));
                while (matcher.find()) {
                    cited.add(matcher.group(1));
                }
            }
        }
        assertThat(rows).as("RFCs in rfc/INDEX.tsv").containsAll(cited);
    }

    /// One main idea to a file needs a sentence: every top-level public type has a doc comment.
    @Test
    void publicTypesSayWhatTheyAre() throws IOException {
        List<String> silent = new ArrayList<>();
        Pattern type = Pattern.compile("(?m)^public .*\\b(class|interface|record|enum) ");
        try (Stream<Path> tree = Files.walk(MAIN)) {
            for (Path source :
                    tree.filter(path -> path.toString().endsWith(".java")).toList()) {
                String text = Files.readString(source);
                Matcher matcher = type.matcher(text);
                if (matcher.find() && !text.substring(0, matcher.start()).contains("\n/// ")) {
                    silent.add(name(source));
                }
            }
        }
        assertThat(silent).isEmpty();
    }
}
