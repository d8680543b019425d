package postern.admin;

import java.io.IOException;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.TreeMap;

/// How much mail accounts have: a line each, bytes and address.
final class Usage implements Command {
    @Override
    public Exit run(List<String> arguments, Scene scene, Answer answer) throws IOException {
        Map<String, Long> all = new TreeMap<>(scene.mailboxes().usage());
        List<String> asked =
                arguments.stream().map(name -> name.toLowerCase(Locale.ROOT)).toList();
        for (String account : asked.isEmpty() ? all.keySet() : asked) {
            answer.line(all.getOrDefault(account, 0L) + " " + account);
        }
        return Exit.OK;
    }
}
