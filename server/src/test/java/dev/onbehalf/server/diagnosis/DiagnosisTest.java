package dev.onbehalf.server.diagnosis;

import static org.assertj.core.api.Assertions.assertThat;

import dev.onbehalf.oauth1.Keys;
import dev.onbehalf.oauth1.OAuthMessage;
import dev.onbehalf.oauth1.Secret;
import dev.onbehalf.oauth1.SignatureMethod;
import dev.onbehalf.oauth1.Signer;
import dev.onbehalf.oauth1.VerificationKey;
import dev.onbehalf.server.access.RefusedRequest;
import dev.onbehalf.server.access.SignatureKeys;
import dev.onbehalf.server.access.SignatureKeys.Candidate;
import dev.onbehalf.server.access.SignedRequest;
import dev.onbehalf.server.config.Configuration;
import dev.onbehalf.server.config.ConfigurationReader;
import java.nio.charset.StandardCharsets;
import java.security.KeyPair;
import java.security.interfaces.RSAPublicKey;
import java.time.Instant;
import java.time.InstantSource;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.function.BooleanSupplier;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class DiagnosisTest {
  private static final Instant NOW = Instant.parse("2026-03-01T12:00:00Z");
  private static final KeyPair PAIR = Keys.generate(2048);
  private static final KeyPair OTHER = Keys.generate(2048);
  private static final String URL = "https://ci.example.com/job/a%252Fb/build";

  private static final Configuration CONFIGURATION =
      ConfigurationReader.read(
              null,
              Map.of(),
              List.of(
                  "applications.ci.public-url=https://ci.example.com",
                  "applications.ci.alternate-urls=https://ci.internal.example.com",
                  "applications.ci.upstream=http://10.0.0.7:8080",
                  "applications.grafana.public-url=https://tools.example.com/grafana",
                  "applications.grafana.upstream=http://10.0.0.8:3000"))
          .configuration();

  private final Diagnosis diagnosis =
      new Diagnosis(CONFIGURATION.applications(), keys(), InstantSource.fixed(NOW));

  @AfterEach
  void close() {
    diagnosis.close();
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      textBlock =
          """
          http://ci.example.com/job/a%252Fb/build        | the scheme
          https://ci.example.com:8443/job/a%252Fb/build  | the host or port
          https://ci.internal.example.com/job/a%252Fb/build | the host or port
          http://10.0.0.7:8080/job/a%252Fb/build         | the scheme and the host or port
          https://ci.example.com/job/a%2Fb/build         | decoded on the way
          https://ci.example.com/job/a%252Fb/build/      | a slash at the end
          https://ci.example.com/grafana/job/a%252Fb/build | with the context path /grafana
          """)
  void refusedWhenSignedForAnotherUrlThenTheDifferenceIsNamed(String signed, String expected) {
    Explanation explanation = explain("POST", sign("POST", signed), null, null);

    assertThat(explanation.finding()).contains(signed.strip()).contains(expected);
    assertThat(explanation.remedy()).isNotEmpty();
    assertThat(explanation.rfcSection()).isEqualTo("3.2");
  }

  @ParameterizedTest
  @CsvSource({"GET,POST", "HEAD,GET", "POST,GET"})
  void refusedWhenMethodChangedThenBothAreNamed(String signed, String arrived) {
    assertThat(explain(arrived, sign(signed, URL), null, null).finding())
        .contains(signed)
        .contains(arrived);
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      quoteCharacter = '"',
      textBlock =
          """
          a=1%2B2         | a=1+2            | plus sign, but in a query it is a space
          a=1%202         | a=1%2B2          | signed a space where a plus sign
          a=%41%20b       | a=%2541%2520b    | percent-encoded twice
          a=1             | a=1&from=proxy   | 'from' was added
          a=1             | x=0&a=1          | 'x' was added
          """)
  void refusedWhenQueryChangedThenTheChangeIsNamed(String signed, String arrived, String expected) {
    assertThat(explain("GET", sign("GET", URL + "?" + signed), arrived, null).finding())
        .contains(expected);
  }

  @Test
  void refusedWhenQueryWasNotSignedThenItIsSaid() {
    assertThat(explain("GET", sign("GET", URL), "depth=1", null).finding())
        .contains("left the query out");
  }

  @Test
  void refusedWhenFormWasNotSignedThenItIsSaid() {
    assertThat(explain("POST", sign("POST", URL), null, "delay=0sec").finding())
        .contains("left the form body out");
  }

  @Test
  void refusedWhenAnotherConsumersKeySignedThenThatOneIsNamed() {
    String header =
        Signer.rsa(SignatureMethod.RSA_SHA1, "jira", OTHER.getPrivate())
            .withClock(InstantSource.fixed(NOW))
            .twoLegged()
            .sign("GET", URL)
            .authorizationHeader();

    assertThat(explain("GET", header, null, null).finding()).contains("'bitbucket'");
  }

  @Test
  void refusedWhenKeyIsNobodysThenTheKeyIsBlamed() {
    String header =
        Signer.rsa(SignatureMethod.RSA_SHA1, "jira", Keys.generate(2048).getPrivate())
            .withClock(InstantSource.fixed(NOW))
            .twoLegged()
            .sign("GET", URL)
            .authorizationHeader();

    assertThat(explain("GET", header, null, null).finding()).contains("not made with a key");
  }

  @Test
  void refusedWhenNothingFitsThenTheKeyIsCleared() {
    Explanation explanation =
        explain("GET", sign("GET", "https://elsewhere.example.org/x"), null, null);

    assertThat(explanation.finding()).contains("key is the registered one");
    assertThat(explanation.baseString()).startsWith("GET&https%3A%2F%2Fci.example.com");
  }

  @Test
  void refusedWhenSecretIsWrongThenTheSecretIsBlamed() {
    String header =
        Signer.hmac(SignatureMethod.HMAC_SHA1, "script", Secret.of("not the shared secret"))
            .withClock(InstantSource.fixed(NOW))
            .twoLegged()
            .sign("GET", URL)
            .authorizationHeader();

    assertThat(explain("GET", header, null, null).remedy()).contains("rotate-secret");
  }

  @Test
  void refusedWhenTokenIsInTheBaseStringThenItIsMasked() {
    String header =
        Signer.rsa(SignatureMethod.RSA_SHA1, "jira", PAIR.getPrivate())
            .withClock(InstantSource.fixed(NOW))
            .withToken("TokenValueOfAlice", Secret.of("s"))
            .sign("GET", "https://elsewhere.example.org/x")
            .authorizationHeader();

    assertThat(explain("GET", header, null, null).baseString())
        .contains("oauth_token%3D...")
        .doesNotContain("TokenValueOfAlice");
  }

  @Test
  void refusedWhenAParameterIsNamedLikeASecretThenItIsMasked() {
    Explanation explanation =
        explain(
            "GET",
            sign("GET", "https://elsewhere.example.org/x"),
            "password=hunter2%20x&depth=1",
            null);

    assertThat(explanation.baseString())
        .contains("password%3D...", "depth%3D1")
        .doesNotContain("hunter2");
  }

  @Test
  void refusedWhenTheFormIsHugeThenNoBaseStringIsKept() {
    Explanation explanation = explain("POST", sign("POST", URL), null, "a=" + "/".repeat(100_000));

    assertThat(explanation.baseString()).isNull();
    assertThat(explanation.finding()).contains("too large");
  }

  @Test
  void refusedWhenTheBaseStringIsLongThenItIsCut() {
    assertThat(explain("GET", sign("GET", URL), "a=" + "%2F".repeat(5_000), null).baseString())
        .hasSize(8 * 1024 + 3)
        .endsWith("...");
  }

  @Test
  void refusedWhenTheConsumerKeyHoldsControlCharactersThenTheyAreNotPrinted() {
    String header =
        "OAuth oauth_consumer_key=\"x%0Aforged%1B]0;title\", oauth_token=\"\","
            + " oauth_signature=\"AAAA\"";

    Explanation explanation = explain("consumer_key_unknown", "GET", header, null, null);

    assertThat(explanation.finding() + explanation.consumerKey())
        .doesNotContain("\n", "\u001B")
        .contains("x?forged");
  }

  @ParameterizedTest
  @CsvSource({"412,412 s ahead", "-3600,3600 s behind"})
  void refusedWhenClocksDifferThenByHowMuchIsSaid(long seconds, String expected) {
    String header =
        Signer.rsa(SignatureMethod.RSA_SHA1, "jira", PAIR.getPrivate())
            .withClock(InstantSource.fixed(NOW.plusSeconds(seconds)))
            .twoLegged()
            .sign("GET", URL)
            .authorizationHeader();

    assertThat(explain("timestamp_refused", "GET", header, null, null).finding())
        .contains(expected);
  }

  @Test
  void refusedWhenConsumerIsUnknownThenTheCommandIsNamed() {
    assertThat(explain("consumer_key_unknown", "GET", sign("GET", URL), null, null).remedy())
        .contains("onbehalf consumer add");
  }

  @Test
  void refusedWhenFloodedThenEveryRequestIsKeptAndTheQueueIsBounded() {
    CountDownLatch flooded = new CountDownLatch(1);
    SignatureKeys slow =
        token -> {
          awaitUninterruptibly(flooded);
          return keys().candidates(token);
        };
    String header = sign("GET", URL);
    try (Diagnosis busy = new Diagnosis(CONFIGURATION.applications(), slow, () -> NOW)) {
      for (int i = 0; i < 100; i++) {
        busy.refused(refused("flood-" + i, "signature_invalid", "GET", header, "a=1", null));
      }
      flooded.countDown();

      await(() -> busy.newest(1000).size() == 100);
      assertThat(busy.newest(1000))
          .filteredOn(explanation -> explanation.finding().contains("Too many refusals at once"))
          .hasSizeBetween(67, 68);
    }
  }

  @Test
  void newestWhenMoreThanKeptThenTheOldestAreForgotten() {
    for (int i = 0; i < 1500; i++) {
      diagnosis.refused(refused("r-" + i, "nonce_used", "GET", "", null, null));
    }

    await(() -> diagnosis.of("r-1499").isPresent());
    assertThat(diagnosis.newest(5000)).hasSizeLessThanOrEqualTo(1000);
  }

  private static void awaitUninterruptibly(CountDownLatch latch) {
    try {
      latch.await();
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
  }

  private static void await(BooleanSupplier condition) {
    long end = System.nanoTime() + TimeUnit.SECONDS.toNanos(60);
    while (!condition.getAsBoolean() && System.nanoTime() < end) {
      Thread.onSpinWait();
    }
    assertThat(condition.getAsBoolean()).isTrue();
  }

  private Explanation explain(
      String method, String header, @Nullable String query, @Nullable String form) {
    return explain("signature_invalid", method, header, query, form);
  }

  private Explanation explain(
      String problem, String method, String header, @Nullable String query, @Nullable String form) {
    diagnosis.refused(refused("r1", problem, method, header, query, form));
    await(() -> diagnosis.of("r1").isPresent());
    return diagnosis.of("r1").orElseThrow();
  }

  private static RefusedRequest refused(
      String id,
      String problem,
      String method,
      String header,
      @Nullable String query,
      @Nullable String form) {
    byte[] body = form == null ? null : form.getBytes(StandardCharsets.UTF_8);
    OAuthMessage message = OAuthMessage.parse(List.of(header), query, body);
    return new RefusedRequest(
        new SignedRequest(
            id, "ci", method, List.of(URL), query, List.of(header), body, "192.0.2.1"),
        problem,
        null,
        message.consumerKey());
  }

  private static String sign(String method, String url) {
    return Signer.rsa(SignatureMethod.RSA_SHA1, "jira", PAIR.getPrivate())
        .withClock(InstantSource.fixed(NOW))
        .twoLegged()
        .sign(method, url.strip())
        .authorizationHeader();
  }

  private static SignatureKeys keys() {
    Candidate jira = rsa("jira", PAIR);
    Candidate bitbucket = rsa("bitbucket", OTHER);
    Candidate script =
        new Candidate(
            "script",
            VerificationKey.hmac(
                SignatureMethod.HMAC_SHA1, Secret.of("the shared secret"), Secret.of("")),
            null);
    return token -> List.of(jira, bitbucket, script);
  }

  private static Candidate rsa(String consumer, KeyPair pair) {
    RSAPublicKey key = (RSAPublicKey) pair.getPublic();
    return new Candidate(consumer, VerificationKey.rsa(SignatureMethod.RSA_SHA1, key), key);
  }
}
