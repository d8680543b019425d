package postern.ldap;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import org.jspecify.annotations.Nullable;
import postern.config.ConfigException;
import postern.config.ConfigFiles;
import postern.sasl.Login;
import postern.sasl.LoginDirectory;

/// Logins as Dovecot finds them with `dovecot-ldap.conf.ext`: `pass_filter` finds the one who logs in,
/// `user_filter` must find him too; the password is an attribute, or is tried by a bind (`auth_bind`).
public final class LdapLogins implements LoginDirectory {
    private static final Map<String, Question.Scope> SCOPES =
            Map.of("subtree", Question.Scope.SUB, "onelevel", Question.Scope.ONE, "base", Question.Scope.BASE);
    private static final Map<String, Integer> DEREFERENCE =
            Map.of("never", 0, "searching", 1, "finding", 2, "always", 3);

    private final Directory directory;
    private final Filters filters;
    private final AttributeMap password;
    private final Homes homes;
    private final Trial trial;

    private record Filters(
            DovecotText base, DovecotText password, DovecotText user, Question.Scope scope, int dereference) {}

    /// @param bind whether the directory compares passwords
    /// @param scheme of passwords that do not say it
    private record Trial(boolean bind, String scheme) {}

    private LdapLogins(DovecotFile file, List<String> addresses, Directories directories) {
        this.directory = directories.of(file.servers());
        String userFilter = "(&(objectClass=PostfixBookMailAccount)(uniqueIdentifier=%n))";
        this.filters = new Filters(
                new DovecotText(file.text("base", "")),
                file.filter("pass_filter", file.text("user_filter", userFilter)),
                file.filter("user_filter", userFilter),
                file.choice("scope", "subtree", SCOPES),
                file.choice("deref", "never", DEREFERENCE));
        this.password = AttributeMap.parse(file.text("pass_attrs", "uniqueIdentifier=user,userPassword=password"));
        this.homes = homes(file, addresses);
        this.trial = new Trial(file.flag("auth_bind"), file.text("default_pass_scheme", "SSHA"));
    }

    /// @param addresses the attributes that hold addresses, best first
    /// @param warnings takes what is odd, a line each
    /// @throws ConfigException naming file and line
    public static LdapLogins open(Path path, List<String> addresses, Directories directories, List<String> warnings) {
        DovecotFile file = read(path);
        warnings.addAll(file.warnings());
        return new LdapLogins(file, addresses, directories);
    }

    static DovecotFile read(Path path) {
        try {
            return DovecotFile.parse(path.toString(), Files.readAllBytes(path));
        } catch (IOException e) {
            throw new ConfigException("open " + ConfigFiles.why(path, e), e);
        }
    }

    static Homes homes(DovecotFile file, List<String> addresses) {
        return new Homes(
                AttributeMap.parse(file.text(
                        "user_attrs",
                        "mailHomeDirectory=home,mailUidNumber=uid,mailGidNumber=gid,mailStorageDirectory=mail")),
                addresses);
    }

    @Override
    public @Nullable Person find(String name) throws IOException {
        Entry entry = one(filters.password, name);
        if (entry == null) {
            return null;
        }
        String given = password.field("user", name, entry);
        String user = given.isEmpty() ? name : given.toLowerCase(Locale.ROOT);
        Entry home = filters.user.equals(filters.password) && user.equals(name) ? entry : one(filters.user, user);
        if (home == null) {
            return null;
        }
        String account = homes.account(user, home);
        return new Found(entry, new Login(user, account.isEmpty() ? user : account, ""));
    }

    private @Nullable Entry one(DovecotText filter, String name) throws IOException {
        Set<String> attributes = new TreeSet<>(password.attributes());
        attributes.addAll(homes.attributes());
        List<Entry> found = directory.search(new Question(
                filters.base.expand(name, Escape.NAME),
                filters.scope,
                filter.expand(name, Escape.FILTER),
                List.copyOf(attributes),
                new Question.Limits(2, filters.dereference)));
        if (found.size() > 1) {
            throw new IOException("more than one entry is found for the login");
        }
        return found.isEmpty() ? null : found.getFirst();
    }

    private final class Found implements Person {
        private final Entry entry;
        private final Login login;

        Found(Entry entry, Login login) {
            this.entry = entry;
            this.login = login;
        }

        @Override
        public Login login() {
            return login;
        }

        @Override
        public String stored() {
            String value = trial.bind ? "" : password.field("password", login.name(), entry);
            return value.isEmpty() || value.startsWith("{") ? value : "{" + trial.scheme + "}" + value;
        }

        @Override
        public boolean isPassword(String text) throws IOException {
            return trial.bind && directory.isPassword(entry.dn(), text);
        }
    }
}
