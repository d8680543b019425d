package postern.pop3.server;

import java.io.IOException;
import java.nio.file.Path;
import java.util.function.Function;
import postern.transcript.EveryTranscript;
import postern.transcript.Scene;
import postern.transcript.VirtualTime;
import postern.transcript.Wire;

/// Every file below `src/test/transcripts/pop3`.
class Pop3TranscriptsTest extends EveryTranscript {
    Pop3TranscriptsTest() {
        super("pop3");
    }

    @Override
    protected Scene scene(Path directory, Function<VirtualTime, Wire> wire) throws IOException {
        return new Pop3Scene(directory, wire);
    }
}
