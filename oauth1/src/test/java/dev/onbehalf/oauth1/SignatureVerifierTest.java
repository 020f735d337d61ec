package dev.onbehalf.oauth1;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.math.BigInteger;
import java.nio.charset.StandardCharsets;
import java.security.PrivateKey;
import java.security.interfaces.RSAPublicKey;
import java.util.Base64;
import java.util.List;
import java.util.concurrent.atomic.AtomicInteger;
import org.assertj.core.api.ThrowableAssert.ThrowingCallable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.ValueSource;

class SignatureVerifierTest {
  private static final String URL = "https://ci.example.com/job/x";
  private static final Secret SECRET = Secret.of("consumer secret");
  private static final VerificationKey RSA =
      VerificationKey.rsa(SignatureMethod.RSA_SHA1, TestKeys.PUBLIC);

  @ParameterizedTest
  @ValueSource(
      strings = {
        "",
        "PLAINTEXT",
        "HMAC-SHA1",
        "HMAC-SHA256",
        "RSA-SHA256",
        "RSA-SHA512",
        "rsa-sha1",
        "RSA-SHA1 ",
        "RSA_SHA1",
        "none",
        "SHA1withRSA"
      })
  void verifyWhenSenderNamesAnotherMethodThenRefusesBeforeTheKeyIsUsed(String method) {
    AtomicInteger uses = new AtomicInteger();
    VerificationKey key =
        VerificationKey.rsa(SignatureMethod.RSA_SHA1, TestKeys.PUBLIC, counting(uses));
    OAuthMessage message =
        query(
            "oauth_consumer_key=c&oauth_timestamp=1&oauth_nonce=n&oauth_signature=AAAA"
                + "&oauth_version=9&oauth_signature_method="
                + PercentEncoding.encode(method));

    assertProblem(OAuthProblem.SIGNATURE_METHOD_REJECTED, () -> verify(message, key));
    assertThat(uses).hasValue(0);
  }

  @ParameterizedTest
  @EnumSource
  void verifyWhenMethodIsSwappedForAnotherSupportedOneThenRefuses(SignatureMethod sent) {
    VerificationKey hmac = VerificationKey.hmac(SignatureMethod.HMAC_SHA1, SECRET, Secret.of(""));
    OAuthMessage message =
        query(
            "oauth_consumer_key=c&oauth_timestamp=1&oauth_nonce=n&oauth_signature=AAAA"
                + "&oauth_signature_method="
                + sent.parameterValue());

    assertProblem(
        sent == SignatureMethod.HMAC_SHA1
            ? OAuthProblem.SIGNATURE_INVALID
            : OAuthProblem.SIGNATURE_METHOD_REJECTED,
        () -> verify(message, hmac));
  }

  @ParameterizedTest
  @ValueSource(strings = {"", "1", "1.1", "2.0", "1.0a", "1.0A", " 1.0"})
  void verifyWhenVersionIsNotOneThenRefusesWithAcceptableOnes(String version) {
    OAuthMessage message =
        query(
            "oauth_consumer_key=c&oauth_timestamp=1&oauth_nonce=n&oauth_signature=AAAA"
                + "&oauth_signature_method=RSA-SHA1&oauth_version="
                + PercentEncoding.encode(version));

    assertThatThrownBy(() -> verify(message, RSA))
        .isInstanceOfSatisfying(
            OAuthProblemException.class,
            e -> {
              assertThat(e.problem()).isEqualTo(OAuthProblem.VERSION_REJECTED);
              assertThat(e.parameters()).containsEntry("oauth_acceptable_versions", "1.0-1.0");
            });
  }

  @Test
  void verifyWhenVersionIsAbsentThenAccepts() {
    SignedParameters signed = signer().sign("GET", URL);
    VerificationKey key = VerificationKey.hmac(SignatureMethod.HMAC_SHA256, SECRET, Secret.of(""));
    String base =
        query(SignedParameters.queryOf(signed.url()))
            .baseString("GET", URL)
            .replace("%26oauth_version%3D1.0", "");
    String signature =
        Base64.getEncoder()
            .encodeToString(
                VerificationKey.mac(
                        VerificationKey.hmacKey(SignatureMethod.HMAC_SHA256, SECRET, Secret.of("")))
                    .doFinal(base.getBytes(StandardCharsets.US_ASCII)));
    String query =
        SignedParameters.queryOf(signed.url())
                .replace("&oauth_version=1.0", "")
                .replaceFirst("oauth_signature=.*", "oauth_signature=")
            + PercentEncoding.encode(signature);

    assertThat(verify(query(query), key)).isEqualTo(URL);
  }

  @ParameterizedTest
  @CsvSource({
    "oauth_consumer_key",
    "oauth_signature_method",
    "oauth_signature",
    "oauth_timestamp",
    "oauth_nonce"
  })
  void verifyWhenRequiredParameterIsAbsentThenNamesIt(String name) {
    String all =
        "oauth_consumer_key=c&oauth_timestamp=1&oauth_nonce=n&oauth_signature=AAAA"
            + "&oauth_signature_method=RSA-SHA1";

    assertThatThrownBy(() -> verify(query(all.replace(name + "=", "x=")), RSA))
        .isInstanceOfSatisfying(
            OAuthProblemException.class,
            e -> assertThat(e.parameters()).containsEntry("oauth_parameters_absent", name));
  }

  @Test
  void verifyWhenTheSignatureIsTheFirstParameterThenAccepts() {
    String query = SignedParameters.queryOf(signer().sign("GET", URL).url());
    int signature = query.indexOf("oauth_signature=");
    VerificationKey key = VerificationKey.hmac(SignatureMethod.HMAC_SHA256, SECRET, Secret.of(""));

    assertThat(
            verify(
                query(query.substring(signature) + "&" + query.substring(0, signature - 1)), key))
        .isEqualTo(URL);
  }

  @Test
  void verifyWhenSeveralUrlsThenOneRsaOperation() {
    AtomicInteger uses = new AtomicInteger();
    VerificationKey key =
        VerificationKey.rsa(SignatureMethod.RSA_SHA1, TestKeys.PUBLIC, counting(uses));
    OAuthMessage message =
        header(
            Signer.rsa(SignatureMethod.RSA_SHA1, "c", TestKeys.PRIVATE)
                .sign("GET", URL)
                .authorizationHeader());
    List<String> urls =
        List.of("http://ci.example.com/job/x", "https://ci/job/x", URL, "https://last/");

    assertThat(SignatureVerifier.verify(message, "GET", urls, key)).isEqualTo(URL);
    assertThat(uses).hasValue(1);
    assertThat(SignatureVerifier.matchingUrl(message, "GET", List.of("http://x/"), key)).isNull();
    assertThat(uses).hasValue(2);
  }

  @Test
  void verifyWhenAnythingSignedIsChangedThenRefuses() {
    String header = signer().sign("GET", URL + "?a=1").authorizationHeader();
    VerificationKey key = VerificationKey.hmac(SignatureMethod.HMAC_SHA256, SECRET, Secret.of(""));

    assertThat(
            SignatureVerifier.verify(
                OAuthMessage.parse(List.of(header), "a=1", null), "GET", List.of(URL), key))
        .isEqualTo(URL);
    for (String query : List.of("", "a=2", "a=1&b", "b=1")) {
      assertInvalid(header, query, "GET", URL, key);
    }
    assertInvalid(header, "a=1", "POST", URL, key);
    assertInvalid(header, "a=1", "GET", URL + "/", key);
    assertInvalid(header, "a=1", "GET", URL.replace("https", "http"), key);
    assertInvalid(header.replace("\"c\"", "\"d\""), "a=1", "GET", URL, key);
    assertInvalid(
        header,
        "a=1",
        "GET",
        URL,
        VerificationKey.hmac(SignatureMethod.HMAC_SHA256, Secret.of("other"), Secret.of("")));
    assertInvalid(
        header,
        "a=1",
        "GET",
        URL,
        VerificationKey.hmac(SignatureMethod.HMAC_SHA256, SECRET, Secret.of("token secret")));
  }

  @Test
  void verifyWhenUnsignedExtraIsAddedThenRefuses() {
    String header = signer().twoLegged().sign("GET", URL).authorizationHeader();
    VerificationKey key = VerificationKey.hmac(SignatureMethod.HMAC_SHA256, SECRET, Secret.of(""));

    assertInvalid(header, "xoauth_requestor_id=admin", "GET", URL, key);
  }

  @Test
  void verifyWhenMacIsTruncatedOrExtendedThenRefuses() {
    SignedParameters signed = signer().sign("GET", URL);
    VerificationKey key = VerificationKey.hmac(SignatureMethod.HMAC_SHA256, SECRET, Secret.of(""));
    String query = SignedParameters.queryOf(signed.url());

    assertThat(verify(query(query), key)).isEqualTo(URL);
    assertProblem(
        OAuthProblem.SIGNATURE_INVALID,
        () -> verify(query(query.replaceFirst("oauth_signature=.*", "oauth_signature=")), key));
    assertProblem(
        OAuthProblem.SIGNATURE_INVALID, () -> verify(query(query.replaceFirst("%3D$", "")), key));
    assertProblem(OAuthProblem.SIGNATURE_INVALID, () -> verify(query(query + "AAAA"), key));
  }

  @Test
  void verifyWhenNoUrlThenRefuses() {
    OAuthMessage message = header(signer().sign("GET", URL).authorizationHeader());
    VerificationKey key = VerificationKey.hmac(SignatureMethod.HMAC_SHA256, SECRET, Secret.of(""));

    assertProblem(
        OAuthProblem.SIGNATURE_INVALID,
        () -> SignatureVerifier.verify(message, "GET", List.of(), key));
    assertThat(SignatureVerifier.matchingUrl(query("a=b"), "GET", List.of(URL), key)).isNull();
  }

  @Test
  void problemWhenSignatureIsInvalidThenTellsNothingMore() {
    OAuthMessage message = header(signer().sign("GET", URL).authorizationHeader());
    VerificationKey key =
        VerificationKey.hmac(SignatureMethod.HMAC_SHA256, Secret.of("x"), Secret.of(""));

    assertThatThrownBy(() -> verify(message, key))
        .isInstanceOfSatisfying(
            OAuthProblemException.class, e -> assertThat(e.parameters()).isEmpty());
  }

  @Test
  void keyWhenMethodDoesNotFitThenRefuses() {
    assertThatThrownBy(() -> VerificationKey.rsa(SignatureMethod.HMAC_SHA1, TestKeys.PUBLIC))
        .isInstanceOf(IllegalArgumentException.class);
    assertThatThrownBy(() -> VerificationKey.hmac(SignatureMethod.RSA_SHA1, SECRET, SECRET))
        .isInstanceOf(IllegalArgumentException.class);
    assertThatThrownBy(() -> VerificationKey.hmac(SignatureMethod.HMAC_SHA1, Secret.of(""), SECRET))
        .isInstanceOf(IllegalArgumentException.class);
    assertThatThrownBy(() -> Signer.rsa(SignatureMethod.HMAC_SHA1, "c", TestKeys.PRIVATE))
        .isInstanceOf(IllegalArgumentException.class);
  }

  @Test
  void keyWhenWeakThenRefuses() throws Exception {
    BigInteger f4 = BigInteger.valueOf(65537);
    RSAPublicKey small = (RSAPublicKey) TestKeys.generate(1024, f4).getPublic();
    RSAPublicKey three = (RSAPublicKey) TestKeys.generate(2048, BigInteger.valueOf(3)).getPublic();

    assertThatThrownBy(() -> VerificationKey.rsa(SignatureMethod.RSA_SHA1, small))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessageContaining("1024 bits");
    assertThatThrownBy(() -> VerificationKey.rsa(SignatureMethod.RSA_SHA256, three))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessageContaining("65537");
  }

  @Test
  void toStringThenNamesTheMethodAlone() {
    assertThat(RSA).hasToString("VerificationKey[RSA-SHA1]");
    assertThat(RSA.method()).isEqualTo(SignatureMethod.RSA_SHA1);
  }

  private static Signer signer() {
    return Signer.hmac(SignatureMethod.HMAC_SHA256, "c", SECRET);
  }

  private static RsaEngine counting(AtomicInteger uses) {
    return new RsaEngine() {
      @Override
      public PublicOperation publicOperation(RSAPublicKey key) {
        PublicOperation operation = RsaEngine.jdk().publicOperation(key);
        return signature -> {
          uses.incrementAndGet();
          return operation.recover(signature);
        };
      }

      @Override
      public SigningOperation signingOperation(PrivateKey key, SignatureMethod method) {
        return RsaEngine.jdk().signingOperation(key, method);
      }
    };
  }

  private static OAuthMessage query(String query) {
    return OAuthMessage.parse(List.of(), query, null);
  }

  private static OAuthMessage header(String header) {
    return OAuthMessage.parse(List.of(header), null, null);
  }

  private static String verify(OAuthMessage message, VerificationKey key) {
    return SignatureVerifier.verify(message, "GET", List.of(URL), key);
  }

  private static void assertInvalid(
      String header, String query, String method, String url, VerificationKey key) {
    assertProblem(
        OAuthProblem.SIGNATURE_INVALID,
        () ->
            SignatureVerifier.verify(
                OAuthMessage.parse(List.of(header), query, null), method, List.of(url), key));
  }

  private static void assertProblem(OAuthProblem problem, ThrowingCallable call) {
    assertThatThrownBy(call)
        .isInstanceOfSatisfying(
            OAuthProblemException.class, e -> assertThat(e.problem()).isEqualTo(problem));
  }
}
