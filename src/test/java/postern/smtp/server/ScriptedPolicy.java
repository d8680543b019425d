package postern.smtp.server;

import java.util.ArrayList;
import java.util.List;
import postern.address.Address;
import postern.address.Path;
import postern.policy.Policy;
import postern.policy.PolicyRequest;
import postern.policy.Verdict;
import postern.smtp.Directive;
import postern.smtp.Reply;

/// A policy made of a test's lines: `connect`, `helo`, `mail`, `rcpt`, `data`, `end`, `vrfy`, each with the text that
/// the client address, HELO name, sender or recipient must contain (`*`: any), and a reply, or an action of
/// access(5). Besides, only mail for one domain (example.com) is taken from strangers.
final class ScriptedPolicy implements Policy {
    private record Rule(String stage, String part, String answer) {}

    private final List<Rule> rules = new ArrayList<>();
    private String ours = "example.com";

    /// @param line `rcpt bad@ 550 5.1.1 <bad@example.com>: …`
    void add(String line) {
        String[] words = line.split(" ", 3);
        rules.add(new Rule(words[0], words[1], words[2]));
    }

    void serve(String domain) {
        ours = domain;
    }

    private Verdict decide(String stage, String subject) {
        List<Directive> directives = new ArrayList<>();
        for (Rule rule : rules) {
            if (rule.stage.equals(stage) && (rule.part.equals("*") || subject.contains(rule.part))) {
                if (Character.isDigit(rule.answer.charAt(0))) {
                    return new Verdict.Refuse(Reply.of(rule.answer));
                }
                directives.add(directive(rule.answer));
            }
        }
        return new Verdict.Accept(directives);
    }

    private static Directive directive(String action) {
        int space = action.indexOf(' ');
        String argument = space < 0 ? "" : action.substring(space + 1);
        return switch (space < 0 ? action : action.substring(0, space)) {
            case "PREPEND" -> new Directive.Prepend(argument);
            case "REDIRECT" -> new Directive.Redirect(Address.ofInternal(argument));
            case "BCC" -> new Directive.Bcc(Address.ofInternal(argument));
            case "FILTER" -> new Directive.Filter(argument);
            case "HOLD" -> new Directive.Hold(argument);
            case "DISCARD" -> new Directive.Discard(argument);
            case "CRASH" -> throw new IllegalStateException("crash");
            default -> throw new AssertionError(action);
        };
    }

    @Override
    public Verdict connect(PolicyRequest request) {
        return decide("connect", String.valueOf(request.clientAddress()));
    }

    @Override
    public Verdict helo(PolicyRequest request) {
        return decide("helo", request.helo());
    }

    @Override
    public Verdict mail(PolicyRequest request) {
        Path sender = request.sender();
        return decide("mail", sender == null ? "" : sender.toString());
    }

    @Override
    public Verdict rcpt(PolicyRequest request) {
        return recipient("rcpt", request);
    }

    private Verdict recipient(String stage, PolicyRequest request) {
        Address recipient = request.recipient();
        if (recipient == null) {
            throw new AssertionError("no recipient");
        }
        boolean local = recipient.domain() == null || recipient.domain().key().equals(ours);
        Verdict verdict = decide(stage, recipient.toString());
        if (verdict instanceof Verdict.Accept && !local && request.login().isEmpty()) {
            return new Verdict.Refuse(Reply.of("554 5.7.1 <" + recipient.internal() + ">: Relay access denied"));
        }
        return verdict;
    }

    @Override
    public Verdict data(PolicyRequest request) {
        return decide("data", request.unauthorizedPipelining() ? "pipelining" : "");
    }

    @Override
    public Verdict endOfData(PolicyRequest request) {
        return decide("end", Long.toString(request.size()));
    }

    @Override
    public Verdict vrfy(PolicyRequest request) {
        return recipient("vrfy", request);
    }
}
