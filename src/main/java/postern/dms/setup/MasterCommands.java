package postern.dms.setup;

import java.io.IOException;
import java.util.List;

/// `setup dovecot-master`: who may log in as anybody, `user@example.com*master`.
final class MasterCommands {
    private MasterCommands() {}

    static void add(List<String> arguments, Site site) throws IOException {
        String name = Texts.name(arguments.getFirst(), site.report());
        Accounts.add(ConfigFile.MASTERS, name, arguments.subList(1, arguments.size()), site);
    }

    static void update(List<String> arguments, Site site) throws IOException {
        String name = Texts.name(arguments.getFirst(), site.report());
        Accounts.update(ConfigFile.MASTERS, name, arguments.subList(1, arguments.size()), site);
    }

    static void delete(List<String> arguments, Site site) throws IOException {
        if (site.volume().read(ConfigFile.MASTERS).entries().isEmpty()) {
            return;
        }
        try (ConfigVolume.Lock lock = site.volume().lock()) {
            lock.edit(ConfigFile.MASTERS, masters -> {
                arguments.forEach(name -> Accounts.needs(masters, name));
                arguments.forEach(masters::remove);
            });
        }
    }

    static void list(List<String> arguments, Site site) throws IOException {
        for (KeyedLines.Entry master :
                Accounts.listed(ConfigFile.MASTERS, site.volume()).entries()) {
            site.report().line("* " + master.key() + "\n");
        }
    }
}
