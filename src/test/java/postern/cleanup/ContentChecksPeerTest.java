package postern.cleanup;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.net.Socket;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import postern.peers.Commands;
import postern.peers.PostfixInstance;

/// The same messages under the same tables, here and in a real Postfix: it must have seen the same fields and
/// lines in the same places. (Behind a boundary's line of more than 2,048 bytes it takes no part's header for
/// one; we do.)
class ContentChecksPeerTest {
    private static final String ADDRESS = "127.0.0.17";
    private static final int PORT = 2517;
    private static final String MULTIPART = "Content-Type: multipart/mixed; boundary=b\n\n";

    @TempDir
    private static Path directory;

    @TempDir
    private Path ours;

    private static PostfixInstance postfix;

    @BeforeAll
    static void start() throws IOException {
        Commands.needRoot();
        Commands.need("postfix");
        postfix = new PostfixInstance(
                directory,
                ADDRESS + ":" + PORT,
                """
                compatibility_level = 3.6
                myhostname = mail.example.com
                mydestination =
                mynetworks = 127.0.0.0/8
                inet_protocols = ipv4
                default_transport = discard
                smtpd_peername_lookup = no
                header_checks = regexp:/etc/postfix/h
                mime_header_checks = regexp:/etc/postfix/m
                nested_header_checks = regexp:/etc/postfix/n
                body_checks = regexp:/etc/postfix/b
                body_checks_size_limit = 5000
                mime_nesting_limit = 5
                """,
                Map.of("h", "/^[^R]/ WARN h\n", "m", "/^/ WARN m\n", "n", "/^/ WARN n\n", "b", "/^/ WARN b\n"));
    }

    @AfterAll
    static void stop() {
        if (postfix != null) {
            postfix.close();
        }
    }

    private static final List<String> MESSAGES = List.of(
            "Subject : a\nTo:b\n c\n\nbody\n\nmore\n",
            "Subject: x\nno field\nmore: here\n",
            " folded first\nSubject: x\n\ny\n",
            MULTIPART + "--b\nA: 1\n\nt\n--bb\nB: 1\n\nt\n--b--x\nC: 1\n\nend\n--b\nD: 1\n",
            MULTIPART + "--b\n--b\n\n--b\nno field\nA: 1\n--b\nA: 1\n b\n\tc\n--b--\n",
            "Content-Type: multipart/mixed; (a (nested) comment;) boundary=\"b \\\"q\\\" x\"; x=y\n\n--b \"q\" x\nA: 1\n\nt\n",
            "Content-type: MULTIPART/DIGEST; BOUNDARY=b\n\n--b\n\nSubject: in\n\nt\n--b\nContent-Type: text/plain\n\nA: 1\n",
            "Content-Type: multipart/mixed; boundary=\"\"\n\n--\nA: 1\n\n---\nB: 1\n\n",
            "Content-Type: multipart/mixed; boundary=a; boundary=b\n\n--a\nA: 1\n\n--b\nB: 1\n\n--a--\nC: 1\n",
            "Content-Type: multipart/mixed\n\n--b\nA: 1\n\n",
            "Content-Type: message/rfc822\n\nSubject: in\nContent-Type: message/rfc822\n\nSubject: deeper\n\nA: 1\n",
            "Content-Type: message/partial; id=x\n\nSubject: in\n\nA: 1\n",
            "Content-Type: message/global\n\nSubject: in\n\nA: 1\n",
            "Content-Type: text/plain\nContent-Type: multipart/mixed; boundary=b\n\n--b\nA: 1\n\nt\n",
            "Content-Type: multipart/mixed; boundary=b\nContent-Type: text/plain\n\n--b\nA: 1\n\nt\n",
            MULTIPART + "--b\nContent-Type: multipart/mixed; boundary=bc\n\n--bc\nA: 1\n\n--b\nB: 1\n\n--bc\nC: 1\n\n",
            MULTIPART + "--b\nContent-Type: message/rfc822\n\nSubject: in\n--b\nA: 1\n\nx\n",
            MULTIPART + "x".repeat(2046) + "--b\nA: 1\n\n" + "x".repeat(2048) + "--b\nB: 1\n\nend\n",
            "Subject: x\n\n" + ("y".repeat(99) + "\n").repeat(60),
            MULTIPART + ("y".repeat(99) + "\n").repeat(60) + "--b\n\nshown\n" + "z".repeat(2048) + "\n");

    @Test
    void seesWhatPostfixSees() throws IOException {
        for (String message : MESSAGES) {
            Desk desk = new Desk(ours)
                    .set("body_checks_size_limit", "5000")
                    .set("mime_nesting_limit", "5")
                    .expressions("header_checks", "/^[^R]/ WARN h")
                    .expressions("mime_header_checks", "/^/ WARN m")
                    .expressions("nested_header_checks", "/^/ WARN n")
                    .expressions("body_checks", "/^/ WARN b");
            desk.send(message);
            List<String> own = desk.log().stream()
                    .filter(line -> line.contains(" warning: "))
                    .map(line -> line.substring(line.indexOf("warning: ")))
                    .map(ContentChecksPeerTest::withoutClient)
                    .toList();
            assertThat(own).as(message).isEqualTo(itsView(message));
        }
    }

    private static List<String> itsView(String message) throws IOException {
        String id = send(message);
        Commands.await(
                "its queue manager", Duration.ofSeconds(30), () -> postfix.log().contains(id + ": from=<"));
        List<String> lines = new ArrayList<>();
        Matcher line = Pattern.compile(id + ": (warning: .*)").matcher(postfix.log());
        while (line.find()) {
            lines.add(withoutClient(line.group(1)));
        }
        return lines;
    }

    private static String withoutClient(String line) {
        return line.replaceFirst(" from [^ ]*\\[127[0-9.]*\\]; from=<.*helo=<[^>]*>", "");
    }

    /// Sends a message, lines with LF. Returns its queue id.
    private static String send(String message) throws IOException {
        try (Socket socket = new Socket(ADDRESS, PORT)) {
            BufferedReader in =
                    new BufferedReader(new InputStreamReader(socket.getInputStream(), StandardCharsets.UTF_8));
            in.readLine();
            for (String line :
                    List.of("HELO client.test", "MAIL FROM:<a@b.example>", "RCPT TO:<x@example.com>", "DATA")) {
                socket.getOutputStream().write((line + "\r\n").getBytes(StandardCharsets.UTF_8));
                assertThat(in.readLine()).as(line).matches("[23].*");
            }
            String text = message.replace("\n", "\r\n") + ".\r\n";
            socket.getOutputStream().write(text.getBytes(StandardCharsets.UTF_8));
            String reply = in.readLine();
            assertThat(reply).as(message).startsWith("250 ");
            return reply.substring(reply.lastIndexOf(' ') + 1);
        }
    }
}
