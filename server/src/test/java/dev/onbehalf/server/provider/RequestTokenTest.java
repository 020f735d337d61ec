package dev.onbehalf.server.provider;

import static org.assertj.core.api.Assertions.assertThat;

import dev.onbehalf.oauth1.SignatureMethod;
import dev.onbehalf.oauth1.Signer;
import dev.onbehalf.server.provider.Peer.Family;
import dev.onbehalf.server.provider.Peer.Token;
import dev.onbehalf.server.web.Form;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.ValueSource;

@DisplayName("Request tokens (cases 1 to 8 and 22)")
final class RequestTokenTest {
  private static TestProvider provider;

  @BeforeAll
  static void start() {
    provider = TestProvider.start();
  }

  @AfterAll
  static void stop() {
    provider.close();
  }

  @Test
  @DisplayName("1: a signed request is answered with a token that nobody has authorised")
  void requestTokenWhenSignedThenUndecidedTokenWithItsCallback() {
    Peer peer = provider.rsa();

    HttpResponse<String> response = peer.askRequestToken("http://consumer.example.com/callback");

    assertThat(response.statusCode()).isEqualTo(200);
    assertThat(response.headers().firstValue("content-type")).hasValue("text/plain");
    assertThat(response.body())
        .matches("oauth_token=\\w+&oauth_token_secret=\\w+&oauth_callback_confirmed=true");
    Token token = Token.in(response);
    Answered.problem(peer.exchange(token, "anything"), 401, "permission_unknown");
    assertThat(provider.browser().signIn("alice").consent(token).allow().location())
        .startsWith("http://consumer.example.com/callback?");
  }

  @Test
  void requestTokenWhenParametersAreInTheHeaderThenTheSame() {
    Peer peer = provider.hmac();
    String path = Family.BITBUCKET.requestToken;
    String header =
        peer.signer()
            .sign("POST", TestProvider.URL.with(path), null, Map.of("oauth_callback", "oob"))
            .authorizationHeader("https://ci.example.com");

    assertThat(peer.post(path, header).statusCode()).isEqualTo(200);
  }

  @Test
  @DisplayName("2: an unknown consumer gets exactly one parameter")
  void requestTokenWhenConsumerIsUnknownThenThatAlone() {
    Peer stranger = provider.peer("nobody", Fixtures.rsaSigner("nobody"));

    HttpResponse<String> response = stranger.askRequestToken(Fixtures.CALLBACK);

    Answered.problem(response, 401, "consumer_key_unknown");
    assertThat(response.body()).isEqualTo("oauth_problem=consumer_key_unknown");
  }

  @Test
  @DisplayName("3: a bad signature is refused and stores nothing")
  void requestTokenWhenSignatureIsBadThenRefusedAndNothingStored() {
    Peer peer = provider.rsa();
    Peer forger =
        provider.peer(
            peer.key(),
            Signer.rsa(SignatureMethod.RSA_SHA1, peer.key(), Fixtures.OTHER_RSA.getPrivate()));
    long before = provider.count("request_token");

    HttpResponse<String> response = forger.askRequestToken(Fixtures.CALLBACK);

    Answered.problem(response, 401, "signature_invalid");
    assertThat(response.body()).isEqualTo("oauth_problem=signature_invalid");
    assertThat(provider.count("request_token")).isEqualTo(before);
  }

  @DisplayName("4, 5, 6: a callback that is no absolute http or https URL is refused and quoted")
  @ParameterizedTest
  @ValueSource(
      strings = {
        "an invalid uri",
        "/path/to/callback",
        "ftp://crazy/callback",
        "javascript:alert(1)",
        "HTTP://consumer.example.com/callback",
        "",
        "http://consumer.example.com/callback#fragment"
      })
  void requestTokenWhenCallbackIsNoUrlThenRejectedWithAdvice(String callback) {
    Peer peer = provider.rsa();

    HttpResponse<String> response = peer.askRequestToken(callback);

    Answered.problem(response, 400, "parameter_rejected");
    assertThat(Answered.parameter(response, "oauth_parameters_rejected"))
        .isEqualTo("oauth_callback");
    assertThat(Answered.parameter(response, "oauth_problem_advice")).contains(callback);
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "http://consumer.example.com/callback/more",
        "https://consumer.example.com/callback",
        "http://consumer.example.com.evil.example.com/callback",
        "http://consumer.example.com:8080/callback",
        "http://consumer.example.com@evil.example.com/callback",
        "http://consumer.example.com/x/../callback"
      })
  void requestTokenWhenCallbackIsNotRegisteredThenRejected(String callback) {
    Peer peer = provider.rsa();

    HttpResponse<String> response = peer.askRequestToken(callback);

    Answered.problem(response, 400, "parameter_rejected");
    assertThat(Answered.parameter(response, "oauth_parameters_rejected"))
        .isEqualTo("oauth_callback");
  }

  @Test
  @DisplayName("7: out-of-band is a token without a callback")
  void requestTokenWhenOutOfBandThenNoCallback() {
    Peer peer = provider.rsa();

    HttpResponse<String> response = peer.askRequestToken("oob");

    assertThat(response.statusCode()).isEqualTo(200);
    assertThat(Answered.parameter(response, "oauth_callback_confirmed")).isEqualTo("true");
    assertThat(provider.browser().signIn("alice").consent(Token.in(response)).body())
        .contains("you get a code");
  }

  @Test
  @DisplayName("8: without a callback the request is incomplete")
  void requestTokenWhenCallbackIsAbsentThenParameterAbsent() {
    Peer peer = provider.rsa();

    HttpResponse<String> response =
        peer.post(Family.ATLASSIAN.requestToken, Peer.NO_TOKEN, Map.of());

    Answered.problem(response, 400, "parameter_absent");
    assertThat(Answered.parameter(response, "oauth_parameters_absent")).isEqualTo("oauth_callback");
  }

  @DisplayName("22: the token endpoints answer POST alone")
  @ParameterizedTest
  @CsvSource({"ATLASSIAN, GET", "ATLASSIAN, PUT", "BITBUCKET, GET", "BITBUCKET, DELETE"})
  void tokenEndpointWhenNotPostThen405(Family family, String method) {
    for (String path : List.of(family.requestToken, family.accessToken)) {
      HttpResponse<String> response =
          provider
              .server()
              .send(
                  provider
                      .server()
                      .request(path)
                      .method(method, HttpRequest.BodyPublishers.noBody()));

      assertThat(response.statusCode()).isEqualTo(405);
      assertThat(response.headers().firstValue("Allow")).hasValue("POST");
    }
  }

  @Test
  @DisplayName("58: the token endpoints need the signature and nothing of a session")
  void tokenEndpointWhenCalledFromAnotherSiteThenTheSignatureAloneCounts() {
    Peer peer = provider.hmac();
    String path = Family.ATLASSIAN.requestToken;
    String header =
        peer.signer()
            .sign("POST", TestProvider.URL.with(path), null, Map.of("oauth_callback", "oob"))
            .authorizationHeader();

    HttpResponse<String> response =
        provider
            .server()
            .send(
                provider
                    .server()
                    .request(path)
                    .header("Authorization", header)
                    .header("Sec-Fetch-Site", "cross-site")
                    .POST(HttpRequest.BodyPublishers.noBody()));

    assertThat(response.statusCode()).isEqualTo(200);
    assertThat(provider.server().send(provider.server().request(path + "/")).statusCode())
        .isEqualTo(404);
  }

  @Test
  void requestTokenWhenThreeLeggedIsOffThenPermissionDenied() {
    Peer peer = provider.rsa(consumer -> consumer.threeLegged(false));

    Answered.problem(peer.askRequestToken(Fixtures.CALLBACK), 401, "permission_denied");
  }

  @Test
  void requestTokenWhenConsumerIsSwitchedOffThenRejected() {
    Peer peer = provider.rsa(consumer -> consumer.enabled(false));

    Answered.problem(peer.askRequestToken(Fixtures.CALLBACK), 401, "consumer_key_rejected");
  }

  @ParameterizedTest
  @EnumSource(SignatureMethod.class)
  void requestTokenWhenMethodIsNotTheConsumersThenRejected(SignatureMethod method) {
    Peer peer = provider.rsa();
    if (method == SignatureMethod.RSA_SHA1) {
      assertThat(peer.askRequestToken("oob").statusCode()).isEqualTo(200);
      return;
    }
    Signer signer =
        method.isRsa()
            ? Signer.rsa(method, peer.key(), Fixtures.RSA.getPrivate())
            : Signer.hmac(method, peer.key(), Fixtures.SHARED);

    Answered.problem(
        provider.peer(peer.key(), signer).askRequestToken("oob"), 400, "signature_method_rejected");
  }

  @ParameterizedTest
  @CsvSource({
    "PLAINTEXT, 400, signature_method_rejected",
    "HMAC-SHA1-Accessor, 400, signature_method_rejected",
    "rsa-sha1, 400, signature_method_rejected",
    "'', 400, signature_method_rejected"
  })
  void requestTokenWhenMethodIsForeignThenRejected(String method, int status, String problem) {
    Peer peer = provider.hmac();
    String form =
        new String(
                peer.signer()
                    .sign(
                        "POST",
                        TestProvider.URL.with(Family.ATLASSIAN.requestToken),
                        null,
                        Map.of("oauth_callback", "oob"))
                    .form(),
                StandardCharsets.US_ASCII)
            .replace("HMAC-SHA1", method);

    Answered.problem(
        peer.post(Family.ATLASSIAN.requestToken, form.getBytes(StandardCharsets.US_ASCII)),
        status,
        problem);
  }

  @ParameterizedTest
  @CsvSource({
    "oauth_timestamp=[0-9]+, oauth_timestamp=soon, 400, parameter_rejected",
    "oauth_timestamp=[0-9]+, oauth_timestamp=-1, 400, timestamp_refused",
    "oauth_timestamp=[0-9]+&, '', 400, parameter_absent",
    "oauth_nonce=[^&]+&, '', 400, parameter_absent",
    "oauth_version=1.0, oauth_version=2.0, 400, version_rejected",
    "oauth_version=1.0, oauth_version=one, 400, version_rejected",
    "oauth_version=1.0, oauth_version=1.0&oauth_version=1.0, 400, parameter_rejected",
    "oauth_consumer_key=[^&]+&, '', 400, parameter_absent",
    "oauth_signature=.*, oauth_signature=%zz, 400, parameter_rejected",
    "oauth_signature=.*, oauth_signature=AAAA, 401, signature_invalid"
  })
  void requestTokenWhenAParameterIsMalformedThenRefusedAndNeverAFailure(
      String pattern, String instead, int status, String problem) {
    Peer peer = provider.hmac();
    String form =
        new String(
                peer.signer()
                    .sign(
                        "POST",
                        TestProvider.URL.with(Family.ATLASSIAN.requestToken),
                        null,
                        Map.of("oauth_callback", "oob"))
                    .form(),
                StandardCharsets.US_ASCII)
            .replaceFirst(pattern, instead);

    Answered.problem(
        peer.post(Family.ATLASSIAN.requestToken, form.getBytes(StandardCharsets.US_ASCII)),
        status,
        problem);
  }

  @ParameterizedTest
  @CsvSource({"PT4M59S, 200", "-PT4M59S, 200", "PT5M2S, 400", "-PT5M2S, 400"})
  void requestTokenWhenClockIsOffThenTheWindowDecides(Duration off, int status) {
    Peer peer = provider.hmac();
    Peer late =
        provider.peer(peer.key(), peer.signer()).at(() -> provider.clock.instant().plus(off));

    HttpResponse<String> response = late.askRequestToken("oob");

    assertThat(response.statusCode()).isEqualTo(status);
    if (status == 400) {
      Answered.problem(response, 400, "timestamp_refused");
      long now = provider.clock.instant().getEpochSecond();
      assertThat(Form.parse(response.body()).value("oauth_acceptable_timestamps"))
          .hasValue((now - 300) + "-" + (now + 300));
    }
  }

  @Test
  void requestTokenWhenSentAgainThenNonceUsed() {
    Peer peer = provider.hmac();
    byte[] form =
        peer.signer()
            .sign(
                "POST",
                TestProvider.URL.with(Family.ATLASSIAN.requestToken),
                null,
                Map.of("oauth_callback", "oob"))
            .form();

    assertThat(peer.post(Family.ATLASSIAN.requestToken, form).statusCode()).isEqualTo(200);
    Answered.problem(peer.post(Family.ATLASSIAN.requestToken, form), 401, "nonce_used");
  }
}
