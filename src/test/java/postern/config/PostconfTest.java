package postern.config;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import postern.config.Postconf.Show;

class PostconfTest {
    @TempDir
    Path directory;

    private MainCf load(String text) throws IOException {
        Files.writeString(directory.resolve("main.cf"), text);
        return MainCf.load(directory);
    }

    private static String print(MainCf main, Show show, String... names) throws IOException {
        StringBuilder out = new StringBuilder();
        new Postconf(main).print(show, List.of(names), out);
        return out.toString();
    }

    @Test
    void settingsComeWithTheirPlaceTheirEffectAndTheirFiles() throws IOException {
        MainCf main = load("""
                biff = no
                mine = $mail_name
                virtual_alias_maps = hash:/etc/postfix/virtual,
                    texthash:/srv/more
                """);
        assertThat(print(main, Show.SET)).isEqualTo("""
                biff = no
                    # main.cf:1: no effect here, because the public server delivers to no local user
                mine = $mail_name
                    # main.cf:2: a name of your own
                virtual_alias_maps = hash:/etc/postfix/virtual, texthash:/srv/more
                    # main.cf:3: works; /etc/postfix/virtual is %s/virtual
                """.formatted(directory));
    }

    @Test
    void whatItPrintsIsMainCfAgain() throws IOException {
        MainCf main = load("mail_name = a\n  b\nmyorigin = $mydomain\n");
        MainCf again = load(print(main, Show.SET));
        assertThat(again.names()).containsExactlyInAnyOrder("mail_name", "myorigin");
        assertThat(again.text("mail_name")).isEqualTo("a b");
    }

    @Test
    void namesThatNobodyKnowsAreGivenBack() throws IOException {
        StringBuilder out = new StringBuilder();
        List<String> unknown = new Postconf(load("mail_name = x\n"))
                .print(Show.ALL, List.of("nonsense", "mail_name", "mail_owner"), out);
        assertThat(unknown).containsExactly("nonsense");
        assertThat(out.toString()).isEqualTo("mail_name = x\n    # main.cf:1: works\nmail_owner = postfix\n");
    }

    @Test
    void defaultsAreInPostconfsOwnFormat() throws IOException {
        assertThat(print(load("mail_name = x\n"), Show.DEFAULTS, "mail_name", "relayhost"))
                .isEqualTo("mail_name = Postfix\nrelayhost =\n");
    }
}
