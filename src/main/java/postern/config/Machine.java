package postern.config;

import java.io.IOException;
import java.net.Inet4Address;
import java.net.InetAddress;
import java.net.InterfaceAddress;
import java.net.NetworkInterface;
import java.net.SocketException;
import java.net.UnknownHostException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Collections;
import java.util.Comparator;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Set;

/// What Postfix asks of the machine to compute a default: its name and the networks it is in.
final class Machine {
    private Machine() {}

    /// The machine's name as the kernel has it, without asking DNS.
    static String hostname() {
        try {
            String name = Files.readString(Path.of("/proc/sys/kernel/hostname")).strip();
            if (!name.isEmpty()) {
                return name;
            }
        } catch (IOException e) {
            // not Linux: ask the library
        }
        try {
            return InetAddress.getLocalHost().getHostName();
        } catch (UnknownHostException e) {
            return "localhost";
        }
    }

    /// The default of `mynetworks`.
    ///
    /// @param style `mynetworks_style`: `host`, `subnet` or `class`
    /// @param interfaces `inet_interfaces`
    /// @param protocols `inet_protocols`
    static String networks(String style, List<String> interfaces, List<String> protocols) {
        Set<String> v4 = new LinkedHashSet<>();
        Set<String> v6 = new LinkedHashSet<>();
        Set<InetAddress> chosen = chosen(interfaces);
        for (InterfaceAddress own : addresses()) {
            InetAddress address = own.getAddress();
            boolean wanted = interfaces.contains("all")
                    || (interfaces.contains("loopback-only") && address.isLoopbackAddress())
                    || chosen.contains(address);
            if (wanted) {
                boolean isV4 = address instanceof Inet4Address;
                String network = Cidr.around(address, bits(style, own)).toString();
                (isV4 ? v4 : v6).add(network);
            }
        }
        List<String> all = new ArrayList<>();
        if (protocols.contains("all") || protocols.contains("ipv4")) {
            all.addAll(v4);
        }
        if (protocols.contains("all") || protocols.contains("ipv6")) {
            all.addAll(v6);
        }
        return String.join(" ", all);
    }

    private static int bits(String style, InterfaceAddress own) {
        byte[] address = own.getAddress().getAddress();
        int whole = address.length * 8;
        if (style.equals("host")) {
            return whole;
        }
        if (style.equals("class") && whole == 32) {
            int first = address[0] & 0xFF;
            return first < 128 ? 8 : first < 192 ? 16 : first < 224 ? 24 : 32;
        }
        int prefix = own.getNetworkPrefixLength();
        return prefix >= 0 && prefix <= whole ? prefix : whole;
    }

    private static Set<InetAddress> chosen(List<String> interfaces) {
        Set<InetAddress> chosen = new LinkedHashSet<>();
        for (String name : interfaces) {
            if (!name.equals("all") && !name.equals("loopback-only")) {
                try {
                    String host =
                            name.startsWith("[") && name.endsWith("]") ? name.substring(1, name.length() - 1) : name;
                    Collections.addAll(chosen, InetAddress.getAllByName(host));
                } catch (UnknownHostException e) {
                    // trusts nobody; listening on it fails with its own error
                }
            }
        }
        return chosen;
    }

    /// The addresses of interfaces that are up, loopback first.
    private static List<InterfaceAddress> addresses() {
        List<InterfaceAddress> all = new ArrayList<>();
        try {
            List<NetworkInterface> interfaces = Collections.list(NetworkInterface.getNetworkInterfaces());
            interfaces.sort(Comparator.comparingInt(NetworkInterface::getIndex));
            for (NetworkInterface one : interfaces) {
                if (one.isUp()) {
                    all.addAll(one.getInterfaceAddresses());
                }
            }
        } catch (SocketException e) {
            // a machine whose interfaces cannot be listed trusts nobody by default
        }
        return all;
    }
}
