package postern;

import java.util.Arrays;
import java.util.List;

/// What is written in the demo.
final class DemoText {
    static final String MESSAGE = message("somebody@example.net", "you@example.com", "Greetings", "");
    static final String ANSWER =
            message("you@example.com", "somebody@example.net", "Re: Greetings", "User-Agent: Demo\n");

    private static final int LONGEST_SHOWN = 100;

    private DemoText() {}

    private static String message(String from, String to, String subject, String more) {
        return """
                From: %s
                To: %s
                Subject: %s
                Message-ID: <demo.%s>
                Date: Sun, 22 Nov 2026 15:04:05 +0000
                %sMIME-Version: 1.0
                Content-Type: multipart/alternative; boundary="part"

                --part
                Content-Type: text/plain; charset=utf-8
                Content-Transfer-Encoding: 8bit

                Grüße, and a line of text.
                --part
                Content-Type: text/html; charset=utf-8
                Content-Transfer-Encoding: 8bit

                <p>Grüße, and a line of <b>text</b>.</p>
                --part--
                """.formatted(from, to, subject, from, more).replace("\n", "\r\n");
    }

    static String header(String text) {
        return text.substring(0, text.indexOf("\r\n\r\n") + 2);
    }

    static String body(String text) {
        return text.substring(text.indexOf("\r\n\r\n") + 4);
    }

    /// A header as it is shown: each field on a line, its end left out where it is long.
    static List<String> fields(String header) {
        return Arrays.stream(header.split("\r\n(?![ \t])"))
                .map(field -> field.replaceAll("\r\n[ \t]+", " "))
                .map(field -> field.length() > LONGEST_SHOWN ? field.substring(0, LONGEST_SHOWN) + " …" : field)
                .toList();
    }
}
