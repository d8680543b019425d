package postern.smtp.server;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import java.util.Set;
import java.util.function.Function;
import java.util.stream.Collectors;
import postern.smtp.Offered;
import postern.smtp.Peer;
import postern.transcript.ClientEnd;
import postern.transcript.Scene;
import postern.transcript.Transcript;
import postern.transcript.VirtualTime;
import postern.transcript.Wire;

/// The [Stage] of a transcript.
///
/// Lines of the stage: `dns RECORD`, `policy …` ([ScriptedPolicy]), `anvil …` ([ScriptedAnvil]),
/// `intake WHAT: REPLY`, `counting` ([MemoryIntake]), `user LOGIN PASSWORD`, `stressed`, `no tls`.
///
/// Claims: `queue N`, `queue from|to|text|params|peer|directives …` (of the last message), `aborted N`,
/// `open N` (connections counted).
final class SmtpScene implements Scene {
    private final Stage stage;

    /// @param directory for files
    SmtpScene(Path directory, Function<VirtualTime, Wire> wire) {
        this.stage = new Stage(directory, wire);
    }

    @Override
    public void set(String name, String value) {
        stage.settings.put(name, value);
    }

    @Override
    public void say(String word, String rest) {
        switch (word) {
            case "dns" -> stage.dns.add(rest);
            case "policy" -> stage.policy.add(rest);
            case "anvil" -> stage.anvil.add(rest);
            case "counting" -> stage.intake.count();
            case "intake" ->
                stage.intake.refuse(rest.substring(0, rest.indexOf(": ")), rest.substring(rest.indexOf(": ") + 2));
            case "user" -> stage.user(rest.substring(0, rest.indexOf(' ')), rest.substring(rest.indexOf(' ') + 1));
            case "behind" -> {
                String[] words = rest.split(" ", -1);
                Set<String> without = Set.of(Arrays.copyOfRange(words, 1, words.length));
                stage.behind = new Offered(without, Long.parseLong(words[0]));
            }
            default -> stage.conditions.add(rest.isEmpty() ? word : word + " " + rest);
        }
    }

    @Override
    public void behind(int connection, String step) {
        stage.nextHops.add(connection, step);
    }

    @Override
    public ClientEnd connect(String address) throws IOException {
        return stage.connect(address);
    }

    @Override
    public void advance(Duration time) {
        stage.advance(time);
    }

    @Override
    public void stopping() throws IOException {
        stage.server().stopping();
    }

    @Override
    public List<String> log() {
        return stage.log;
    }

    @Override
    public Duration paused() {
        return stage.paused();
    }

    @Override
    public void checkBehind() {
        stage.nextHops.check();
    }

    @Override
    public void close() {
        stage.close();
    }

    @Override
    public void check(String word, String rest) {
        switch (word) {
            case "queue" -> checkQueue(rest);
            case "aborted" -> Scene.same(rest, Integer.toString(stage.intake.aborted()));
            case "open" -> Scene.same(rest, Integer.toString(stage.anvil.open()));
            default -> throw new AssertionError("no claim: " + word);
        }
    }

    private void checkQueue(String claim) {
        if (claim.matches("[0-9]+")) {
            Scene.same(claim, Integer.toString(stage.intake.taken().size()));
            return;
        }
        MemoryIntake.Taken last = stage.intake.taken().getLast();
        String what = claim.split(" ", 2)[0];
        String wanted = claim.substring(what.length()).strip();
        switch (what) {
            case "from" -> Scene.same(wanted, last.envelope().sender().toString());
            case "to" ->
                Scene.same(
                        wanted,
                        last.recipients().stream()
                                .map(recipient -> "<" + recipient.address() + ">" + recipient.params())
                                .collect(Collectors.joining(" ")));
            case "params" ->
                Scene.same(wanted, last.envelope().params().toString().strip());
            case "text" -> Scene.same(new String(Transcript.unescape(wanted), StandardCharsets.UTF_8), last.text());
            case "size" -> Scene.same(wanted, Integer.toString(last.text().getBytes(StandardCharsets.UTF_8).length));
            case "peer" -> checkPeer(wanted, last.envelope().peer());
            case "directives" -> Scene.same(wanted, last.directives().toString());
            default -> throw new AssertionError("no claim: " + claim);
        }
    }

    /// `protocol=ESMTPS`: one component of the peer.
    private static void checkPeer(String claim, Peer peer) {
        String wanted = claim.substring(claim.indexOf('=') + 1);
        switch (claim.substring(0, claim.indexOf('=')).toLowerCase(Locale.ROOT)) {
            case "address" -> Scene.same(wanted, peer.address());
            case "name" -> Scene.same(wanted, peer.name());
            case "reverse" -> Scene.same(wanted, peer.reverseName());
            case "helo" -> Scene.same(wanted, peer.helo());
            case "protocol" -> Scene.same(wanted, peer.protocol());
            case "tls" -> Scene.same(wanted, peer.tls());
            case "login" -> Scene.same(wanted, peer.login());
            case "method" -> Scene.same(wanted, peer.loginMethod());
            default -> throw new AssertionError("no claim: " + claim);
        }
    }
}
