package dev.onbehalf.oauth1;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.EnumSource;

class ProblemResponseTest {
  private static final String REALM = "https://ci.example.com/jenkins";
  private static final String CHALLENGE = "OAuth realm=\"https%3A%2F%2Fci.example.com%2Fjenkins\"";

  @ParameterizedTest
  @CsvSource({
    "version_rejected, 400",
    "parameter_absent, 400",
    "parameter_rejected, 400",
    "timestamp_refused, 400",
    "signature_method_rejected, 400",
    "nonce_used, 401",
    "token_used, 401",
    "token_expired, 401",
    "token_revoked, 401",
    "token_rejected, 401",
    "token_not_authorized, 401",
    "signature_invalid, 401",
    "consumer_key_unknown, 401",
    "consumer_key_rejected, 401",
    "additional_authorization_required, 401",
    "permission_unknown, 401",
    "permission_denied, 401",
    "user_refused, 503",
    "consumer_key_refused, 503"
  })
  void ofWhenProblemThenStatusHeaderAndBody(String code, int status) {
    OAuthProblem problem = Objects.requireNonNull(OAuthProblem.withCode(code));
    ProblemResponse response = ProblemResponse.of(new OAuthProblemException(problem), REALM);

    assertThat(response.status()).isEqualTo(status);
    assertThat(response.wwwAuthenticate())
        .isEqualTo(CHALLENGE + ", oauth_problem=\"" + code + "\"");
    assertThat(response.contentType()).isEqualTo("application/x-www-form-urlencoded;charset=UTF-8");
    assertThat(response.body()).isEqualTo("oauth_problem=" + code);
  }

  @ParameterizedTest
  @EnumSource
  void registryWhenAskedThenComplete(OAuthProblem problem) {
    assertThat(problem.code()).matches("[a-z_]+");
    assertThat(problem.rfcSection()).matches("[0-9.]+");
    assertThat(problem.hint()).endsWith(".");
    assertThat(new OAuthProblemException(problem).detail()).isEqualTo(problem.hint());
    assertThat(new OAuthProblemException(problem).getStackTrace()).isEmpty();
  }

  @Test
  void withCodeWhenUnknownThenNull() {
    assertThat(OAuthProblem.withCode("nonsense")).isNull();
    assertThat(OAuthProblem.withCode(null)).isNull();
  }

  @Test
  void ofWhenParametersAbsentThenNamesEncodedTwice() {
    ProblemResponse response =
        ProblemResponse.of(OAuthProblemException.absent("oauth_nonce", "oauth_timestamp"), REALM);

    assertThat(response.wwwAuthenticate())
        .isEqualTo(
            CHALLENGE
                + ", oauth_problem=\"parameter_absent\","
                + " oauth_parameters_absent=\"oauth_nonce%26oauth_timestamp\"");
    assertThat(response.body())
        .isEqualTo(
            "oauth_problem=parameter_absent"
                + "&oauth_parameters_absent=oauth_nonce%26oauth_timestamp");
  }

  @Test
  void ofWhenRejectedNameNeedsEncodingThenEncodedTwice() {
    OAuthProblemException refusal = OAuthProblemException.rejected("oauth_\r\n\"&", "Why.");

    assertThat(refusal.detail()).isEqualTo("Why.");
    assertThat(ProblemResponse.of(refusal, REALM).wwwAuthenticate())
        .endsWith("oauth_parameters_rejected=\"oauth_%250D%250A%2522%2526\"");
  }

  @Test
  void ofWhenAdviceThenSendsIt() {
    ProblemResponse response =
        ProblemResponse.of(
            OAuthProblemException.rejected("oauth_callback", "Detail.").withAdvice("Use https."),
            REALM);

    assertThat(response.wwwAuthenticate())
        .endsWith("oauth_problem_advice=\"Use%20https.\"")
        .doesNotContain("Detail");
    assertThat(response.body())
        .isEqualTo(
            "oauth_problem=parameter_rejected&oauth_parameters_rejected=oauth_callback"
                + "&oauth_problem_advice=Use%20https.");
  }

  @Test
  void ofWhenParameterHasNoPrefixThenBodyAlone() {
    Map<String, String> more = new LinkedHashMap<>();
    more.put("other", "1");
    ProblemResponse response =
        ProblemResponse.of(
            new OAuthProblemException(OAuthProblem.NONCE_USED, "Detail.", more), "r");

    assertThat(response.wwwAuthenticate())
        .isEqualTo("OAuth realm=\"r\", oauth_problem=\"nonce_used\"");
    assertThat(response.body()).isEqualTo("oauth_problem=nonce_used&other=1");
  }

  @Test
  void levelOffWhenAskedThenEchoesTheProtocolParametersAlone() {
    OAuthMessage message =
        OAuthMessage.parse(
            List.of("OAuth realm=\"x\", oauth_token=\"\", oauth_consumer_key=\"a%20b\", z=\"1\""),
            "xoauth_requestor_id=bob&oauth_signature=a%2Bb",
            null);
    ProblemResponse response = ProblemResponse.levelOff(message, REALM);

    assertThat(response.status()).isEqualTo(401);
    assertThat(response.wwwAuthenticate())
        .isEqualTo(
            CHALLENGE
                + ", oauth_token=\"\", oauth_consumer_key=\"a%20b\", oauth_signature=\"a%2Bb\"");
    assertThat(response.body()).isEmpty();
    assertThat(response.contentType()).isEmpty();
    assertThat(ProblemResponse.internalFailure(message, REALM).status()).isEqualTo(500);
    assertThat(ProblemResponse.internalFailure(message, REALM).wwwAuthenticate())
        .isEqualTo(response.wwwAuthenticate());
  }

  @Test
  void levelOffWhenParametersAreLargeThenBounded() {
    StringBuilder query = new StringBuilder("oauth_a=1");
    for (int i = 0; i < 30; i++) {
      query.append("&oauth_").append(i).append('=').append("%0A".repeat(200));
    }
    String header =
        ProblemResponse.levelOff(OAuthMessage.parse(List.of(), query.toString(), null), REALM)
            .wwwAuthenticate();

    assertThat(header).hasSizeBetween(3000, 4096).endsWith("\"").doesNotContain("\n");
  }

  @ParameterizedTest
  @CsvSource({"1994, 4096", "1995, 2083"})
  void levelOffWhenTheEchoJustFitsThenWholeElseWithoutTheLast(int length, int expected) {
    String query = "oauth_signature=" + "x".repeat(2048) + "&oauth_callback=" + "y".repeat(length);

    assertThat(
            ProblemResponse.levelOff(OAuthMessage.parse(List.of(), query, null), "r")
                .wwwAuthenticate())
        .hasSize(expected)
        .endsWith("\"");
  }

  @Test
  void challengeWhenRealmIsHostileThenEncoded() {
    assertThat(ProblemResponse.challenge("a\"\r\nX: y"))
        .isEqualTo("OAuth realm=\"a%22%0D%0AX%3A%20y\"");
  }
}
