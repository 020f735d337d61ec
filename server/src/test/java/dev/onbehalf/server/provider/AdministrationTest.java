package dev.onbehalf.server.provider;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.onbehalf.oauth1.Secret;
import java.util.List;
import java.util.Locale;
import java.util.function.UnaryOperator;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;

/** What administrators do with consumers, audited and at once in force. */
final class AdministrationTest {
  private static TestProvider provider;

  @BeforeAll
  static void start() {
    provider = TestProvider.start();
  }

  @AfterAll
  static void stop() {
    provider.close();
  }

  private static ProviderAdministration administration() {
    return provider.administration();
  }

  @Test
  @DisplayName("43: a complete record is added and serves at once")
  void addWhenValidThenServedAtOnceAndAudited() {
    Peer peer = provider.hmac(consumer -> consumer.name("Team Wiki"));

    assertThat(peer.askRequestToken("oob").statusCode()).isEqualTo(200);
    assertThat(provider.event("consumer-add").consumer()).isEqualTo(peer.key());
    assertThat(provider.event("consumer-add").person()).isEqualTo("admin");
    assertThat(provider.event("consumer-add").detail())
        .contains("Team Wiki")
        .doesNotContain(Fixtures.SHARED.reveal());
  }

  static Stream<Arguments> faults() {
    return Stream.of(
        fault(consumer -> consumer.name(" "), "name"),
        fault(consumer -> consumer.sharedSecret(Secret.of("")), "secret"),
        fault(consumer -> consumer.callbacks(List.of("")), "callback"),
        fault(consumer -> consumer.callbacks(List.of("javascript:alert(1)")), "callback"),
        fault(consumer -> consumer.twoLegged("nobody"), "not in the directory"),
        fault(consumer -> consumer.applications(List.of("elsewhere")), "no application"));
  }

  private static Arguments fault(UnaryOperator<ConsumerBuilder> wrong, String sentence) {
    return Arguments.of(wrong, sentence);
  }

  @DisplayName("43: each fault is refused with its own sentence and nothing is added")
  @ParameterizedTest
  @MethodSource("faults")
  void addWhenSomethingIsWrongThenRefusedAndNothingAdded(
      UnaryOperator<ConsumerBuilder> wrong, String sentence) {
    assertThatThrownBy(
            () ->
                administration()
                    .add(
                        TestProvider.ADMIN,
                        wrong.apply(Fixtures.hmac("faulty", provider.clock.instant())).build()))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessageContaining(sentence)
        .hasMessageEndingWith(".");
    assertThat(administration().consumer("faulty")).isEmpty();
  }

  @Test
  @DisplayName("39, 43: a taken key is refused, in any case")
  void addWhenKeyIsTakenThenRefused() {
    Peer peer = provider.hmac();

    for (String key : List.of(peer.key(), peer.key().toUpperCase(Locale.ROOT))) {
      assertThatThrownBy(
              () ->
                  administration()
                      .add(
                          TestProvider.ADMIN, Fixtures.hmac(key, provider.clock.instant()).build()))
          .isInstanceOf(IllegalArgumentException.class)
          .hasMessageContaining("already");
    }
  }

  @Test
  @DisplayName("36: an edit is in force at once, and its audit has before and after")
  void editWhenKnownThenInForceAtOnceAndAudited() {
    Peer peer = provider.rsa(consumer -> consumer.description("first"));
    assertThat(peer.askRequestToken("oob").statusCode()).isEqualTo(200);

    Consumer edited =
        administration()
            .edit(
                TestProvider.ADMIN,
                peer.key(),
                consumer -> consumer.description("second").threeLegged(false));

    assertThat(edited.description()).isEqualTo("second");
    assertThat(provider.event("consumer-edit").detail()).contains("first", "second");
    Answered.problem(peer.askRequestToken("oob"), 401, "permission_denied");
    assertThatThrownBy(
            () -> administration().edit(TestProvider.ADMIN, "unknown", consumer -> consumer))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessage("There is no consumer 'unknown'.");
  }

  @Test
  void editWhenAnApplicationLeftTheConfigurationThenTheRestCanBeEdited() {
    Peer peer = provider.rsa(consumer -> consumer.applications(List.of("ci")));
    provider
        .database()
        .execute(
            handle ->
                handle.execute(
                    "UPDATE consumer_item SET content = 'gone'"
                        + " WHERE consumer_key = ? AND kind = 'application'",
                    peer.key()));

    assertThat(
            administration()
                .edit(TestProvider.ADMIN, peer.key(), consumer -> consumer.name("Renamed"))
                .name())
        .isEqualTo("Renamed");
  }

  @Test
  @DisplayName("35: a removed consumer is gone at once, and again is no effect")
  void removeWhenKnownThenGoneAtOnce() {
    Peer peer = provider.rsa();
    assertThat(peer.askRequestToken("oob").statusCode()).isEqualTo(200);

    assertThat(administration().remove(TestProvider.ADMIN, peer.key())).isTrue();
    assertThat(administration().remove(TestProvider.ADMIN, peer.key())).isFalse();

    Answered.problem(peer.askRequestToken("oob"), 401, "consumer_key_unknown");
    assertThat(provider.event("consumer-remove").consumer()).isEqualTo(peer.key());
  }
}
