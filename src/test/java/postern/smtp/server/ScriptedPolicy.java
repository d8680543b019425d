package postern.smtp.server;

import java.util.ArrayList;
import java.util.List;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;
import postern.address.Address;
import postern.policy.Policy;
import postern.policy.PolicyRequest;
import postern.policy.Verdict;
import postern.smtp.Directive;
import postern.smtp.Reply;

/// A policy made of a test's lines: `connect`, `helo`, `mail`, `rcpt`, `data`, `end`, `vrfy`, each with the
/// text that the client address, HELO name, sender or recipient must contain (`*`: any), and a reply, or an
/// action of access(5). What no line refuses goes to the policy behind it.
final class ScriptedPolicy implements Policy {
    private record Rule(String stage, String part, String answer) {}

    private final List<Rule> rules = new ArrayList<>();
    private @Nullable Policy next;

    /// @param line `rcpt bad@ 550 5.1.1 <bad@example.com>: …`
    void add(String line) {
        String[] words = line.split(" ", 3);
        rules.add(new Rule(words[0], words[1], words[2]));
    }

    void before(Policy other) {
        next = other;
    }

    private Verdict decide(String stage, Object subject, Function<Policy, Verdict> question) {
        List<Directive> directives = new ArrayList<>();
        for (Rule rule : rules) {
            if (rule.stage.equals(stage)
                    && (rule.part.equals("*") || String.valueOf(subject).contains(rule.part))) {
                if (Character.isDigit(rule.answer.charAt(0))) {
                    return new Verdict.Refuse(Reply.of(rule.answer));
                }
                directives.add(directive(rule.answer));
            }
        }
        Verdict verdict = next == null ? Verdict.ACCEPT : question.apply(next);
        if (verdict instanceof Verdict.Accept accept && !directives.isEmpty()) {
            directives.addAll(accept.directives());
            return new Verdict.Accept(directives);
        }
        return verdict;
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
    public boolean isPossible(Address address) {
        return next == null || next.isPossible(address);
    }

    @Override
    public Verdict connect(PolicyRequest request) {
        return decide("connect", request.clientAddress(), policy -> policy.connect(request));
    }

    @Override
    public Verdict helo(PolicyRequest request) {
        return decide("helo", request.helo(), policy -> policy.helo(request));
    }

    @Override
    public Verdict mail(PolicyRequest request) {
        return decide("mail", request.sender(), policy -> policy.mail(request));
    }

    @Override
    public Verdict rcpt(PolicyRequest request) {
        return decide("rcpt", request.recipient(), policy -> policy.rcpt(request));
    }

    @Override
    public Verdict data(PolicyRequest request) {
        return decide("data", request.unauthorizedPipelining() ? "pipelining" : "", policy -> policy.data(request));
    }

    @Override
    public Verdict endOfData(PolicyRequest request) {
        return decide("end", request.size(), policy -> policy.endOfData(request));
    }

    @Override
    public Verdict vrfy(PolicyRequest request) {
        return decide("vrfy", request.recipient(), policy -> policy.vrfy(request));
    }
}
