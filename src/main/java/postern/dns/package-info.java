/// # dns - the questions mail asks
///
/// [postern.dns.Resolver] is the whole of it; `DnsJavaResolver` answers with dnsjava, `FixedResolver` (tests)
/// from a zone.
///
/// State: the cache, owned by the resolver.
///
/// RFCs: 5321 §5 (MX), 7505 (Null MX), 1035.
@NullMarked
package postern.dns;

import org.jspecify.annotations.NullMarked;
