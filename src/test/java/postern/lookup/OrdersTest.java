package postern.lookup;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import postern.address.Address;
import postern.address.Domain;
import postern.lookup.AddressLookup.Match;
import postern.lookup.AddressLookup.Part;

/// In which order keys are tried: access(5), canonical(5), transport(5), ADDRESS_REWRITING_README.
class OrdersTest {
    private final List<String> asked = new ArrayList<>();

    /// A table that has nothing and remembers what it was asked; parts in round brackets.
    private final Table empty = new Table() {
        @Override
        public Lookup find(String key) {
            asked.add(key);
            return Lookup.NOT_FOUND;
        }

        @Override
        public Lookup findPart(String key) {
            asked.add("(" + key + ")");
            return Lookup.NOT_FOUND;
        }

        @Override
        public String name() {
            return "empty";
        }
    };

    private static Lookup local(Domain domain) {
        return domain.key().equals("here.example") ? new Lookup.Found("") : Lookup.NOT_FOUND;
    }

    private void look(String address, Part... parts) {
        asked.clear();
        new AddressLookup(empty, "+-", OrdersTest::local, parts).find(Address.ofInternal(address));
    }

    @Test
    void addressMapsTryTheAddressTheLocalPartAndTheDomain() {
        look("User+x@there.example");
        assertThat(asked).containsExactly("User+x@there.example", "(User@there.example)", "(@there.example)");
        look("user+x@here.example");
        assertThat(asked)
                .containsExactly("user+x@here.example", "(user@here.example)", "(user+x)", "(user)", "(@here.example)");
        look("user@here.example");
        assertThat(asked).containsExactly("user@here.example", "(user)", "(@here.example)");
        look("user");
        assertThat(asked).containsExactly("user");
    }

    @Test
    void quotedLocalPartsAreTriedWithQuotesFirst() {
        look("a b@here.example");
        assertThat(asked)
                .containsExactly("\"a b\"@here.example", "a b@here.example", "(\"a b\")", "(a b)", "(@here.example)");
    }

    @Test
    void someNamesHaveNoExtension() {
        for (String name : List.of("owner-list", "list-request", "mailer-daemon", "double-bounce", "+x", "-")) {
            look(name + "@there.example");
            assertThat(asked).as(name).containsExactly(name + "@there.example", "(@there.example)");
        }
    }

    @Test
    void transportMapsTryTheDomainAndItsParents() {
        look("u+x@a.b.example", Part.FULL, Part.BARE, Part.DOMAIN, Part.DOTTED_PARENTS);
        assertThat(asked)
                .containsExactly("u+x@a.b.example", "(u@a.b.example)", "(a.b.example)", "(.b.example)", "(.example)");
        look("u@a.b.example", Part.FULL, Part.BARE, Part.DOMAIN, Part.PARENTS);
        assertThat(asked).containsExactly("u@a.b.example", "(a.b.example)", "(b.example)", "(example)");
    }

    @Test
    void accessMapsTryTheDomainAndTheUserAnywhere() {
        AccessLookup access = new AccessLookup(empty, MatchList.Parents.PLAIN, "+");
        access.address(Address.ofInternal("u+x@a.example"));
        assertThat(asked)
                .containsExactly("u+x@a.example", "(u@a.example)", "(a.example)", "(example)", "(u+x@)", "(u@)");
    }

    @Test
    void clientsAreTriedByNameAndByNetwork() {
        AccessLookup access = new AccessLookup(empty, MatchList.Parents.PLAIN, "");
        access.client("a.b.example", "192.0.2.1");
        assertThat(asked)
                .containsExactly(
                        "a.b.example", "(b.example)", "(example)", "192.0.2.1", "(192.0.2)", "(192.0)", "(192)");
        asked.clear();
        access.client("unknown", "2001:db8::1");
        assertThat(asked).containsExactly("unknown", "2001:db8::1", "(2001:db8:)", "(2001:db8)", "(2001)");
        asked.clear();
        access.domain("192.0.2.1");
        assertThat(asked).as("a bare address has no parent domains").containsExactly("192.0.2.1");
    }

    @Test
    void theExtensionThatHadToGoIsGivenBack() {
        Table table = TestTables.open("inline:{u@a.example=bare, u+y@a.example=full, v=local, @a.example=all}");
        AddressLookup lookup = new AddressLookup(table, "+", domain -> new Lookup.Found(""));
        assertThat(lookup.match(Address.ofInternal("u+x@a.example"))).isEqualTo(new Match.Found("bare", "+x"));
        assertThat(lookup.match(Address.ofInternal("U+Y@A.example"))).isEqualTo(new Match.Found("full", ""));
        assertThat(lookup.match(Address.ofInternal("v+x@a.example"))).isEqualTo(new Match.Found("local", "+x"));
        assertThat(lookup.match(Address.ofInternal("w+x@a.example"))).isEqualTo(new Match.Found("all", ""));
    }

    @Test
    void whetherADomainIsLocalMayFailForNow() {
        AddressLookup lookup = new AddressLookup(
                empty, "", domain -> new Lookup.TempFail("dead"), Part.FULL, Part.LOCAL_PART_IF_LOCAL);
        assertThat(lookup.find(Address.ofInternal("a@b.example"))).isEqualTo(new Lookup.TempFail("dead"));
    }

    @Test
    void theParameterSaysHowParentsMatch() {
        Tables tables = TestTables.tables(Map.of());
        assertThat(tables.parents("relay_domains")).isEqualTo(MatchList.Parents.PLAIN);
        assertThat(tables.parents("smtpd_access_maps")).isEqualTo(MatchList.Parents.PLAIN);
        assertThat(tables.parents("transport_maps")).isEqualTo(MatchList.Parents.DOTTED);
    }
}
