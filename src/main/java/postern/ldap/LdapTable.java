package postern.ldap;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Locale;
import java.util.Set;
import org.jspecify.annotations.Nullable;
import postern.config.ConfigException;
import postern.config.ConfigFiles;
import postern.lookup.Lookup;
import postern.lookup.MatchList;
import postern.lookup.Table;
import postern.lookup.TableContext;
import postern.lookup.Tables;

/// `ldap:/etc/postfix/ldap-users.cf` (ldap_table(5)): a directory answers. The file is read when the table is
/// opened; a reload reads it again.
///
/// Of an entry that leads back to one it came from, nothing more is taken, where Postfix goes round until
/// `recursion_limit`.
final class LdapTable implements Tables.Server {
    private final String spec;
    private final TableContext context;
    private final Directories directories;
    private final Directory directory;
    private final LdapQuery query;
    private final ResultAttributes attributes;
    private final KeyPattern format;
    private final @Nullable MatchList domains;
    private final Limits limits;

    /// @param depth how far an entry may lead on
    /// @param results how many may come of a key; 0 for any number
    private record Limits(int depth, int results) {}

    /// Too much came, or from too deep.
    private static final class Exceeded extends IOException {
        private static final long serialVersionUID = 1;

        Exceeded(String message) {
            super(message);
        }
    }

    private LdapTable(String spec, LdapFile file, Directories directories, Tables tables) {
        this.spec = spec;
        this.context = tables.context();
        this.directories = directories;
        this.directory = directories.of(LdapServers.of(file));
        this.query = LdapQuery.of(file);
        this.attributes = ResultAttributes.of(file);
        this.format = format(file);
        this.domains = domains(spec, file, tables);
        this.limits = new Limits(
                file.number("recursion_limit", 1000, 1, 999_999_999),
                file.number("expansion_limit", 0, 0, 999_999_999));
    }

    /// @param name of the file
    /// @param directories gives the one that the file names
    /// @throws ConfigException naming file and line
    static Table open(String spec, String name, Tables tables, Directories directories) {
        Path path = tables.context().conf().file(name);
        if (!name.startsWith("/") && !name.startsWith(".")) {
            throw new ConfigException("bad syntax: \"" + spec + "\"; need ldap:/path/of/file");
        }
        LdapFile file = read(path);
        file.warnings().forEach(line -> tables.context().log().warning("postern", line));
        return new LdapTable(spec, file, directories, tables);
    }

    static LdapFile read(Path path) {
        try {
            return LdapFile.parse(path.toString(), Files.readAllBytes(path));
        } catch (IOException e) {
            throw new ConfigException("open " + ConfigFiles.why(path, e), e);
        }
    }

    private static KeyPattern format(LdapFile file) {
        String name = file.given("result_format") == null ? "result_filter" : "result_format";
        try {
            return new KeyPattern(file.text(name, "%s"));
        } catch (IllegalArgumentException e) {
            throw file.error(name, String.valueOf(e.getMessage()));
        }
    }

    private static @Nullable MatchList domains(String spec, LdapFile file, Tables tables) {
        List<String> words = file.words("domain", "");
        return words.isEmpty() ? null : tables.names(spec + ": domain", words);
    }

    @Override
    public String name() {
        return spec;
    }

    @Override
    public Lookup find(String key) {
        String folded = key.toLowerCase(Locale.ROOT);
        Lookup eligible = eligible(folded);
        if (!(eligible instanceof Lookup.Found)) {
            return eligible;
        }
        Question question = query.about(folded, attributes);
        if (question == null) {
            return Lookup.NOT_FOUND;
        }
        try {
            Search search = new Search(folded);
            search.take(question, 0);
            return Lookup.of(search.found.isEmpty() ? null : String.join(",", search.found));
        } catch (IOException e) {
            String reason = "table " + spec + " lookup error: " + e.getMessage();
            context.log().warning("postern", reason);
            return new Lookup.TempFail(reason);
        }
    }

    /// Whether keys like this are asked for at all.
    private Lookup eligible(String key) {
        int at = key.lastIndexOf('@');
        if (domains == null) {
            return new Lookup.Found(key);
        }
        return at <= 0 ? Lookup.NOT_FOUND : domains.match(key.substring(at + 1));
    }

    /// Accounts are asked of the same directories: they rest too.
    @Override
    public void close() {
        directories.close();
    }

    /// The results of one key.
    private final class Search {
        private final String key;
        private final Set<String> found = new LinkedHashSet<>();
        private final Set<Question> above = new HashSet<>();

        Search(String key) {
            this.key = key;
        }

        void take(Question question, int depth) throws IOException {
            if (!above.add(question)) {
                return;
            }
            if (depth > limits.depth) {
                throw new Exceeded("recursion limit exceeded at \"" + question.base() + "\"");
            }
            for (Entry entry : directory.search(question)) {
                for (String value : attributes.results(entry).toList()) {
                    add(value);
                }
                for (String next : attributes.further(entry).toList()) {
                    Question further = further(next);
                    if (further != null) {
                        take(further, depth + 1);
                    }
                }
            }
            above.remove(question);
        }

        private void add(String value) throws Exceeded {
            String result = value.isEmpty() ? null : format.format(key, value);
            if (result != null && found.add(result) && limits.results > 0 && found.size() > limits.results) {
                throw new Exceeded("more than expansion_limit = " + limits.results + " results for \"" + key + "\"");
            }
        }

        /// A value names an entry, or is the URL of a search (RFC 4516).
        private @Nullable Question further(String value) {
            if (!value.regionMatches(true, 0, "ldap", 0, 4) || !value.contains("://")) {
                return new Question(value, Question.Scope.BASE, "(objectClass=*)", attributes.all(), query.limits());
            }
            Question url = Directory.url(value, query.limits());
            if (url == null) {
                context.log().warning("postern", "table " + spec + ": \"" + value + "\" is no URL of a search");
                return null;
            }
            List<String> wanted = new ArrayList<>(attributes.all());
            if (!url.attributes().isEmpty()) {
                wanted.removeIf(name -> url.attributes().stream().noneMatch(name::equalsIgnoreCase));
            }
            return wanted.isEmpty()
                    ? null
                    : new Question(url.base(), url.scope(), url.filter(), List.copyOf(wanted), query.limits());
        }
    }
}
