package postern.ldap;

import static org.assertj.core.api.Assertions.assertThat;

import com.code_intelligence.jazzer.api.FuzzedDataProvider;
import com.code_intelligence.jazzer.junit.FuzzTest;
import com.unboundid.ldap.sdk.DN;
import com.unboundid.ldap.sdk.Filter;
import com.unboundid.ldap.sdk.LDAPException;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Map;
import postern.config.ConfigException;

/// What is sent to a directory, and its files, made of anything.
class LdapFuzz {
    /// Whatever the key is, it is the value of one equality, and comes back out of it.
    @FuzzTest
    void aKeyIsOneValueOfAFilter(FuzzedDataProvider data) throws LDAPException {
        String key = readable(data.consumeRemainingAsString());
        String text = new KeyPattern("(mail=%s)").expand(key, Escape.FILTER);
        if (text != null && !key.isBlank()) {
            Filter filter = Filter.create(text);
            assertThat(filter.getFilterType()).isEqualTo(Filter.FILTER_TYPE_EQUALITY);
            assertThat(filter.getAssertionValue()).isEqualTo(key);
        }
        Filter dovecot = Filter.create(new DovecotText("(|(uid=%u)(cn=x%n))").expand(key, Escape.FILTER));
        assertThat(dovecot.getComponents()).hasSize(2);
    }

    @FuzzTest
    void aKeyIsOneValueOfAName(FuzzedDataProvider data) throws LDAPException {
        String key = readable(data.consumeRemainingAsString());
        String text = new KeyPattern("uid=%s,dc=example").expand(key, Escape.NAME);
        if (text != null) {
            DN name = new DN(text);
            assertThat(name.getRDNs()).hasSize(2);
            // the SDK drops white space at the end, escaped or not
            assertThat(name.getRDN().getAttributeValues()[0].strip()).isEqualTo(key.strip());
        }
    }

    @FuzzTest
    void filesAreReadOrRefused(FuzzedDataProvider data) {
        byte[] bytes = data.consumeRemainingAsBytes();
        String text = new String(bytes, StandardCharsets.UTF_8);
        try {
            LdapFile file = LdapFile.parse("x.cf", bytes);
            LdapServers.of(file);
            LdapQuery.of(file);
            ResultAttributes.of(file);
            DovecotFile.parse("x.conf", bytes).servers();
        } catch (ConfigException e) {
            assertThat(e.getMessage()).startsWith("x.c");
        }
        Entry entry = new Entry("dc=x", Map.of("mail", List.of(text)));
        Homes homes = new Homes(AttributeMap.parse(text), List.of("mail"));
        assertThat(homes.account(text, entry)).matches("|[^@\\s/]+@[^@\\s/]+");
        assertThat(homes.quota(text, entry)).isNotNegative();
    }

    /// What Java cannot write as UTF-8 is no address.
    private static String readable(String text) {
        return new String(text.getBytes(StandardCharsets.UTF_8), StandardCharsets.UTF_8);
    }
}
