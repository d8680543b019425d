/// # dns - the questions mail asks
///
/// [postern.dns.Resolver] is the whole of it; [postern.dns.DnsJavaResolver] answers with dnsjava, asking the
/// servers that [postern.dns.NameServers] names; [postern.dns.HostsResolver] looks into hosts(5) first;
/// [postern.dns.TimedResolver] waits no longer than it may;
/// `FixedResolver` (tests) answers from a zone.
///
/// State: the cache, owned by the resolver. Threads: the caller's, which waits; dnsjava has one of its own
/// for its sockets, and what runs between question and answer runs on virtual threads.
///
/// RFCs: 5321 §5 (MX), 7505 (Null MX), 1035, 2308 (negative answers).
@NullMarked
package postern.dns;

import org.jspecify.annotations.NullMarked;
