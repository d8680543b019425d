package postern.smtp.client;

import postern.net.Endpoint;

/// A server that takes mail for a next hop, at one address (RFC 5321 §5.1 "target host").
///
/// @param name of the MX or host record, as it is asked for by TLS and shown to people
/// @param preference of its MX record; lower is better
public record TargetHost(String name, Endpoint endpoint, int preference) {
    /// `192.0.2.1`, or the path of a unix-domain socket.
    public String address() {
        return String.valueOf(endpoint.address() == null ? endpoint.unixPath() : endpoint.text());
    }

    /// What tells servers from one another, whatever they are called: `192.0.2.1:25`.
    public String place() {
        return address() + ":" + endpoint.port();
    }

    /// `mx.example[192.0.2.1]`, or `name[/path]` for a unix-domain socket.
    String label() {
        return name + "[" + address() + "]";
    }

    /// `mx.example[192.0.2.1]:25`: the log's `relay=`.
    String labelWithPort() {
        return endpoint.address() == null ? label() : label() + ":" + endpoint.port();
    }
}
