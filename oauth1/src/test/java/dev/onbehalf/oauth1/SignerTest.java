package dev.onbehalf.oauth1;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.nio.charset.StandardCharsets;
import java.security.KeyPair;
import java.security.interfaces.RSAPublicKey;
import java.time.Instant;
import java.time.InstantSource;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

class SignerTest {
  private static final KeyPair PAIR = Keys.generate(2048);
  private static final Secret CONSUMER_SECRET = Secret.of("kd94hf93k423kf44");
  private static final Secret TOKEN_SECRET = Secret.of("p&fkkdhi9sl3r4s00");
  private static final String URL = "https://ci.example.com/job/x/build";

  static Signer signer(SignatureMethod method) {
    return method.isRsa()
        ? Signer.rsa(method, "the consumer", PAIR.getPrivate())
        : Signer.hmac(method, "the consumer", CONSUMER_SECRET);
  }

  static VerificationKey key(SignatureMethod method) {
    return method.isRsa()
        ? VerificationKey.rsa(method, (RSAPublicKey) PAIR.getPublic())
        : VerificationKey.hmac(method, CONSUMER_SECRET, TOKEN_SECRET);
  }

  @ParameterizedTest
  @EnumSource
  void signWhenSentInHeaderThenVerifies(SignatureMethod method) {
    SignedParameters signed =
        signer(method).withToken("t", TOKEN_SECRET).sign("GET", URL + "?a=b+c&a=%7E&z");

    assertVerifies(method, "GET", signed.authorizationHeader("https://ci"), "a=b+c&a=%7E&z", null);
    assertVerifies(method, "GET", signed.authorizationHeader(), "a=b+c&a=%7E&z", null);
  }

  @ParameterizedTest
  @EnumSource
  void signWhenSentInQueryThenVerifies(SignatureMethod method) {
    SignedParameters signed =
        signer(method).withToken("t", TOKEN_SECRET).sign("GET", URL + "?a=b+c#x");

    assertThat(signed.url()).startsWith(URL + "?a=b+c&oauth_token=t&").endsWith("#x");
    String query = SignedParameters.queryOf(signed.url());
    assertVerifies(method, "GET", null, query, null);
  }

  @ParameterizedTest
  @EnumSource
  void signWhenSentInFormThenVerifies(SignatureMethod method) {
    byte[] form = "name=%C3%A9".getBytes(StandardCharsets.US_ASCII);
    SignedParameters signed =
        signer(method)
            .withToken("t", TOKEN_SECRET)
            .sign("POST", URL, form, Map.of("oauth_callback", "oob"));

    assertThat(signed.form()).startsWith(form);
    assertVerifies(method, "POST", null, null, signed.form());
  }

  @Test
  void formWhenNoneWasSignedThenTheParametersAlone() {
    for (byte[] none : new byte[][] {null, new byte[0]}) {
      SignedParameters signed =
          signer(SignatureMethod.HMAC_SHA1)
              .withToken("t", TOKEN_SECRET)
              .sign("POST", URL, none, Map.of());

      assertThat(new String(signed.form(), StandardCharsets.US_ASCII)).startsWith("oauth_token=t&");
      assertVerifies(SignatureMethod.HMAC_SHA1, "POST", null, null, signed.form());
    }
  }

  @Test
  void signWhenTwoLeggedThenTokenIsPresentAndEmpty() {
    SignedParameters signed = signer(SignatureMethod.RSA_SHA1).twoLegged().sign("GET", URL);

    assertThat(signed.authorizationHeader()).startsWith("OAuth oauth_token=\"\", ");
    assertThat(OAuthMessage.parse(List.of(signed.authorizationHeader()), null, null).token())
        .isEmpty();
  }

  @Test
  void signWhenClockAndNoncesGivenThenSendsThem() {
    SignedParameters signed =
        signer(SignatureMethod.HMAC_SHA256)
            .withClock(InstantSource.fixed(Instant.ofEpochSecond(1234567890)))
            .withNonces(() -> "n")
            .sign("GET", URL);

    assertThat(signed.parameters())
        .containsEntry("oauth_timestamp", "1234567890")
        .containsEntry("oauth_nonce", "n")
        .containsEntry("oauth_version", "1.0")
        .doesNotContainKey("oauth_token");
  }

  @Test
  void signWhenNoncesNotGivenThenEachDiffers() {
    Signer signer = signer(SignatureMethod.HMAC_SHA1);

    assertThat(signer.sign("GET", URL).parameters().get("oauth_nonce"))
        .hasSize(22)
        .isNotEqualTo(signer.sign("GET", URL).parameters().get("oauth_nonce"));
  }

  @Test
  void signWhenParameterIsThereAlreadyThenRefuses() {
    Signer signer = signer(SignatureMethod.HMAC_SHA1);

    assertThatThrownBy(() -> signer.sign("GET", URL + "?oauth_nonce=1"))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessageContaining("oauth_nonce");
    assertThatThrownBy(() -> signer.sign("GET", URL, null, Map.of("oauth_consumer_key", "another")))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessageContaining("oauth_consumer_key");
  }

  @Test
  void signWhenUrlIsNoneThenRefuses() {
    Signer signer = signer(SignatureMethod.HMAC_SHA1);

    for (String url : List.of("/job", "ftp://x/", "https://", "https://u:p@x/", "http://x/?%zz")) {
      assertThatThrownBy(() -> signer.sign("GET", url))
          .isInstanceOf(IllegalArgumentException.class);
    }
  }

  @Test
  void toStringThenShowsNoSecret() {
    Signer signer = signer(SignatureMethod.HMAC_SHA1).withToken("tok", TOKEN_SECRET);

    assertThat(signer).hasToString("Signer[HMAC-SHA1, the consumer]");
    assertThat(signer.sign("GET", URL).toString())
        .contains("oauth_nonce", "oauth_signature")
        .doesNotContain("tok\"", "kd94");
  }

  private static void assertVerifies(
      SignatureMethod method,
      String httpMethod,
      @Nullable String header,
      @Nullable String query,
      byte @Nullable [] form) {
    OAuthMessage message =
        OAuthMessage.parse(header == null ? List.of() : List.of(header), query, form);

    assertThat(
            SignatureVerifier.verify(
                message, httpMethod, List.of("http://other.example.com/", URL), key(method)))
        .isEqualTo(URL);
    assertThatThrownBy(() -> SignatureVerifier.verify(message, "PUT", List.of(URL), key(method)))
        .isInstanceOfSatisfying(
            OAuthProblemException.class,
            e -> assertThat(e.problem()).isEqualTo(OAuthProblem.SIGNATURE_INVALID));
  }
}
