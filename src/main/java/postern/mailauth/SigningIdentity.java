package postern.mailauth;

import org.jspecify.annotations.Nullable;

/// Who signs, with which key, and how (RFC 6376 §3.5).
///
/// @param domain `d=`
/// @param selector `s=`
/// @param agent `i=`, null for none
public record SigningIdentity(
        String domain, String selector, @Nullable String agent, DkimKey key, Form form) {
    /// What is hashed.
    public record Form(Canonicalization header, Canonicalization body, SignedFields fields) {
        /// What DMS tells opendkim.
        public static final Form OPENDKIM =
                new Form(Canonicalization.RELAXED, Canonicalization.SIMPLE, SignedFields.AS_OPENDKIM);

        /// What rspamd does.
        public static final Form RSPAMD =
                new Form(Canonicalization.RELAXED, Canonicalization.RELAXED, SignedFields.USUAL);
    }

    SigningIdentity withDomain(String other) {
        return new SigningIdentity(other, selector, agent, key, form);
    }

    /// As opendkim's log has it.
    @Override
    public String toString() {
        return "s=" + selector + ", d=" + domain;
    }
}
