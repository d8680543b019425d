package postern;

import static org.assertj.core.api.Assertions.assertThat;

import com.tngtech.archunit.core.domain.Dependency;
import com.tngtech.archunit.core.domain.JavaClass;
import com.tngtech.archunit.core.domain.JavaClasses;
import com.tngtech.archunit.core.importer.ClassFileImporter;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import org.junit.jupiter.api.Test;

/// Who may know whom. The table is the law: an edge that is absent fails the build.
class ArchitectureTest {
    private static final Set<String> FLOOR = Set.of("address", "config", "log", "wire");

    /// Package, then the packages it may know besides the floor (which all may know) and itself.
    private static final String ALLOWED = """
            log                 ->
            config              ->
            address             ->
            wire                ->
            net                 ->
            message             ->
            smtp                -> message
            smtp.extension      -> smtp
            dns                 -> net
            lookup              -> net
            sasl                -> lookup net
            ldap                -> lookup net sasl
            rewrite             -> lookup
            tlspolicy           -> net dns lookup
            policy              -> smtp message lookup rewrite dns net
            queue               -> smtp smtp.extension message rewrite
            mailauth            -> message dns lookup
            mailbox             -> message
            mailbox.body        -> mailbox message
            mailbox.sql         -> mailbox mailbox.body message
            mailbox.transfer    -> mailbox message net
            mailbox.backup      -> mailbox mailbox.body mailbox.sql
            mailbox.delivery    -> mailbox cleanup queue smtp smtp.extension message rewrite
            dms                 -> mailbox mailauth sasl rewrite lookup net
            dms.setup           -> dms mailauth sasl
            cleanup             -> queue smtp smtp.extension message lookup rewrite
            smtp.client         -> smtp smtp.extension message net dns sasl tlspolicy
            smtp.server         -> smtp smtp.extension message policy sasl net dns
            delivery            -> mailauth queue smtp smtp.extension smtp.client message lookup rewrite tlspolicy net
            handover            -> cleanup queue smtp smtp.extension smtp.client
            pop3.server         -> mailbox sasl message net
            admin               -> queue net
            """;

    /// The floor is flat, but for these.
    private static final Map<String, Set<String>> WITHIN_FLOOR =
            Map.of("log", Set.of("config"), "config", Set.of("address"));

    /// The program's own classes: what was compiled together with [Postern].
    private static final JavaClasses CLASSES = new ClassFileImporter()
            .importUrl(Postern.class.getProtectionDomain().getCodeSource().getLocation());

    @Test
    void packagesKnowOnlyWhatTheTableAllows() {
        Map<String, Set<String>> allowed = table();
        Set<String> broken = new TreeSet<>();
        for (JavaClass known : CLASSES) {
            String from = room(known);
            for (Dependency dependency : known.getDirectDependenciesFromSelf()) {
                JavaClass target = dependency.getTargetClass().getBaseComponentType();
                if (!target.getPackageName().startsWith("postern") || from.isEmpty()) {
                    continue;
                }
                String to = room(target);
                if (!from.equals(to) && !mayKnow(allowed, from, to)) {
                    broken.add(from + " -> " + to + ": " + dependency.getDescription());
                }
            }
        }
        assertThat(broken).as("edges that the table does not allow").isEmpty();
    }

    @Test
    void everyPackageHasARowAndAManPage() {
        Set<String> rooms = new TreeSet<>();
        for (JavaClass known : CLASSES) {
            rooms.add(room(known));
        }
        rooms.remove("");
        assertThat(table().keySet()).as("rows of the table").containsAll(rooms);
        for (String room : rooms) {
            assertThat(java.nio.file.Path.of("src/main/java/postern", room.replace('.', '/'), "package-info.java"))
                    .as("man page of %s", room)
                    .exists();
        }
    }

    /// Files are forced to disk in one room each for queue, mail and safe files; nobody else may.
    @Test
    void onlyQueueMailboxesAndSafeFileForceToDisk() {
        Set<String> forcing = new TreeSet<>();
        for (JavaClass known : CLASSES) {
            known.getMethodCallsFromSelf().stream()
                    .filter(call -> call.getTarget().getName().equals("force")
                            && call.getTargetOwner().getName().startsWith("java.nio"))
                    .forEach(call -> forcing.add(room(known)));
        }
        assertThat(forcing).isSubsetOf("queue", "config", "mailbox.body", "mailbox.sql", "mailbox.backup");
    }

    private static boolean mayKnow(Map<String, Set<String>> allowed, String from, String to) {
        if (FLOOR.contains(to)) {
            return !FLOOR.contains(from)
                    || WITHIN_FLOOR.getOrDefault(from, Set.of()).contains(to);
        }
        return allowed.getOrDefault(from, Set.of()).contains(to);
    }

    private static Map<String, Set<String>> table() {
        Map<String, Set<String>> table = new LinkedHashMap<>();
        for (String row : ALLOWED.lines().toList()) {
            String[] sides = row.split("->", -1);
            table.put(sides[0].strip(), Set.copyOf(List.of(sides[1].strip().split("\\s+"))));
        }
        return table;
    }

    private static String room(JavaClass known) {
        String name = known.getPackageName();
        return name.equals("postern") ? "" : name.substring("postern.".length());
    }
}
