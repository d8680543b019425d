package postern.admin;

import java.io.IOException;
import java.util.List;

/// Shows the networks that are not listened to, bans one, or lifts a ban.
final class Bans implements Command {
    @Override
    public Exit run(List<String> arguments, Scene scene, Answer answer) throws IOException {
        Running running = scene.running();
        if (running == null) {
            answer.error("postern: no server runs here");
            return Exit.UNAVAILABLE;
        }
        BanList bans = running.bans();
        if (arguments.isEmpty()) {
            for (String line : bans.lines()) {
                answer.line(line);
            }
            return Exit.OK;
        }
        if (arguments.size() != 2) {
            throw new IllegalArgumentException("bans [ban|unban NETWORK]");
        }
        String network = arguments.getLast();
        switch (arguments.getFirst()) {
            case "ban" -> answer.line((bans.ban(network) ? "banned " : "already banned ") + network);
            case "unban" -> {
                String jail = bans.unban(network);
                answer.line(jail.isEmpty() ? "not banned " + network : "unbanned " + network + " from " + jail);
            }
            default -> throw new IllegalArgumentException("bans [ban|unban NETWORK]");
        }
        return Exit.OK;
    }
}
