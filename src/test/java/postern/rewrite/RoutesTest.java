package postern.rewrite;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Path;
import java.util.HashMap;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import postern.address.Address;
import postern.config.MainCf;
import postern.lookup.TableContext;
import postern.lookup.Tables;
import postern.rewrite.Resolved.AddressClass;

class RoutesTest {
    private static final Map<String, String> BASE = Map.of(
            "append_dot_mydomain", "no",
            "myorigin", "example.com",
            "mydestination", "localhost",
            "local_transport", "error:local mail delivery is disabled",
            "local_recipient_maps", "",
            "virtual_alias_maps", "",
            "virtual_mailbox_domains", "",
            "relay_domains", "localhost, example.com",
            "transport_maps", "inline:{ example.com=relay:[192.168.2.3]:25 }");

    private static Routes routes(String... more) {
        Map<String, String> settings = new HashMap<>(BASE);
        for (int i = 0; i < more.length; i += 2) {
            settings.put(more[i], more[i + 1]);
        }
        MainCf conf = MainCf.of(Path.of("/nowhere"), settings);
        return new Routes(conf, new Tables(TableContext.of(conf)));
    }

    @Test
    void nextHopThatNoRouteNamesIsTold() {
        assertThat(objection("[192.168.2.3]:25")).isNull();
        assertThat(objection("192.168.2.3:25"))
                .isEqualTo(
                        "no mail goes to \"192.168.2.3:25\" as it is written here: \"[192.168.2.3]:25\" is how the routes have it");
        assertThat(objection("[192.168.2.3]")).contains("\"[192.168.2.3]:25\"");
        assertThat(objection("[192.168.2.4]:25"))
                .isEqualTo("no mail goes to \"[192.168.2.4]:25\": neither relay_transport nor transport_maps name it");
        assertThat(objection("example.com")).as("of relay_domains").isNull();
        assertThat(objection("example.org")).isNotNull();
        assertThat(objection("[relay.example]", "relayhost", "[relay.example]")).isNull();
        assertThat(objection("[lmtp.example]", "relay_transport", "lmtp:[lmtp.example]"))
                .isNull();
        assertThat(objection("[192.168.2.4]:25", "transport_maps", "regexp:{{/./ relay:[192.168.2.5]}}"))
                .as("cannot be known")
                .isNull();
    }

    private static @Nullable String objection(String nextHop, String... more) {
        Map<String, String> settings = new HashMap<>(BASE);
        for (int i = 0; i < more.length; i += 2) {
            settings.put(more[i], more[i + 1]);
        }
        MainCf conf = MainCf.of(Path.of("/nowhere"), settings);
        return new NextHops(conf, new Tables(TableContext.of(conf)), routes(more)).objection(nextHop);
    }

    private static Resolved resolve(Routes routes, String recipient) {
        return routes.resolve(postern.address.Path.NULL, Address.ofInternal(recipient));
    }

    @Test
    void theGuidesDomainGoesToThePrivateServerAndTheRestToTheInternet() {
        assertThat(resolve(routes(), "a@example.com"))
                .isEqualTo(new Resolved.To(
                        AddressClass.RELAY, "relay", "[192.168.2.3]:25", Address.ofInternal("a@example.com")));
        assertThat(resolve(routes(), "a@example.org"))
                .isEqualTo(new Resolved.To(
                        AddressClass.DEFAULT, "smtp", "example.org", Address.ofInternal("a@example.org")));
        assertThat(resolve(routes(), "a@localhost"))
                .isEqualTo(new Resolved.To(
                        AddressClass.LOCAL,
                        "error",
                        "local mail delivery is disabled",
                        Address.ofInternal("a@localhost")));
    }

    @Test
    void unlistedRelayRecipientsAreNamedWithTheirTable() {
        Routes routes = routes("relay_recipient_maps", "inline:{ a@example.com=x }");
        assertThat(routes.known(Address.ofInternal("A@Example.com"))).isEqualTo(Listing.LISTED);
        assertThat(routes.known(Address.ofInternal("b@example.com")))
                .isEqualTo(new Listing.Unlisted(AddressClass.RELAY, "", "5.1.1 User unknown in relay recipient table"));
        assertThat(routes("relay_recipient_maps", "fail:x").known(Address.ofInternal("b@example.com")))
                .isInstanceOf(Listing.TempFail.class);
    }
}
