package postern.dms;

import java.net.InterfaceAddress;
import java.net.NetworkInterface;
import java.net.SocketException;
import java.nio.file.Path;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import postern.config.MainCf;

/// The machine, as far as the configuration asks it.
///
/// @param hostname its full name, `mail.example.com`
/// @param letsencrypt DMS's `/etc/letsencrypt`
/// @param addresses of its interfaces, those of the loopback left out
record Here(String hostname, Path letsencrypt, List<Address> addresses, InstantSource clock) {
    /// @param device `eth0`
    /// @param address without a zone: `172.18.0.5`
    /// @param prefix the length of its network's prefix
    record Address(String device, String address, int prefix) {}

    static Here now(Path state) {
        return new Here(
                MainCf.of(state, java.util.Map.of()).get(MainCf.MYHOSTNAME),
                Path.of("/etc/letsencrypt"),
                interfaces(),
                InstantSource.system());
    }

    private static List<Address> interfaces() {
        List<Address> all = new ArrayList<>();
        try {
            for (NetworkInterface device : Collections.list(NetworkInterface.getNetworkInterfaces())) {
                if (device.isUp() && !device.isLoopback()) {
                    for (InterfaceAddress each : device.getInterfaceAddresses()) {
                        String text = each.getAddress().getHostAddress().replaceFirst("%.*", "");
                        all.add(new Address(device.getName(), text, each.getNetworkPrefixLength()));
                    }
                }
            }
        } catch (SocketException e) {
            return List.of();
        }
        return List.copyOf(all);
    }
}
