package postern.dns;

import static org.assertj.core.api.Assertions.assertThat;

import com.code_intelligence.jazzer.junit.FuzzTest;
import java.io.IOException;
import java.net.InetAddress;
import java.nio.file.Files;
import java.nio.file.Path;

class HostsFuzz {
    private static final InetAddress ANY = InetAddress.ofLiteral("0.0.0.0");

    /// Whatever stands in the file, it is read, and a name that an address has leads back to it.
    @FuzzTest
    void fileIsRead(byte[] bytes) throws IOException {
        Path file = Files.createTempFile("hosts", "");
        try {
            Files.write(file, bytes);
            Resolver hosts = new HostsResolver(file, new FixedResolver());
            for (String name : hosts.ptr(ANY).records()) {
                assertThat(hosts.a(name).records()).contains(ANY);
            }
        } finally {
            Files.delete(file);
        }
    }
}
