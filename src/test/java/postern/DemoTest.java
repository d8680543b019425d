package postern;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.ByteArrayOutputStream;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import org.junit.jupiter.api.Test;

/// What a newcomer sees first.
class DemoTest {
    @Test
    void theGuidesScenarioGoesThroughBothServersAndEachHopIsShown() {
        ByteArrayOutputStream out = new ByteArrayOutputStream();
        ByteArrayOutputStream err = new ByteArrayOutputStream();
        int status = Postern.run(
                new String[] {"demo"},
                new PrintStream(out, true, StandardCharsets.UTF_8),
                new PrintStream(err, true, StandardCharsets.UTF_8));
        String said = out.toString(StandardCharsets.UTF_8);

        assertThat(err.toString(StandardCharsets.UTF_8)).isEmpty();
        assertThat(status).as(said).isZero();
        assertThat(said)
                .doesNotContain("warning")
                .containsSubsequence(
                        "1. somebody@example.net, on the internet, writes to you@example.com",
                        "public server  | smtpd: ",
                        "client=mx.example.net[198.51.100.25]",
                        "private server | smtpd: ",
                        "client=unknown[192.168.2.2]",
                        "relay=mailbox, dsn=2.0.0, status=sent (delivered to INBOX of you@example.com)",
                        "mail program   | PASS (secret) → +OK",
                        "Byte for byte as it was sent",
                        "Return-Path: <somebody@example.net>",
                        "2. somebody@example.net writes to nobody@example.com",
                        "the internet   | RCPT TO:<nobody@example.com> → 550 5.1.1 ",
                        "Refused in the session",
                        "3. you@example.com logs in on port 587",
                        "mail program   | AUTH PLAIN (you@example.com) → 235 2.7.0",
                        "private server | dkim: ",
                        "DKIM-Signature field added (s=mail, d=example.com)",
                        "public server  | smtpd: ",
                        "client=unknown[192.168.2.3]",
                        "mx.example.net | RCPT TO:<somebody@example.net>",
                        "It has arrived, without the name of the mail program",
                        "mail._domainkey.example.com: the rsa-sha256 signature holds.",
                        "the public server nothing.");
        assertThat(said.lines()).hasSizeLessThan(80);
    }

    /// The build's training run of the public server, on the class path of that role.
    @Test
    void thePublicServerCanBeShownAlone() {
        ByteArrayOutputStream out = new ByteArrayOutputStream();
        PrintStream stream = new PrintStream(out, true, StandardCharsets.UTF_8);
        assertThat(Postern.run(new String[] {"demo", "--public"}, stream, stream))
                .as(out.toString(StandardCharsets.UTF_8))
                .isZero();
    }
}
