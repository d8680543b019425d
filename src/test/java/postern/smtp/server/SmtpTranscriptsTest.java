package postern.smtp.server;

import java.io.IOException;
import java.nio.file.Path;
import java.util.function.Function;
import postern.transcript.EveryTranscript;
import postern.transcript.Scene;
import postern.transcript.VirtualTime;
import postern.transcript.Wire;

/// Every file below `src/test/transcripts/smtp`.
class SmtpTranscriptsTest extends EveryTranscript {
    SmtpTranscriptsTest() {
        super("smtp");
    }

    @Override
    protected Scene scene(Path directory, Function<VirtualTime, Wire> wire) throws IOException {
        return new SmtpScene(directory, wire);
    }
}
