package dev.onbehalf.server.provider;

import static org.assertj.core.api.Assertions.assertThat;

import dev.onbehalf.oauth1.OAuthProblem;
import dev.onbehalf.oauth1.Secret;
import dev.onbehalf.oauth1.SignatureMethod;
import dev.onbehalf.oauth1.Signer;
import dev.onbehalf.server.provider.Peer.Family;
import dev.onbehalf.server.provider.Peer.Token;
import java.net.http.HttpResponse;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** What strangers can learn from refusals, and what they can use up: nothing. */
final class RefusalTest {
  private static TestProvider provider;

  @BeforeAll
  static void start() {
    provider = TestProvider.start();
  }

  @AfterAll
  static void stop() {
    provider.close();
  }

  private static Signer forger(SignatureMethod method, String key) {
    return method.isRsa()
        ? Signer.rsa(method, key, Fixtures.OTHER_RSA.getPrivate())
        : Signer.hmac(method, key, Secret.of("another secret, guessed"));
  }

  /** A refusal with its own problem code taken out. */
  private static String shape(HttpResponse<String> response) {
    String text =
        response.statusCode()
            + "\n"
            + response.headers().map().entrySet().stream()
                .filter(header -> !header.getKey().equals("date"))
                .filter(header -> !header.getKey().equals("content-length"))
                .filter(header -> !header.getKey().equals("x-request-id"))
                .sorted(Map.Entry.comparingByKey())
                .toList()
            + "\n"
            + response.body();
    for (OAuthProblem problem : OAuthProblem.values()) {
      text = text.replace(problem.code(), "problem");
    }
    return text;
  }

  @ParameterizedTest
  @EnumSource(
      value = SignatureMethod.class,
      names = {"RSA_SHA1", "HMAC_SHA1"})
  void refusalWhenConsumerTokenOrSignatureIsWrongThenAlike(SignatureMethod method) {
    Peer known = method.isRsa() ? provider.rsa() : provider.hmac();
    Token granted = known.granted("alice");
    Token request = known.requestToken();
    Token madeUp = new Token("madeUpMadeUpMadeUpMadeUpMadeUp12", Fixtures.SHARED);
    Peer stranger = provider.peer("nobody", forger(method, "nobody"));
    Peer forger = provider.peer(known.key(), forger(method, known.key()));

    List<HttpResponse<String>> refusals = new ArrayList<>();
    refusals.add(stranger.whoAmI(granted));
    refusals.add(stranger.whoAmI(madeUp));
    refusals.add(forger.whoAmI(granted));
    refusals.add(forger.whoAmI(madeUp));
    refusals.add(forger.whoAmI(request));
    refusals.add(stranger.askRequestToken("oob"));
    refusals.add(forger.askRequestToken("oob"));
    refusals.add(stranger.exchange(request, "guess"));
    refusals.add(forger.exchange(request, "guess"));
    refusals.add(forger.exchange(madeUp, "guess"));
    refusals.add(forger.renew(granted, "guess"));

    assertThat(refusals).extracting(RefusalTest::shape).containsOnly(shape(refusals.get(0)));
    assertThat(refusals.get(0).statusCode()).isEqualTo(401);
  }

  @Test
  void refusalWhenTheForgerNamesTokensOfEveryStateThenTheAnswerIsOne() {
    Peer peer = provider.hmac();
    Token undecided = peer.requestToken();
    Token denied = peer.requestToken();
    provider.browser().signIn("alice").consent(denied).deny();
    Token allowed = peer.requestToken();
    String verifier = provider.browser().signIn("alice").consent(allowed).allow().verifier();
    Peer forger = provider.peer(peer.key(), forger(SignatureMethod.HMAC_SHA1, peer.key()));

    for (Token token : List.of(undecided, denied, allowed)) {
      Answered.problem(forger.exchange(token, verifier), 401, "signature_invalid");
      Answered.problem(forger.exchange(token, "wrong"), 401, "signature_invalid");
      Answered.problem(
          forger.post(Family.ATLASSIAN.accessToken, token, Map.of()), 401, "signature_invalid");
    }
    for (int guess = 0; guess < 10; guess++) {
      forger.exchange(allowed, "wrong" + guess);
    }
    assertThat(peer.exchange(allowed, verifier).statusCode()).isEqualTo(200);
  }

  @Test
  void nonceWhenASignatureIsBadThenNotSpent() {
    Peer peer = provider.hmac();
    Token token = peer.granted("alice");
    Signer right =
        peer.signer().withToken(token.value(), token.secret()).withNonces(() -> "the-nonce");
    Signer wrong =
        forger(SignatureMethod.HMAC_SHA1, peer.key())
            .withClock(provider.clock)
            .withToken(token.value(), token.secret())
            .withNonces(() -> "the-nonce");

    Answered.problem(peer.get(Peer.WHO_AM_I, wrong), 401, "signature_invalid");
    assertThat(peer.get(Peer.WHO_AM_I, right).body()).isEqualTo("alice");
    Answered.problem(peer.get(Peer.WHO_AM_I, right), 401, "nonce_used");
    Answered.problem(peer.get(Peer.WHO_AM_I, wrong), 401, "signature_invalid");
  }

  @Test
  void nonceWhenAnotherConsumerUsedItThenStillFresh() {
    Peer one = provider.rsa(consumer -> consumer.twoLegged("alice"));
    Peer two = provider.rsa(consumer -> consumer.twoLegged("alice"));

    assertThat(one.get(Peer.WHO_AM_I, one.signer().twoLegged().withNonces(() -> "n")).statusCode())
        .isEqualTo(200);
    assertThat(two.get(Peer.WHO_AM_I, two.signer().twoLegged().withNonces(() -> "n")).statusCode())
        .isEqualTo(200);
  }

  @Test
  void refusalWhenRecordedThenTheAuditSaysWhyWithoutSecrets() {
    Peer peer = provider.hmac();
    Token token = peer.granted("alice");
    provider.peer(peer.key(), forger(SignatureMethod.HMAC_SHA1, peer.key())).whoAmI(token);

    assertThat(provider.event("request").problem()).isEqualTo("signature_invalid");
    assertThat(provider.event("request").consumer()).isEqualTo(peer.key());
    assertThat(provider.events.toString())
        .doesNotContain(
            token.value(), token.secret().reveal(), Fixtures.SHARED.reveal(), "oauth_signature");
  }
}
