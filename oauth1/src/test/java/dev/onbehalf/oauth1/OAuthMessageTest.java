package dev.onbehalf.oauth1;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.nio.charset.StandardCharsets;
import java.util.List;
import org.assertj.core.api.ThrowableAssert.ThrowingCallable;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class OAuthMessageTest {

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      quoteCharacter = '`',
      textBlock =
          """
          OAuth a="1",b="2"                          | a=1 b=2
          OAuth a="1", b="2"                         | a=1 b=2
          oauth a="1"                                | a=1
          OAUTH a="1"                                | a=1
          `OAuth   a="1" ,\tb="2"  `                 | a=1 b=2
          OAuth a = "1"                              | a=1
          OAuth a="1",,b="2",                        | a=1 b=2
          `OAuth , ,a="1"`                           | a=1
          OAuth                                      | ``
          `OAuth  `                                  | ``
          OAuth a=""                                 | a=
          OAuth a="%20%2B%2f"                        | a= +/
          OAuth a="1+2"                              | a=1+2
          OAuth a="a/b=c?d&e,f"                      | a=a/b=c?d&e,f
          OAuth %61="1"                              | a=1
          OAuth realm="x", a="1"                     | a=1
          OAuth a="1", realm="x"                     | a=1
          OAuth Realm="x y, z=1", a="1"              | a=1
          OAuth realm="a\\"b", a="1"                 | a=1
          OAuth realm="", a="1"                      | a=1
          OAuth realm="x", realm="y", a="1"          | a=1
          OAuth a="%C3%A9"                           | a=\u00e9
          OAuth %C3%A9="1"                           | \u00e9=1
          OAuth other="1"                            | other=1
          OAuth reals="1"                            | reals=1
          OAuth really="1"                           | really=1
          """)
  void parseWhenHeaderIsWellFormedThenReadsIt(String header, String expected) {
    StringBuilder seen = new StringBuilder();
    for (OAuthMessage.Parameter parameter : header(header).parameters()) {
      seen.append(seen.isEmpty() ? "" : " ").append(parameter.name()).append('=');
      seen.append(parameter.value());
    }

    assertThat(seen.toString()).isEqualTo(expected);
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "OAuth a",
        "OAuth a=",
        "OAuth a=1",
        "OAuth a=\"1",
        "OAuth a='1'",
        "OAuth a=\"1\" b=\"2\"",
        "OAuth a=\"1\"b=\"2\"",
        "OAuth a=\"1\"; b=\"2\"",
        "OAuth =\"1\"",
        "OAuth \"1\"",
        "OAuth a b=\"1\"",
        "OAuth a=\"%\"",
        "OAuth a=\"%2\"",
        "OAuth a=\"%zz\"",
        "OAuth a=\"%FF\"",
        "OAuth %zz=\"1\"",
        "OAuth a=\"b c\"",
        "OAuth a=\"b\\\"c\"",
        "OAuth a=\"b\u0000c\"",
        "OAuth a=\"b\u007fc\"",
        "OAuth a=\"b\nc\"",
        "OAuth a=\"\u00e9\"",
        "OAuth a=\"\u0141\"",
        "OAuth realm=\"x",
        "OAuth realm=\"x\\\"",
        "OAuth realm=\"x\\",
        "OAuth realm=x",
        "OAuth dGVzdA==",
        "OAuth %",
        "OAuth a*=\"1\""
      })
  void parseWhenHeaderIsMalformedThenRefuses(String header) {
    assertProblem(OAuthProblem.PARAMETER_REJECTED, () -> header(header));
  }

  /** Buffers are used again: what an earlier request left in them is not part of this one. */
  @ParameterizedTest
  @ValueSource(
      strings = {
        "OAuth a=\"1\"",
        "OAuth a=\"%41\"",
        "OAuth %41=\"1\"",
        "OAuth realm=\"x y\"",
        "OAuth realm=\"x\\\"y\""
      })
  void parseWhenHeaderIsCutThenRefusesWhateverWasReadBefore(String whole) {
    for (int length = "OAuth ".length() + 1; length < whole.length(); length++) {
      String cut = whole.substring(0, length);
      header(whole);
      assertProblem(OAuthProblem.PARAMETER_REJECTED, () -> header(cut));
    }
  }

  @Test
  void parseWhenHeaderIsCutAfterAParameterThenReadsItWhateverWasReadBefore() {
    for (String more : List.of(" ", " , b=\"2\"", ",b=\"2\"")) {
      header("OAuth a=\"1\"" + more);
      assertThat(header("OAuth a=\"1\"").parameters()).hasSize(1);
    }
  }

  @Test
  void parseWhenEscapeIsCutThenRefusesWhateverWasReadBefore() {
    for (String cut : List.of("a=%2", "a=%", "%4")) {
      OAuthMessage.parse(List.of(), "a=%25", null);
      assertProblem(
          OAuthProblem.PARAMETER_REJECTED, () -> OAuthMessage.parse(List.of(), cut, null));
    }
  }

  @Test
  void signatureWhenItIsTheFirstParameterThenReadsIt() {
    assertThat(OAuthMessage.parse(List.of(), "oauth_signature=x&a=b", null).signature())
        .isEqualTo("x");
  }

  @Test
  void parseWhenOtherSchemesThenPassesThemOver() {
    OAuthMessage message =
        OAuthMessage.parse(
            List.of("Basic eDp5", "OAuth oauth_token=\"\"", "OAuthX a=\"1\"", "OAut"), null, null);

    assertThat(message.parameters()).hasSize(1);
    assertThat(message.token()).isEmpty();
  }

  @Test
  void parseWhenTwoOAuthHeadersThenRefuses() {
    assertProblem(
        OAuthProblem.PARAMETER_REJECTED,
        () -> OAuthMessage.parse(List.of("OAuth a=\"1\"", "OAuth b=\"1\""), null, null));
  }

  @Test
  void parseWhenParametersInHeaderQueryAndFormThenReadsAllWithTheirSource() {
    OAuthMessage message =
        OAuthMessage.parse(
            List.of("OAuth oauth_consumer_key=\"ck\""),
            "oauth_token=&x=1",
            "oauth_verifier=v&user_id=alice".getBytes(StandardCharsets.US_ASCII));

    assertThat(message.consumerKey()).isEqualTo("ck");
    assertThat(message.token()).isEmpty();
    assertThat(message.verifier()).isEqualTo("v");
    assertThat(message.parameter("user_id")).isEqualTo("alice");
    assertThat(message.parameters())
        .containsExactly(
            parameter("oauth_consumer_key", "ck", OAuthMessage.Source.HEADER),
            parameter("oauth_token", "", OAuthMessage.Source.QUERY),
            parameter("x", "1", OAuthMessage.Source.QUERY),
            parameter("oauth_verifier", "v", OAuthMessage.Source.FORM),
            parameter("user_id", "alice", OAuthMessage.Source.FORM));
  }

  @Test
  void accessorsWhenAllPresentThenReadThem() {
    OAuthMessage message =
        header(
            "OAuth oauth_consumer_key=\"ck\", oauth_token=\"t\","
                + " oauth_signature_method=\"RSA-SHA1\", oauth_signature=\"a%2Bb%3D\","
                + " oauth_timestamp=\"1\", oauth_nonce=\"n\", oauth_version=\"1.0\","
                + " oauth_callback=\"http%3A%2F%2Fc\", oauth_verifier=\"v\","
                + " oauth_session_handle=\"h\"");

    assertThat(message.consumerKey()).isEqualTo("ck");
    assertThat(message.token()).isEqualTo("t");
    assertThat(message.signatureMethod()).isEqualTo("RSA-SHA1");
    assertThat(message.signature()).isEqualTo("a+b=");
    assertThat(message.timestampSeconds()).isEqualTo(1);
    assertThat(message.nonce()).isEqualTo("n");
    assertThat(message.version()).isEqualTo("1.0");
    assertThat(message.callback()).isEqualTo("http://c");
    assertThat(message.verifier()).isEqualTo("v");
    assertThat(message.sessionHandle()).isEqualTo("h");
  }

  @Test
  void accessorsWhenAbsentThenNull() {
    OAuthMessage message = OAuthMessage.parse(List.of(), null, null);

    assertThat(message.consumerKey()).isNull();
    assertThat(message.token()).isNull();
    assertThat(message.signatureMethod()).isNull();
    assertThat(message.signature()).isNull();
    assertThat(message.nonce()).isNull();
    assertThat(message.version()).isNull();
    assertThat(message.callback()).isNull();
    assertThat(message.verifier()).isNull();
    assertThat(message.sessionHandle()).isNull();
    assertThat(message.parameter("x")).isNull();
    assertThat(message.has("x")).isFalse();
    assertProblem(OAuthProblem.PARAMETER_ABSENT, message::timestampSeconds);
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "oauth_consumer_key",
        "oauth_token",
        "oauth_token_secret",
        "oauth_callback",
        "oauth_signature_method",
        "oauth_signature",
        "oauth_timestamp",
        "oauth_nonce",
        "oauth_version",
        "oauth_verifier",
        "oauth_session_handle",
        "oauth_body_hash",
        "oauth_x"
      })
  void parseWhenProtocolParameterTwiceThenRefusesByName(String name) {
    String header = "OAuth " + name + "=\"1\"";
    String encodedName = name.replace("_", "%5F");
    byte[] form = (name + "=1").getBytes(StandardCharsets.US_ASCII);

    assertRejected(name, () -> header(header + ", " + name + "=\"1\""));
    assertRejected(name, () -> OAuthMessage.parse(List.of(header), name, null));
    assertRejected(name, () -> OAuthMessage.parse(List.of(header), encodedName, null));
    assertRejected(name, () -> OAuthMessage.parse(List.of(header), null, form));
    assertRejected(name, () -> OAuthMessage.parse(List.of(), name + "=2", form));
  }

  @Test
  void parameterWhenTwiceThenRefusesOnReading() {
    OAuthMessage message =
        OAuthMessage.parse(List.of(), "xoauth_requestor_id=a&xoauth_requestor_id=b", null);

    assertRejected("xoauth_requestor_id", () -> message.parameter("xoauth_requestor_id"));
    assertThat(message.has("xoauth_requestor_id")).isTrue();
  }

  @Test
  void parameterWhenNameNeedsEncodingThenFindsIt() {
    assertThat(OAuthMessage.parse(List.of(), "a%20%c3%A9=1", null).parameter("a \u00e9"))
        .isEqualTo("1");
  }

  @Test
  void requireWhenSomeAbsentThenNamesThemAll() {
    OAuthMessage message = OAuthMessage.parse(List.of(), "oauth_token=", null);

    message.require("oauth_token");
    assertThatThrownBy(() -> message.require("oauth_nonce", "oauth_token", "oauth_timestamp"))
        .isInstanceOfSatisfying(
            OAuthProblemException.class,
            e -> {
              assertThat(e.problem()).isEqualTo(OAuthProblem.PARAMETER_ABSENT);
              assertThat(e.parameters())
                  .containsEntry("oauth_parameters_absent", "oauth_nonce&oauth_timestamp");
            });
  }

  @ParameterizedTest
  @CsvSource(
      nullValues = "-",
      value = {
        "-, -, false",
        "-, '', false",
        "OAuth, -, true",
        "oauth a=\"1\", -, true",
        "OAuth\tx, -, true",
        "OAuth2 x, -, false",
        "OAut, -, false",
        "Basic OAuth, -, false",
        "Bearer x, -, false",
        "-, oauth_signature=x, true",
        "-, a=b&oauth_signature=x, true",
        "-, a&oauth_signature, true",
        "-, oauth%5Fsignature=x, true",
        "-, %6f%61uth_signature=x, true",
        "-, oauth_signature_method=x, false",
        "-, xoauth_signature=x, false",
        "-, a=oauth_signature=x, false",
        "-, oauth_token=x&oauth_verifier=y, false",
        "-, oauth_signatur, false",
        "-, oauth_signatur%, false",
        "-, oauth_signatur%6, false",
        "-, oauth_signatur%zz, false",
        "-, oauth_signatur%\u20ac5, false",
        "-, &oauth_signature=x, true",
        "-, &&oauth_signature, true",
        "-, oauth_signature&, true",
        "-, oauth%5Fsignature, true",
        "-, oauth_signatur%65, true",
        "-, &&&, false"
      })
  void mayBeSignedWhenGivenThenSaysSo(
      @Nullable String header, @Nullable String query, boolean expected) {
    List<String> headers = header == null ? List.of() : List.of("Basic eDp5", header);
    byte[] noForm = null;

    assertThat(OAuthMessage.mayBeSigned(headers, query, false)).isEqualTo(expected);
    assertThat(OAuthMessage.mayBeSigned(headers, query, noForm)).isEqualTo(expected);
    assertThat(OAuthMessage.mayBeSigned(headers, query, true)).isTrue();
    if (query != null) {
      byte[] form = query.getBytes(StandardCharsets.UTF_8);
      assertThat(OAuthMessage.mayBeSigned(List.of(), null, form)).isEqualTo(expected);
    }
  }

  @Test
  void parseWhenBeyondLimitsThenRefuses() {
    OAuthLimits limits = new OAuthLimits(30, 2, 10, 20, 3);
    byte[] form = "0123456789012345678901234567890".getBytes(StandardCharsets.US_ASCII);

    assertProblem(
        OAuthProblem.PARAMETER_REJECTED,
        () -> OAuthMessage.parse(List.of("OAuth " + " ".repeat(25)), null, null, limits));
    assertProblem(
        OAuthProblem.PARAMETER_REJECTED,
        () -> OAuthMessage.parse(List.of("OAuth a=\"\",b=\"\",c=\"\""), null, null, limits));
    assertProblem(
        OAuthProblem.PARAMETER_REJECTED,
        () -> OAuthMessage.parse(List.of(), "01234567890", null, limits));
    assertProblem(
        OAuthProblem.PARAMETER_REJECTED, () -> OAuthMessage.parse(List.of(), null, form, limits));
    assertProblem(
        OAuthProblem.PARAMETER_REJECTED,
        () -> OAuthMessage.parse(List.of(), "a&b&c&d", null, limits));
    assertProblem(
        OAuthProblem.PARAMETER_REJECTED,
        () ->
            OAuthMessage.parse(
                List.of("OAuth a=\"\",b=\"\""),
                "c",
                "d".getBytes(StandardCharsets.US_ASCII),
                limits));
    assertThat(
            OAuthMessage.parse(List.of("OAuth a=\"\",b=\"\""), "c", new byte[0], limits)
                .parameters())
        .hasSize(3);
    assertThat(OAuthMessage.parse(List.of(), null, new byte[20], limits).parameters()).hasSize(1);
    assertThat(OAuthMessage.parse(List.of("OAuth " + " ".repeat(24)), "a=34567890", null, limits))
        .hasToString("OAuthMessage[1 parameters]");
  }

  @Test
  void limitsWhenNoneOfAKindIsWantedThenZeroIsALimit() {
    OAuthLimits none = new OAuthLimits(0, 0, 0, 0, 0);

    assertThat(OAuthMessage.parse(List.of(), null, null, none).parameters()).isEmpty();
    assertProblem(
        OAuthProblem.PARAMETER_REJECTED, () -> OAuthMessage.parse(List.of(), "a", null, none));
  }

  @Test
  void limitsWhenNegativeThenRefuses() {
    assertThatThrownBy(() -> new OAuthLimits(1, 1, -1, 1, 1))
        .isInstanceOf(IllegalArgumentException.class);
  }

  @Test
  void parseWhenProtocolValueTooLongThenRefusesByName() {
    String most = "%41".repeat(255);

    assertThat(header("OAuth oauth_nonce=\"" + most + "\"").nonce()).hasSize(255);
    assertRejected("oauth_nonce", () -> header("OAuth oauth_nonce=\"" + most + "1\""));
    assertThat(header("OAuth oauth_callback=\"" + "x".repeat(2048) + "\"").callback())
        .hasSize(2048);
    assertRejected(
        "oauth_callback", () -> header("OAuth oauth_callback=\"" + "x".repeat(2049) + "\""));
    assertRejected(
        "oauth_signature", () -> header("OAuth oauth_signature=\"" + "x".repeat(2049) + "\""));
  }

  @Test
  void parseWhenTooManyProtocolParametersThenRefuses() {
    StringBuilder query = new StringBuilder("oauth_0=");
    for (int i = 1; i < 64; i++) {
      query.append("&oauth_").append(i).append('=');
    }

    assertThat(OAuthMessage.parse(List.of(), query.toString(), null).has("oauth_63")).isTrue();
    assertProblem(
        OAuthProblem.PARAMETER_REJECTED,
        () -> OAuthMessage.parse(List.of(), query + "&oauth_64=", null));
  }

  @Test
  void toStringThenShowsNoValue() {
    OAuthMessage message = header("OAuth oauth_token=\"hidden\"");

    assertThat(message.toString() + message.parameters()).doesNotContain("hidden");
    assertThat(message.parameters()).hasToString("[HEADER oauth_token]");
  }

  private static OAuthMessage header(String header) {
    return OAuthMessage.parse(List.of(header), null, null);
  }

  private static OAuthMessage.Parameter parameter(
      String name, String value, OAuthMessage.Source source) {
    return new OAuthMessage.Parameter(name, value, source);
  }

  private static void assertProblem(OAuthProblem problem, ThrowingCallable call) {
    assertThatThrownBy(call)
        .isInstanceOfSatisfying(
            OAuthProblemException.class, e -> assertThat(e.problem()).isEqualTo(problem));
  }

  private static void assertRejected(String name, ThrowingCallable call) {
    assertThatThrownBy(call)
        .isInstanceOfSatisfying(
            OAuthProblemException.class,
            e -> assertThat(e.parameters()).containsEntry("oauth_parameters_rejected", name));
  }
}
