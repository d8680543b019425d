package postern.dms;

import java.net.Inet4Address;
import java.net.InetAddress;
import java.util.ArrayList;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Set;
import postern.dms.Here.Address;

/// `PERMIT_DOCKER`: who is trusted for his address. By default nobody, not even this machine.
///
/// @param mynetworks the value of that parameter
/// @param notes what is trusted, when that depends on the machine
record TrustedNetworks(String mynetworks, List<String> notes) {
    private static final String LOOPBACK = "127.0.0.0/8 [::1]/128 [fe80::]/64";
    private static final int HOST = 32;
    private static final int CLASS_B = 16;

    /// @throws postern.config.ConfigException naming the variable
    static TrustedNetworks of(Environment environment, Here here) {
        String kind = environment.choice(
                "PERMIT_DOCKER", List.of("none", "container", "host", "network", "connected-networks"));
        Set<String> more = new LinkedHashSet<>();
        switch (kind) {
            case "none" -> {
                return new TrustedNetworks("", List.of());
            }
            case "network" -> more.add("172.16.0.0/12");
            case "connected-networks" ->
                here.addresses().stream()
                        .filter(TrustedNetworks::isPrivate)
                        .forEach(address -> more.add(network(address.address(), address.prefix())));
            default -> more.add(network(own(environment, here), kind.equals("host") ? CLASS_B : HOST));
        }
        List<String> notes = new ArrayList<>();
        if (!kind.equals("network")) {
            notes.add("PERMIT_DOCKER=" + kind + ": trusted besides this host: "
                    + (more.isEmpty() ? "nobody" : String.join(" ", more)));
        }
        more.add("");
        return new TrustedNetworks((LOOPBACK + " " + String.join(" ", more)).strip(), notes);
    }

    /// The IPv4 address of `NETWORK_INTERFACE`.
    private static String own(Environment environment, Here here) {
        String device = environment.get("NETWORK_INTERFACE");
        return here.addresses().stream()
                .filter(address -> address.device().equals(device) && isIp4(address))
                .map(Address::address)
                .findFirst()
                .orElseThrow(() -> environment.error(
                        "NETWORK_INTERFACE", "PERMIT_DOCKER needs its IPv4 address, and it has none here"));
    }

    private static boolean isIp4(Address address) {
        return address.address().indexOf(':') < 0;
    }

    /// Whether nobody outside has such an address: DMS asks for the networks of docker, never for others.
    private static boolean isPrivate(Address address) {
        return isIp4(address) && InetAddress.ofLiteral(address.address()).isSiteLocalAddress();
    }

    /// `172.18.0.5` with 16 is `172.18.0.0/16`.
    static String network(String address, int prefix) {
        byte[] bytes = Inet4Address.ofLiteral(address).getAddress();
        for (int i = 0; i < bytes.length; i++) {
            int kept = Math.clamp(prefix - 8L * i, 0, 8);
            bytes[i] &= (byte) (0xFF << 8 - kept);
        }
        return (bytes[0] & 0xFF) + "." + (bytes[1] & 0xFF) + "." + (bytes[2] & 0xFF) + "." + (bytes[3] & 0xFF) + "/"
                + prefix;
    }
}
