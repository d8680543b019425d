package postern.cleanup;

import java.util.List;
import postern.address.Address;
import postern.address.Path;
import postern.config.MainCf;
import postern.log.MailLog;
import postern.lookup.Tables;
import postern.rewrite.Canonical;
import postern.rewrite.Expanded;
import postern.rewrite.LocalDomains;
import postern.rewrite.Rewritten;
import postern.rewrite.StandardForm;
import postern.rewrite.VirtualAlias;
import postern.smtp.Reply;

/// Envelope addresses in standard form, and by the tables of the configuration: canonical maps first, then virtual
/// aliases
/// (ADDRESS_REWRITING_README).
final class EnvelopeRewrite implements Addressing {
    private final Canonical canonical;
    private final VirtualAlias virtualAlias;
    private final StandardForm form;
    private final MailLog log;

    EnvelopeRewrite(MainCf conf, Tables tables, LocalDomains local, Canonical canonical, MailLog log) {
        this.canonical = canonical;
        this.virtualAlias = new VirtualAlias(conf, tables, local);
        this.form = new StandardForm(conf);
        this.log = log;
    }

    @Override
    public Path sender(Path sender) {
        Address address = sender.address();
        return address == null ? sender : Path.of(canonical(Canonical.Place.ENVELOPE_SENDER, address));
    }

    @Override
    public Expansion expand(Address recipient) {
        Address address = canonical(Canonical.Place.ENVELOPE_RECIPIENT, recipient);
        return switch (virtualAlias.expand(address)) {
            case Expanded.To(List<Address> all) -> new Expansion(address, all);
            case Expanded.TempFail(String reason) -> throw failed(address, reason);
            case Expanded.Unreasonable(String reason) -> {
                log.warning("cleanup", reason + " -- message not accepted, try again later");
                throw new Reply.Refused("451 4.6.0 Alias expansion error");
            }
        };
    }

    private Address canonical(Canonical.Place place, Address address) {
        return switch (canonical.rewrite(place, form.of(address))) {
            case Rewritten.To(Address to) -> to;
            case Rewritten.TempFail(String reason) -> throw failed(address, reason);
        };
    }

    private Reply.Refused failed(Address address, String reason) {
        log.warning("cleanup", "table look-up for " + address + ": " + reason);
        return new Reply.Refused("451 4.3.0 Temporary lookup failure");
    }
}
