package dev.onbehalf.oauth1;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.nio.charset.StandardCharsets;
import java.util.Base64;
import java.util.List;
import java.util.Random;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.ValueSource;

class SmallPartsTest {

  @ParameterizedTest
  @CsvSource({
    "'', ''",
    "abcXYZ019-._~, abcXYZ019-._~",
    "' ', %20",
    "+, %2B",
    "*, %2A",
    "%, %25",
    "a/b, a%2Fb",
    "'\u0000\u007f', %00%7F",
    "\u00e9, %C3%A9",
    "\u20ac, %E2%82%AC",
    "\ud83d\ude00, %F0%9F%98%80",
    "\ud83d, %3F"
  })
  void encodeWhenTextThenPercentEncoded(String text, String expected) {
    assertThat(PercentEncoding.encode(text)).isEqualTo(expected);
  }

  @ParameterizedTest
  @EnumSource
  void namedWhenKnownThenFound(SignatureMethod method) {
    assertThat(SignatureMethod.named(method.parameterValue())).isEqualTo(method);
  }

  @ParameterizedTest
  @ValueSource(strings = {"", "PLAINTEXT", "rsa-sha1", "RSA_SHA1", "RSA-SHA512"})
  void namedWhenUnknownThenNull(String name) {
    assertThat(SignatureMethod.named(name)).isNull();
    assertThat(SignatureMethod.named(null)).isNull();
  }

  @Test
  void secretWhenPrintedThenMasked() {
    assertThat(Secret.of("hidden")).hasToString("Secret[masked]").isEqualTo(Secret.of("hidden"));
    assertThat(Secret.of("hidden")).isNotEqualTo(Secret.of("other")).isNotEqualTo("hidden");
    assertThat(Secret.of("hidden")).hasSameHashCodeAs(Secret.of("hidden"));
    assertThat(Secret.of("hidden")).doesNotHaveSameHashCodeAs(Secret.of("other"));
    assertThat(Secret.of("hidden").reveal()).isEqualTo("hidden");
    assertThat(Secret.of("").isEmpty()).isTrue();
    assertThat(Secret.of("x").isEmpty()).isFalse();
  }

  @Test
  void strictBase64WhenCanonicalThenAsTheJdk() {
    Random random = new Random(1);
    for (int length = 0; length < 100; length++) {
      byte[] bytes = new byte[length];
      random.nextBytes(bytes);
      byte[] text = encoded(Base64.getEncoder().encodeToString(bytes));

      assertThat(StrictBase64.decode(text, 0, text.length, length)).isEqualTo(bytes);
      assertThat(StrictBase64.decode(text, 0, text.length, length + 1)).isNull();
      if (length > 0) {
        assertThat(StrictBase64.decode(text, 0, text.length, length - 1)).isNull();
      }
    }
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "QQ",
        "QQ=",
        "QQ===",
        "QQ=A",
        "QQ==A",
        "QQ=%3D",
        "Q===",
        "====",
        "QR==",
        "Q Q==",
        "QQ==QQ==",
        "QQ=abc",
        "QQ= ",
        "QQ=:",
        "QQA=",
        "",
        "A",
        "Q-==",
        "QQQQ"
      })
  void strictBase64WhenNotCanonicalThenNull(String text) {
    byte[] in = encoded(text);

    assertThat(StrictBase64.decode(in, 0, in.length, 1)).isNull();
  }

  @Test
  void bodyHashWhenSentThenChecked() {
    byte[] body = "Hello World!".getBytes(StandardCharsets.US_ASCII);
    OAuthMessage message =
        OAuthMessage.parse(
            List.of("OAuth oauth_body_hash=\"Lve95gjOVATpfV8EL5X4nxwjKHE%3D\""), null, null);

    BodyHash.check(message, SignatureMethod.HMAC_SHA1, body);
    assertRejected(message, SignatureMethod.RSA_SHA256, body, "not the one");
    assertRejected(message, SignatureMethod.HMAC_SHA1, new byte[0], "not the one");
    assertRejected(message, SignatureMethod.HMAC_SHA1, null, "a form body must not");
  }

  @Test
  void bodyHashWhenNotSentThenAnything() {
    OAuthMessage message = OAuthMessage.parse(List.of(), null, null);

    BodyHash.check(message, SignatureMethod.HMAC_SHA1, new byte[1]);
    BodyHash.check(message, SignatureMethod.HMAC_SHA1, null);
    assertThat(BodyHash.of(SignatureMethod.RSA_SHA256, new byte[0]))
        .isEqualTo("47DEQpj8HBSa+/TImW+5JCeuQeRkm5NMpJWZG3hSuFU=");
  }

  private static void assertRejected(
      OAuthMessage message, SignatureMethod method, byte @Nullable [] body, String why) {
    assertThatThrownBy(() -> BodyHash.check(message, method, body))
        .hasMessageContaining(why)
        .isInstanceOfSatisfying(
            OAuthProblemException.class,
            e ->
                assertThat(e.parameters())
                    .containsEntry("oauth_parameters_rejected", "oauth_body_hash"));
  }

  private static byte[] encoded(String text) {
    return PercentEncoding.encode(text).getBytes(StandardCharsets.US_ASCII);
  }
}
