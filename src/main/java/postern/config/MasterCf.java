package postern.config;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;
import postern.config.MainCf.Setting;
import postern.config.MasterService.Type;

/// An immutable snapshot of `master.cf`: who listens where, and which transports there are. Without the file,
/// that of Debian's package counts: one `smtpd` on port 25 and the transports `smtp`, `relay`, `lmtp`,
/// `error`, `retry` and `discard`.
///
/// What Debian ships and this program does by other means (`pickup`, `cleanup`, `qmgr`, `local` …) is passed
/// over in silence; anything else that is not read is named in a warning.
public final class MasterCf {
    static final Parameter<Integer> DEFAULT_PROCESS_LIMIT = Parameter.integer("default_process_limit", "100")
            .where(limit -> limit >= 0, "0 or more")
            .doc("How many of a service run at a time where master.cf has `-`: connections of a listener, deliveries"
                    + " of a transport.");
    static final Parameter<List<String>> MASTER_SERVICE_DISABLE = Parameter.list("master_service_disable", "")
            .doc("Listeners of master.cf that are left out: `inet`, or `name/inet`; `!` turns a member.");

    /// The parameters declared here.
    public static final List<Parameter<?>> PARAMETERS =
            List.of(DEFAULT_PROCESS_LIMIT, MASTER_SERVICE_DISABLE, PortNames.KNOWN_TCP_PORTS);

    private static final Set<String> LISTENERS = Set.of("smtpd", "postscreen");
    private static final Set<String> AGENTS = Set.of("smtp", "lmtp", "error", "discard", "mailbox");
    private static final List<MasterService> STOCK = StockMasterCf.services();

    private final List<MasterService> services;
    private final List<String> warnings;

    private MasterCf(List<MasterService> services, List<String> warnings) {
        this.services = List.copyOf(services);
        this.warnings = List.copyOf(warnings);
    }

    /// Reads `master.cf` in a directory; what Debian has when there is none.
    ///
    /// @throws ConfigException when it breaks the syntax
    public static MasterCf load(Path directory) {
        Path file = directory.resolve("master.cf");
        try {
            return parse("master.cf", Files.readAllBytes(file));
        } catch (NoSuchFileException e) {
            return stock();
        } catch (IOException e) {
            throw new ConfigException(ConfigFiles.why(file, e), e);
        }
    }

    /// What counts without a file.
    public static MasterCf stock() {
        return new MasterCf(STOCK.stream().filter(MasterCf::isActive).toList(), List.of());
    }

    /// Made of text, for a server that has no such file: its services say so in their origin.
    ///
    /// @param name what the text is called in messages
    public static MasterCf of(String name, String text) {
        return parse(name, text.getBytes(StandardCharsets.UTF_8));
    }

    /// This file with an option set at one of its services, as `postconf -P` does it.
    ///
    /// @param option the parameter
    /// @throws IllegalArgumentException when there is no such service
    public MasterCf with(String service, Type type, String option, Setting setting) {
        MasterService there = service(service, type);
        if (there == null) {
            throw new IllegalArgumentException("there is no service " + service + "/" + type);
        }
        List<MasterService> all = new ArrayList<>(services);
        all.set(all.indexOf(there), there.with(option, setting));
        return new MasterCf(all, warnings);
    }

    private static boolean isActive(MasterService service) {
        return isListener(service) || isTransport(service);
    }

    /// Reads a file's text.
    static MasterCf parse(String file, byte[] bytes) {
        LogicalLines logical = LogicalLines.of(file, bytes);
        List<String> warnings = new ArrayList<>(logical.warnings());
        Map<String, MasterService> services = new LinkedHashMap<>();
        for (LogicalLines.Line line : logical.lines()) {
            MasterService service = MasterService.parse(line.text(), file + ":" + line.number());
            MasterService earlier = services.remove(service.name() + "/" + service.type());
            if (earlier != null) {
                warnings.add(service.origin() + ": duplicate master.cf entry for service \"" + service.name() + "\" ("
                        + earlier.origin() + ") -- using the last entry");
            }
            services.put(service.name() + "/" + service.type(), service);
        }
        for (MasterService service : services.values()) {
            warnings.addAll(warningsOf(service));
        }
        return new MasterCf(List.copyOf(services.values()), warnings);
    }

    private static List<String> warningsOf(MasterService service) {
        if (isActive(service) || isPassedOn(service)) {
            return service.command().arguments().stream()
                    .filter(argument -> argument.startsWith("-") && !argument.startsWith("-o"))
                    .map(argument -> service.origin() + ": " + service + ": " + argument + " is not read")
                    .toList();
        }
        for (MasterService stock : STOCK) {
            boolean same = stock.name().equals(service.name())
                    && stock.type() == service.type()
                    && stock.program().equals(service.program());
            if (same) {
                return stock.command().equals(service.command())
                        ? List.of()
                        : List.of(service.origin() + ": " + service + ": its arguments are not read: "
                                + String.join(" ", service.command().arguments()));
            }
        }
        return List.of(service.origin() + ": " + service + " is not here: the line has no effect");
    }

    private static boolean isListener(MasterService service) {
        return service.type() == Type.INET && LISTENERS.contains(service.program()) || isSocket(service);
    }

    /// An smtpd at a unix-domain socket.
    private static boolean isSocket(MasterService service) {
        return service.type() == Type.UNIX
                && service.program().equals("smtpd")
                && service.name().startsWith("/");
    }

    /// The smtpd that stands behind a postscreen.
    private static boolean isPassedOn(MasterService service) {
        return service.type() == Type.PASS && service.program().equals("smtpd");
    }

    private static boolean isTransport(MasterService service) {
        return service.type() == Type.UNIX && AGENTS.contains(service.program());
    }

    /// The `smtpd` and `postscreen` that listen, in the file's order, without those that
    /// `master_service_disable` turns off. A `postscreen` has the maxproc of the smtpd behind it, since it
    /// stands for that one: its own is always 1.
    public List<MasterService> listeners(MainCf main) {
        List<String> disabled = main.get(MASTER_SERVICE_DISABLE);
        return services.stream()
                .filter(MasterCf::isListener)
                .filter(service -> !isDisabled(service, disabled))
                .map(service -> isPostscreen(service) ? service.withMaxproc(maxprocBehind()) : service)
                .toList();
    }

    private int maxprocBehind() {
        return services.stream()
                .filter(MasterCf::isPassedOn)
                .findFirst()
                .map(MasterService::maxproc)
                .orElse(-1);
    }

    private static boolean isPostscreen(MasterService service) {
        return service.type() == Type.INET && service.program().equals("postscreen");
    }

    /// The transports that mail can leave by: unix services of `smtp`, `lmtp`, `error`, `discard` and, at a
    /// server with mailboxes, `mailbox`. Those of Debian's file that this one does not name are there too: a
    /// file of listeners only needs no more.
    public List<MasterService> transports() {
        List<MasterService> transports =
                new ArrayList<>(services.stream().filter(MasterCf::isTransport).toList());
        for (MasterService stock : STOCK) {
            if (isTransport(stock) && service(stock.name(), Type.UNIX) == null) {
                transports.add(stock);
            }
        }
        return List.copyOf(transports);
    }

    /// The lines of a file whose options count.
    List<MasterService> written() {
        return services.stream()
                .filter(service -> isActive(service) || isPassedOn(service))
                .filter(service -> !service.origin().equals(StockMasterCf.ORIGIN))
                .toList();
    }

    /// All lines.
    public List<MasterService> services() {
        return services;
    }

    /// A service by name and type, or null.
    public @Nullable MasterService service(String name, Type type) {
        return services.stream()
                .filter(service -> service.name().equals(name) && service.type() == type)
                .findFirst()
                .orElse(null);
    }

    /// Whether a `postscreen` listens: only then the `postscreen_*` parameters count.
    public boolean hasPostscreen() {
        return services.stream().anyMatch(MasterCf::isPostscreen);
    }

    /// The configuration that a service of this file sees: `main` with its `-o` options and `$service_name`.
    /// A `postscreen` stands for the smtpd behind it (type `pass`) and sees that one's options too.
    public MainCf configure(MainCf main, MasterService service) {
        MainCf seen = main;
        if (isPostscreen(service)) {
            for (MasterService behind : services) {
                if (isPassedOn(behind)) {
                    seen = behind.over(seen);
                }
            }
        }
        return service.over(seen.with(Map.of("service_name", service.name()), service.origin()));
    }

    /// What is odd in the file or not read, each beginning with `master.cf:line: `.
    public List<String> warnings() {
        return warnings;
    }

    private static boolean isDisabled(MasterService service, List<String> disabled) {
        for (String member : disabled) {
            boolean turned = member.startsWith("!");
            String pattern = turned ? member.substring(1) : member;
            if (pattern.equals(service.type().toString()) || pattern.equals(service.name() + "/" + service.type())) {
                return !turned;
            }
        }
        return false;
    }
}
