package dev.onbehalf.server.provider;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

import dev.onbehalf.oauth1.Secret;
import dev.onbehalf.oauth1.SignatureMethod;
import dev.onbehalf.server.access.Permissions;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

final class ConsumerTest {
  private static final Instant NOW = Instant.parse("2026-11-21T10:00:00Z");

  @DisplayName("38: keys of letters, digits and - _ : . are taken")
  @ParameterizedTest
  @ValueSource(strings = {"Key-with-dash", "jira:3f2a9c", "a", "com.example.Jira_1"})
  void buildWhenKeyIsPlainThenTaken(String key) {
    assertThat(Fixtures.hmac(key, NOW).build().key()).isEqualTo(key);
  }

  @DisplayName("39: other keys are refused, each with its reason")
  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "''|missing",
        "Key with spaces|letters, digits",
        "---|starts with",
        "..|starts with",
        "a/b|letters, digits",
        "ключ|letters, digits",
        "a%2f|letters, digits",
      })
  void buildWhenKeyIsNotPlainThenRefused(String key, String reason) {
    assertThatIllegalArgumentException()
        .isThrownBy(() -> Fixtures.hmac(key, NOW).build())
        .withMessageContaining(reason);
  }

  @Test
  void buildWhenKeyIsTooLongThenRefused() {
    assertThat(Fixtures.hmac("a".repeat(255), NOW).name("n").build().key()).hasSize(255);
    assertThatIllegalArgumentException()
        .isThrownBy(() -> Fixtures.hmac("a".repeat(256), NOW).name("n").build())
        .withMessageContaining("255");
  }

  @DisplayName("40: name and secret must not be empty, nor the secret short")
  @ParameterizedTest
  @ValueSource(strings = {"", "   ", "left\u202Eright", "line\nbreak", "zero\u200Bwidth"})
  void buildWhenNameMisleadsThenRefused(String name) {
    assertThatIllegalArgumentException()
        .isThrownBy(() -> Fixtures.hmac("key", NOW).name(name).build())
        .withMessageContaining("name");
  }

  @Test
  void buildWhenNameIsHugeThenRefused() {
    assertThatIllegalArgumentException()
        .isThrownBy(() -> Fixtures.hmac("key", NOW).name("n".repeat(10_000)).build());
  }

  @ParameterizedTest
  @ValueSource(strings = {"", "short", "fifteen-letters"})
  void sharedSecretWhenShorterThanSixteenThenRefused(String secret) {
    assertThatIllegalArgumentException()
        .isThrownBy(() -> Fixtures.hmac("key", NOW).sharedSecret(Secret.of(secret)))
        .withMessageContaining("shared secret");
  }

  @Test
  void buildWhenCredentialsDoNotFitTheMethodThenRefused() {
    assertThatIllegalArgumentException()
        .isThrownBy(() -> new ConsumerBuilder("key", NOW).name("n").build())
        .withMessageContaining("needs a public key");
    assertThatIllegalArgumentException()
        .isThrownBy(
            () ->
                new ConsumerBuilder("key", NOW)
                    .name("n")
                    .signatureMethod(SignatureMethod.HMAC_SHA256)
                    .build())
        .withMessageContaining("needs a shared secret");
    assertThatIllegalArgumentException()
        .isThrownBy(() -> Fixtures.rsa("key", NOW).sharedSecret(Fixtures.SHARED).build())
        .withMessageContaining("takes no shared secret");
    assertThatIllegalArgumentException()
        .isThrownBy(() -> Fixtures.hmac("key", NOW).publicKey(Fixtures.publicKey()).build())
        .withMessageContaining("takes no public key");
  }

  @Test
  void buildWhenThreeSecretsAreLiveThenRefused() {
    ConsumerBuilder builder =
        Fixtures.hmac("key", NOW).nextSharedSecret(Secret.of("the-second-live-secret"));
    assertThat(builder.build().sharedSecrets()).hasSize(2);
    assertThatIllegalArgumentException()
        .isThrownBy(() -> builder.nextSharedSecret(Secret.of("the-third-live-secret")).build())
        .withMessageContaining("at most two");
  }

  @Test
  void retireWhenOneOfTwoSecretsThenTheOtherStays() {
    Consumer two =
        Fixtures.hmac("key", NOW).nextSharedSecret(Secret.of("the-second-live-secret")).build();
    ConsumerSecret old = two.sharedSecrets().get(1);

    Consumer one = new ConsumerBuilder(two, NOW).retire(old.id()).build();

    assertThat(one.sharedSecrets()).containsExactly(two.sharedSecrets().get(0));
    assertThatIllegalArgumentException()
        .isThrownBy(() -> new ConsumerBuilder(one, NOW).retire(old.id()));
  }

  @Test
  void buildWhenTwoLeggedWithoutUserThenRefused() {
    assertThatIllegalArgumentException()
        .isThrownBy(() -> Fixtures.hmac("key", NOW).twoLegged("").build())
        .withMessageContaining("nothing runs as nobody");
  }

  @Test
  void buildWhenLimitsAreTooShortThenRefused() {
    assertThatIllegalArgumentException()
        .isThrownBy(() -> Fixtures.hmac("key", NOW).tokenLife(Duration.ofSeconds(1)).build());
    assertThatIllegalArgumentException()
        .isThrownBy(() -> Fixtures.hmac("key", NOW).idleLimit(Duration.ZERO).build());
  }

  @Test
  void warningsWhenSomethingIsWeakThenSaid() {
    assertThat(
            Fixtures.hmac("key", NOW)
                .callbacks(List.of("https://jira.example.com/cb"))
                .build()
                .warnings())
        .isEmpty();
    assertThat(
            Fixtures.hmac("key", NOW)
                .legacyFlow(true)
                .impersonation(true)
                .callbacks(List.of())
                .build()
                .warnings())
        .hasSize(3);
    assertThat(Fixtures.hmac("key", NOW).build().warnings()).hasSize(1);
  }

  @Test
  void toStringWhenSecretsAreLiveThenMasked() {
    assertThat(Fixtures.hmac("key", NOW).build().toString())
        .doesNotContain(Fixtures.SHARED.reveal());
  }

  @ParameterizedTest
  @ValueSource(
      strings = {"everything", "read-only", "trigger-builds", "GET,POST /job/team/**", "* /job/*"})
  void parseWhenPermissionIsKnownThenPrintedTheSame(String text) {
    assertThat(Permissions.parse(List.of(text)).texts()).containsExactly(text);
  }

  @ParameterizedTest
  @ValueSource(strings = {"", "all", "get /x", "GET x", "GET /a b", "GET /a?b", "GET"})
  void parseWhenPermissionIsMalformedThenRefused(String text) {
    assertThatIllegalArgumentException().isThrownBy(() -> Permissions.parse(List.of(text)));
  }
}
