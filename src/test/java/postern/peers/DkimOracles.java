package postern.peers;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;
import java.util.stream.Collectors;

/// Those who verify signatures, from Debian's packages: dkimpy, which knows both kinds of keys, and opendkim, which
/// knows RSA.
///
/// @param directory for their files
/// @param zone TXT records by name
public record DkimOracles(Path directory, Map<String, String> zone) {
    /// A line for each signature from the top: what it is, and whether it holds.
    private static final String DKIMPY = """
            import dkim, sys
            zone = dict(line.rstrip('\\n').split(' ', 1) for line in open(sys.argv[2]))
            message = open(sys.argv[1], 'rb').read()
            def txt(name, timeout=5):
                record = zone.get(name.decode().rstrip('.'))
                return record.encode() if record else None
            for i in range(sum(name.lower() == b'dkim-signature' for name, _ in dkim.rfc822_parse(message)[0])):
                check = dkim.DKIM(message)
                holds = check.verify(idx=i, dnsfunc=txt)
                fields = check.signature_fields
                print(fields[b'a'].decode(), fields[b's'].decode(), fields[b'd'].decode(), 'holds' if holds else 'FAILS')
            """;

    public static void need() {
        Commands.need("dkimverify", "opendkim");
    }

    /// `rsa-sha256 mail example.com holds`, a line for each signature.
    public String dkimpy(String text) throws IOException {
        Path script = Files.writeString(directory.resolve("check.py"), DKIMPY);
        return Commands.run(
                        "/usr/bin/python3",
                        script.toString(),
                        message(text).toString(),
                        records().toString())
                .strip();
    }

    /// What opendkim says of the message.
    public String opendkim(String text) throws IOException {
        Path conf = Files.writeString(
                directory.resolve("opendkim.conf"),
                "Mode v\nTestPublicKeys " + records() + "\nSocket local:/nonexistent\n");
        return Commands.tryRun(
                        "/usr/sbin/opendkim",
                        "-x",
                        conf.toString(),
                        "-t",
                        message(text).toString())
                .text();
    }

    private Path message(String text) throws IOException {
        return Files.writeString(directory.resolve("message.eml"), text, StandardCharsets.ISO_8859_1);
    }

    private Path records() throws IOException {
        return Files.writeString(
                directory.resolve("zone"),
                zone.entrySet().stream()
                        .map(each -> each.getKey() + " " + each.getValue() + "\n")
                        .collect(Collectors.joining()));
    }
}
