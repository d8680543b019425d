package postern.policy;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;

class AddressVerificationTest {
    private static final Probe.Answer DELIVERABLE = new Probe.Answer.Deliverable();
    private static final Probe.Answer UNDELIVERABLE =
            new Probe.Answer.Undeliverable("host home[192.168.2.3] said: 550 5.1.1 no such user");
    private static final Probe.Answer DOWN = new Probe.Answer.Unknown("connect to home: Connection refused");

    private final List<String> asked = new ArrayList<>();
    private final Map<String, Probe.Answer> answers = new HashMap<>(
            Map.of("known@example.com", DELIVERABLE, "unknown@example.com", UNDELIVERABLE, "down@example.com", DOWN));
    private final Setting setting = Setting.guide().add("smtpd_recipient_restrictions = reject_unverified_recipient");

    AddressVerificationTest() {
        setting.probe = address -> {
            synchronized (asked) {
                asked.add(address.internal());
            }
            return answers.getOrDefault(address.internal(), DOWN);
        };
    }

    @Test
    void refusesARecipientTheNextHopRefuses() {
        RestrictionLists policy = setting.policy();

        assertThat(answer(policy, "known@example.com")).isEqualTo("accept");
        assertThat(answer(policy, "unknown@example.com"))
                .isEqualTo(
                        "450 4.1.1 <unknown@example.com>: Recipient address rejected: undeliverable address: host home[192.168.2.3] said: 550 5.1.1 no such user");
        assertThat(answer(policy, "down@example.com"))
                .isEqualTo(
                        "450 4.1.1 <down@example.com>: Recipient address rejected: unverified address: connect to home: Connection refused");
    }

    @Test
    void refusesForGoodAndWithoutTheNextHopsWordsWhenToldSo() {
        RestrictionLists policy = setting.add("unverified_recipient_reject_code = 550")
                .add("unverified_recipient_reject_reason = no such address")
                .policy();

        assertThat(answer(policy, "unknown@example.com"))
                .isEqualTo(
                        "550 5.1.1 <unknown@example.com>: Recipient address rejected: undeliverable address: no such address");
    }

    @Test
    void remembersAnswersAndAsksAnewWhenTheyAreOld() {
        RestrictionLists policy = setting.policy();
        answer(policy, "known@example.com");
        answer(policy, "unknown@example.com");
        setting.now = setting.now.plus(Duration.ofHours(2));
        answer(policy, "known@example.com");
        answer(policy, "unknown@example.com");
        assertThat(asked).containsExactly("known@example.com", "unknown@example.com");

        setting.now = setting.now.plus(Duration.ofDays(4));
        answer(policy, "known@example.com");
        answer(policy, "unknown@example.com");
        assertThat(asked)
                .as("the refusal is over, the permission still young")
                .containsExactly("known@example.com", "unknown@example.com", "unknown@example.com");

        setting.now = setting.now.plus(Duration.ofDays(40));
        answers.put("known@example.com", UNDELIVERABLE);
        assertThat(answer(policy, "known@example.com")).startsWith("450 4.1.1");
    }

    @Test
    void answersFromMemoryWhileItAsksAnew() throws InterruptedException {
        CountDownLatch askedAnew = new CountDownLatch(2);
        setting.probe = address -> {
            askedAnew.countDown();
            return DELIVERABLE;
        };
        RestrictionLists policy = setting.policy();
        answer(policy, "known@example.com");
        setting.now = setting.now.plus(Duration.ofDays(8));

        assertThat(answer(policy, "known@example.com")).isEqualTo("accept");
        assertThat(askedAnew.await(10, TimeUnit.SECONDS)).isTrue();
    }

    @Test
    void neverRemembersThatItCouldNotAsk() {
        RestrictionLists policy = setting.policy();
        answer(policy, "down@example.com");
        answers.put("down@example.com", DELIVERABLE);

        assertThat(answer(policy, "down@example.com")).isEqualTo("accept");
    }

    @Test
    void doesNotWaitLongerThanItsPatience() {
        CountDownLatch hanging = new CountDownLatch(1);
        setting.probe = address -> {
            try {
                hanging.await();
            } catch (InterruptedException e) {
                // the test is over
            }
            return DELIVERABLE;
        };
        RestrictionLists policy = setting.add("address_verify_poll_delay = 0s").policy();

        assertThat(answer(policy, "known@example.com"))
                .isEqualTo(
                        "450 4.1.1 <known@example.com>: Recipient address rejected: unverified address: Address verification in progress");
        hanging.countDown();
    }

    @Test
    void verifiesSendersToo() {
        RestrictionLists policy = setting.add("smtpd_recipient_restrictions = reject_unverified_sender")
                .policy();

        assertThat(Setting.reply(policy.rcpt(Request.to("u@example.com").from("unknown@example.com"))))
                .startsWith("450 4.1.7 <unknown@example.com>: Sender address rejected: undeliverable address:");
        assertThat(Setting.reply(policy.rcpt(Request.to("u@example.com").from(""))))
                .isEqualTo("accept");
    }

    private static String answer(RestrictionLists policy, String recipient) {
        return Setting.reply(policy.rcpt(Request.to(recipient)));
    }
}
