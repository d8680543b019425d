package postern;

import java.time.temporal.ChronoUnit;
import java.util.List;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;
import postern.admin.BanList;
import postern.config.Cidr;
import postern.log.MailLog;
import postern.sasl.Ban;

/// Bans by hand.
///
/// @param keeper the newest
record BanOrders(Supplier<Doorkeeper> keeper, MailLog log) implements BanList {
    @Override
    public List<String> lines() {
        return keeper.get().bans().all().stream()
                .map(ban -> ban.jail() + " " + ban.text() + " " + ban.until().truncatedTo(ChronoUnit.SECONDS))
                .toList();
    }

    @Override
    public boolean ban(String network) {
        Cidr block = Cidr.parse(network);
        Doorkeeper now = keeper.get();
        boolean single = block.bits() == 8 * block.network().getAddress().length;
        if (single && now.guard().isTrusted(now.rules(), block.network())) {
            throw new IllegalArgumentException(network + " is never banned: it is this machine, or trusted (mynetworks,"
                    + " ignoreip, a next hop, a relay's login, or a host that speaks for others)");
        }
        boolean fresh = now.bans().ban(block, Ban.CUSTOM, now.rules().customTime());
        log.warning("postern", network + ": banned by hand");
        return fresh;
    }

    @Override
    public String unban(String network) {
        @Nullable Ban lifted = keeper.get().bans().unban(Cidr.parse(network));
        if (lifted != null) {
            log.warning("postern", network + ": no longer banned");
        }
        return lifted == null ? "" : lifted.jail();
    }
}
