package postern.rewrite;

import static org.assertj.core.api.Assertions.assertThat;

import com.code_intelligence.jazzer.api.FuzzedDataProvider;
import com.code_intelligence.jazzer.junit.FuzzTest;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import postern.address.Address;
import postern.config.MainCf;
import postern.lookup.Tables;

class RewriteFuzz {
    private static final MainCf CONF = MainCf.of(
            Path.of("/nowhere"),
            Map.of(
                    "myhostname", "mx.example",
                    "myorigin", "example.com",
                    "mydestination", "localhost",
                    "inet_interfaces", "127.0.0.1",
                    "recipient_delimiter", "+-",
                    "append_dot_mydomain", "no",
                    "relay_domains", "example.com",
                    "virtual_alias_maps", "pcre:{{/^(.*)\\+(.*)@a.example$$/ $$2+$$1@a.example, x@b.example}}",
                    "transport_maps", "inline:{example.com=relay:[192.0.2.1]}"));
    private static final Tables TABLES = Golden.tables(CONF);
    private static final Routes ROUTES = new Routes(CONF, TABLES);
    private static final VirtualAlias VIRTUAL = new VirtualAlias(CONF, TABLES, ROUTES.local());

    /// Every address goes somewhere: it has a domain then, and resolving that again changes nothing. No address
    /// elsewhere is mistaken for one that is ours to take.
    @FuzzTest
    void everyAddressGoesSomewhere(FuzzedDataProvider data) {
        Address address = Address.ofInternal(data.consumeRemainingAsString());
        if (ROUTES.resolve(postern.address.Path.NULL, address) instanceof Resolved.To to) {
            assertThat(to.recipient().domain()).isNotNull();
            if (!to.isBad()) {
                Resolved again = ROUTES.resolve(postern.address.Path.NULL, to.recipient());
                assertThat(again).isEqualTo(to);
            }
        }
    }

    /// Standard form is a fixed point.
    @FuzzTest
    void standardFormOfStandardFormIsItself(FuzzedDataProvider data) {
        StandardForm form = new StandardForm(CONF);
        Address once = form.of(Address.ofInternal(data.consumeRemainingAsString()));
        String domain = once.domain() == null ? "" : once.domain().text();
        if (!domain.isEmpty() && !domain.endsWith(".")) {
            assertThat(form.of(once)).isEqualTo(once);
        }
    }

    /// Whatever a table's value holds, it is a list of addresses, none without a text.
    @FuzzTest
    void anyTextIsAListOfAddresses(FuzzedDataProvider data) {
        List<Address> addresses = AddressList.parse(data.consumeRemainingAsString());
        assertThat(addresses)
                .allSatisfy(address -> assertThat(address.internal()).isNotEmpty());
    }

    /// An expansion ends, and gives each address once.
    @FuzzTest
    void expansionsEnd(FuzzedDataProvider data) {
        Address address = new Address(data.consumeRemainingAsString(), "a.example");
        if (VIRTUAL.expand(address) instanceof Expanded.To(List<Address> to)) {
            assertThat(to).isNotEmpty();
            assertThat(to.stream().map(Address::key)).doesNotHaveDuplicates();
        }
    }
}
