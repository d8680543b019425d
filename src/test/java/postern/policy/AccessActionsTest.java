package postern.policy;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import postern.address.Address;
import postern.smtp.Directive;
import postern.smtp.Reply;

class AccessActionsTest {
    @Test
    void collectsWhatIsToBeDoneWithTheMessageAndSaysSoInTheLog() {
        Setting setting = sender("HOLD", "PREPEND X-Note: a b", "FILTER smtp:[127.0.0.1]:26", "REDIRECT x@example.com")
                .add("smtpd_data_restrictions = check_sender_access inline:{ { a@b.example = BCC y@example.com } }");
        RestrictionLists policy = setting.policy();

        assertThat(policy.rcpt(Request.to("u@example.com")))
                .isEqualTo(new Verdict.Accept(java.util.List.of(
                        new Directive.Hold("triggers HOLD action"),
                        new Directive.Prepend("X-Note: a b"),
                        new Directive.Filter("smtp:[127.0.0.1]:26"),
                        new Directive.Redirect(Address.ofInternal("x@example.com")))));
        assertThat(policy.data(Request.to("u@example.com")))
                .isEqualTo(
                        new Verdict.Accept(java.util.List.of(new Directive.Bcc(Address.ofInternal("y@example.com")))));
        String tail = "; from=<a@b.example> to=<u@example.com> proto=SMTP helo=<client.example>";
        assertThat(setting.log)
                .containsExactly(
                        "NOQUEUE: hold: RCPT from client.example[198.51.100.1]: <a@b.example>: Sender address triggers HOLD action"
                                + tail,
                        "NOQUEUE: filter: RCPT from client.example[198.51.100.1]: <a@b.example>: Sender address triggers FILTER smtp:[127.0.0.1]:26"
                                + tail,
                        "NOQUEUE: redirect: RCPT from client.example[198.51.100.1]: <a@b.example>: Sender address triggers REDIRECT x@example.com"
                                + tail,
                        "NOQUEUE: bcc: DATA from client.example[198.51.100.1]: <a@b.example>: Sender address triggers BCC y@example.com"
                                + tail);
    }

    @Test
    void throwsAwayWithoutAskingFurther() {
        Setting setting = sender("DISCARD silently", "REJECT");

        assertThat(setting.policy().rcpt(Request.to("u@elsewhere.example")))
                .isEqualTo(new Verdict.Accept(java.util.List.of(new Directive.Discard("silently"))));
    }

    @Test
    void logsInfoAndWarn() {
        Setting setting = sender("INFO look here", "WARN and there");
        setting.policy().rcpt(Request.to("u@example.com"));

        assertThat(setting.log)
                .containsExactly(
                        "NOQUEUE: info: RCPT from client.example[198.51.100.1]: look here; from=<a@b.example> to=<u@example.com> proto=SMTP helo=<client.example>",
                        "NOQUEUE: warn: RCPT from client.example[198.51.100.1]: and there; from=<a@b.example> to=<u@example.com> proto=SMTP helo=<client.example>");
    }

    @Test
    void logsWhatItWouldHaveRejected() {
        Setting setting = Setting.guide().add("smtpd_sender_restrictions = warn_if_reject reject_non_fqdn_sender");

        assertThat(setting.policy().rcpt(Request.to("u@example.com").from("a@b")))
                .isEqualTo(Verdict.ACCEPT);
        assertThat(setting.log)
                .containsExactly(
                        "NOQUEUE: reject_warning: RCPT from client.example[198.51.100.1]: 504 5.5.2 <a@b>: Sender address rejected: need fully-qualified address; from=<a@b> to=<u@example.com> proto=SMTP helo=<client.example>");
    }

    @ParameterizedTest
    @ValueSource(strings = {"FILTER", "FILTER nowhere", "REDIRECT x", "BCC x", "PREPEND nothing", "PREPEND a b: c"})
    void passesOverAnActionThatIsIncompleteAndWarns(String action) {
        Setting setting = sender(action);

        assertThat(setting.policy().rcpt(Request.to("u@example.com"))).isEqualTo(Verdict.ACCEPT);
        assertThat(setting.log).singleElement().asString().startsWith("warning: access table static:");
    }

    /// CR, LF and NUL in what a table says never make two replies, or two header lines.
    @Test
    void makesOneReplyAndOneHeaderLineOfWhateverATableSays() {
        Verdict refused = rejecting("REJECT no\r\n250 2.0.0 yes\0\u0085" + "x".repeat(10_000));
        assertThat(refused).isInstanceOfSatisfying(Verdict.Refuse.class, verdict -> {
            Reply reply = verdict.reply();
            assertThat(reply.lines()).singleElement().asString().doesNotContainPattern("[\\p{Cntrl}\u0085]");
            assertThat(reply.wire().length()).isLessThan(512);
        });
        assertThat(rejecting("PREPEND X: a\r\nBcc: b"))
                .isEqualTo(new Verdict.Accept(java.util.List.of(new Directive.Prepend("X: a??Bcc: b"))));
    }

    @Test
    void doesNotFollowATableThatLeadsToItself() {
        Setting setting = Setting.guide()
                .add("smtpd_restriction_classes = again")
                .add("again = check_sender_access static:{again}")
                .add("smtpd_sender_restrictions = again");

        assertThat(Setting.reply(setting.policy().rcpt(Request.to("u@example.com"))))
                .isEqualTo("451 4.3.5 Server configuration error");
    }

    private static Verdict rejecting(String value) {
        PolicyContext context = contextOf(Setting.guide());
        SenderLogin logins = new SenderLogin(context);
        AccessActions actions = new AccessActions(context, new RestrictionCompiler(context, logins));
        Check check = new Check(Request.to("u@example.com"), Where.RCPT, context);
        actions.apply(check, new AccessActions.Found("table", "key", Subject.SENDER, "a@b.example"), value);
        return check.verdict();
    }

    private static PolicyContext contextOf(Setting setting) {
        var tables = setting.tables();
        return new PolicyContext(
                tables,
                new postern.rewrite.Routes(tables.context().conf(), tables),
                setting.resolver,
                null,
                "smtpd",
                new java.util.ArrayList<>());
    }

    private static Setting sender(String... values) {
        StringBuilder restrictions = new StringBuilder("smtpd_sender_restrictions =");
        for (String value : values) {
            restrictions.append(" check_sender_access { static:{").append(value).append("} }");
        }
        return Setting.guide().add(restrictions.toString());
    }
}
