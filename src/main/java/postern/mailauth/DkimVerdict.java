package postern.mailauth;

/// What one signature is worth.
///
/// @param domain that signed (`d=`), empty when the signature does not say
/// @param selector of its key (`s=`)
/// @param algorithm `rsa-sha256`
/// @param problem why it does not hold; empty when it does
public record DkimVerdict(String domain, String selector, String algorithm, String problem) {
    public boolean holds() {
        return problem.isEmpty();
    }
}
