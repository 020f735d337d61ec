package dev.onbehalf.server.provider;

import static org.assertj.core.api.Assertions.assertThat;

import dev.onbehalf.oauth1.SignedParameters;
import dev.onbehalf.server.access.Caller;
import dev.onbehalf.server.access.Verdict;
import dev.onbehalf.server.provider.Peer.Token;
import java.net.http.HttpResponse;
import java.nio.charset.StandardCharsets;
import java.util.Map;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

@DisplayName("Two-legged requests, with and without impersonation")
final class TwoLeggedTest {
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
  void twoLeggedWhenAllowedThenTheConfiguredUser() {
    assertThat(provider.rsa(consumer -> consumer.twoLegged("bob")).whoAmITwoLegged("").body())
        .isEqualTo("bob");
    assertThat(provider.hmac(consumer -> consumer.twoLegged("bob")).whoAmITwoLegged("").body())
        .isEqualTo("bob");
  }

  @Test
  void twoLeggedWhenOffThenTheSpecialAnswerByteForByte() {
    Peer peer = provider.rsa();
    SignedParameters signed =
        peer.signer().twoLegged().sign("GET", TestProvider.URL.with(Peer.WHO_AM_I));

    HttpResponse<String> response = peer.get(Peer.WHO_AM_I, signed.authorizationHeader());

    Answered.levelOff(response);
    assertThat(response.headers().firstValue("WWW-Authenticate"))
        .hasValue(signed.authorizationHeader("https://ci.example.com"));
  }

  @Test
  void twoLeggedWhenTheTokenIsAbsentThenNotSignedAtAll() {
    Peer peer = provider.rsa(consumer -> consumer.twoLegged("bob"));

    HttpResponse<String> response = peer.get(Peer.WHO_AM_I, peer.signer());

    assertThat(response.statusCode()).isEqualTo(200);
    assertThat(response.body()).isEmpty();
  }

  @Test
  void twoLeggedWhenTheConfiguredUserIsGoneThenRefusedNeverAnonymous() {
    provider.people.put("robot", true);
    Peer peer = provider.rsa(consumer -> consumer.twoLegged("robot"));
    provider.people.remove("robot");

    Answered.problem(peer.whoAmITwoLegged(""), 401, "permission_denied");
  }

  @Test
  void twoLeggedWhenTheConfiguredUserIsInactiveThenTheLevelIsOff() {
    provider.people.put("machine", true);
    Peer peer = provider.rsa(consumer -> consumer.twoLegged("machine"));
    provider.people.put("machine", false);

    Answered.levelOff(peer.whoAmITwoLegged(""));
  }

  @ParameterizedTest
  @CsvSource({
    "?xoauth_requestor_id=alice, alice",
    "?user_id=alice, alice",
    "?xoauth_requestor_id=alice&user_id=bob, alice",
    "?a=1&xoauth_requestor_id=b%6Fb, bob"
  })
  void impersonationWhenAllowedThenTheNamedPerson(String query, String person) {
    Peer peer = provider.rsa(consumer -> consumer.impersonation(true));

    HttpResponse<String> response = peer.whoAmITwoLegged(query);

    assertThat(response.statusCode()).as(response.body()).isEqualTo(200);
    assertThat(response.body()).isEqualTo(person);
  }

  @Test
  void impersonationWhenNamedInTheFormThenTheNamedPerson() {
    Peer peer = provider.hmac(consumer -> consumer.impersonation(true));

    byte[] form = "xoauth_requestor_id=alice".getBytes(StandardCharsets.US_ASCII);
    String authorization =
        peer.signer()
            .twoLegged()
            .sign("POST", TestProvider.URL.with("/job/x/build"), form, Map.of())
            .authorizationHeader();

    Verdict verdict = provider.verdict("POST", "/job/x/build", authorization, form);

    assertThat(verdict).isInstanceOf(Verdict.Accepted.class);
    Caller caller = ((Verdict.Accepted) verdict).caller();
    assertThat(caller.person().name()).isEqualTo("alice");
    assertThat(caller.mode()).isEqualTo(Caller.Mode.IMPERSONATED);
    assertThat(caller.tokenId()).isNull();
  }

  @Test
  void impersonationWhenOffThenTheLevelIsOff() {
    Peer peer = provider.rsa(consumer -> consumer.twoLegged("bob"));

    Answered.levelOff(peer.whoAmITwoLegged("?xoauth_requestor_id=alice"));
    Answered.levelOff(peer.whoAmITwoLegged("?user_id=alice"));
  }

  @Test
  void impersonationWhenOnAloneThenTwoLeggedStaysOff() {
    Peer peer = provider.rsa(consumer -> consumer.impersonation(true));

    Answered.levelOff(peer.whoAmITwoLegged(""));
  }

  @ParameterizedTest
  @CsvSource({
    "?xoauth_requestor_id=nobody, permission_denied, 401",
    "?xoauth_requestor_id=ALICE, permission_denied, 401",
    "?xoauth_requestor_id=, parameter_rejected, 400",
    "?xoauth_requestor_id, parameter_rejected, 400",
    "?xoauth_requestor_id=alice&xoauth_requestor_id=bob, parameter_rejected, 400",
    "?user_id=alice&user_id=alice, parameter_rejected, 400",
    "?xoauth_requestor_id=alice%00, permission_denied, 401"
  })
  void impersonationWhenNobodyIsClearlyNamedThenRefused(String query, String problem, int status) {
    Peer peer = provider.rsa(consumer -> consumer.impersonation(true).twoLegged("bob"));

    Answered.problem(peer.whoAmITwoLegged(query), status, problem);
  }

  @Test
  void impersonationWhenAddedAfterSigningThenSignatureInvalid() {
    Peer peer = provider.rsa(consumer -> consumer.impersonation(true).twoLegged("bob"));
    String signed =
        peer.signer()
            .twoLegged()
            .sign("GET", TestProvider.URL.with(Peer.WHO_AM_I))
            .authorizationHeader();

    Answered.problem(
        peer.get(Peer.WHO_AM_I + "?xoauth_requestor_id=alice", signed), 401, "signature_invalid");
  }

  @Test
  void impersonationWhenNamedInTheHeaderThenRejected() {
    Peer peer = provider.rsa(consumer -> consumer.impersonation(true).twoLegged("bob"));
    String header =
        peer.signer()
            .twoLegged()
            .sign(
                "GET",
                TestProvider.URL.with(Peer.WHO_AM_I),
                null,
                Map.of("xoauth_requestor_id", "alice"))
            .authorizationHeader();

    Answered.problem(peer.get(Peer.WHO_AM_I, header), 400, "parameter_rejected");
  }

  @Test
  void impersonationWhenAnAccessTokenIsSentThenTheTokensPersonCounts() {
    Peer peer = provider.rsa(consumer -> consumer.impersonation(true));
    Token token = peer.granted("alice");

    assertThat(
            peer.get(
                    Peer.WHO_AM_I + "?xoauth_requestor_id=bob",
                    peer.signer().withToken(token.value(), token.secret()))
                .body())
        .isEqualTo("alice");
  }

  @Test
  void impersonationWhenThePersonIsInactiveThenTheLevelIsOff() {
    Peer peer = provider.rsa(consumer -> consumer.impersonation(true));
    provider.people.put("zoe", false);

    Answered.levelOff(peer.whoAmITwoLegged("?xoauth_requestor_id=zoe"));
  }
}
