package postern.smtp.client;

import postern.sasl.ClientMechanisms;
import postern.sasl.ClientPasswords;
import postern.tlspolicy.TlsPolicyMaps;

/// How a client protects what it sends, and who it is to servers.
public record ClientSecurity(
        TlsPolicyMaps policies, TlsStart tls, ClientPasswords passwords, ClientMechanisms mechanisms) {}
