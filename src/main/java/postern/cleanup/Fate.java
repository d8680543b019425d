package postern.cleanup;

import postern.smtp.Directive;

/// What is to become of one message, beside where its recipients are: policy and the tables of
/// header_checks(5) have their say. Confined to the session's thread.
final class Fate {
    final Recipients recipients;
    /// `transport:nexthop` that goes before the routes, or empty.
    String filter;

    boolean held;
    /// Whether something is wanted that cannot be done with it.
    boolean impossible;
    /// Whether it is accepted and thrown away.
    boolean discarded;

    Fate(Recipients recipients, String filter) {
        this.recipients = recipients;
        this.filter = filter;
    }

    void direct(Directive directive) {
        switch (directive) {
            case Directive.Prepend _ -> {}
            case Directive.Redirect redirect -> recipients.redirect(redirect.to());
            case Directive.Bcc bcc -> recipients.copyTo(bcc.to());
            case Directive.Filter wanted -> filter = wanted.destination();
            case Directive.Hold _ -> held = true;
            case Directive.Discard _ -> discarded = true;
        }
    }
}
