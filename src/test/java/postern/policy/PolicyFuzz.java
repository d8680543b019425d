package postern.policy;

import com.code_intelligence.jazzer.api.FuzzedDataProvider;
import com.code_intelligence.jazzer.junit.FuzzTest;
import java.net.InetAddress;
import postern.config.ConfigException;

/// Whatever stands in a table, a template, a filter or a restriction list, it is read or refused with a word.
class PolicyFuzz {
    @FuzzTest
    void readsOrRefusesAFilter(FuzzedDataProvider data) {
        try {
            DnsblFilter.parse(data.consumeRemainingAsString()).matches(InetAddress.ofLiteral("127.0.0.2"));
        } catch (IllegalArgumentException e) {
            // said what is wrong
        }
    }

    @FuzzTest
    void readsOrRefusesATemplate(FuzzedDataProvider data) {
        try {
            Template.parse(data.consumeRemainingAsString()).expand(name -> name);
        } catch (IllegalArgumentException e) {
            // said what is wrong
        }
    }

    @FuzzTest
    void compilesOrRefusesRestrictions(FuzzedDataProvider data) {
        String text = data.consumeRemainingAsString();
        if (text.contains(":") || text.contains("sleep")) {
            return;
        }
        try {
            Setting.guide().add("smtpd_sender_restrictions = " + text).policy().rcpt(Request.to("u@example.com"));
        } catch (ConfigException e) {
            // said where and what
        }
    }

    @FuzzTest
    void judgesHostNames(FuzzedDataProvider data) {
        String name = data.consumeRemainingAsString();
        if (HostNames.isName(name) && !HostNames.isValid(name)) {
            throw new AssertionError(name);
        }
        HostNames.isLiteral(name);
    }
}
