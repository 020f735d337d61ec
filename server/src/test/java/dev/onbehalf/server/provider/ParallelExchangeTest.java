package dev.onbehalf.server.provider;

import static org.assertj.core.api.Assertions.assertThat;

import dev.onbehalf.oauth1.SignedParameters;
import dev.onbehalf.oauth1.Signer;
import dev.onbehalf.server.provider.Peer.Family;
import dev.onbehalf.server.provider.Peer.Token;
import dev.onbehalf.server.store.Database;
import dev.onbehalf.server.store.OnEachDatabase;
import dev.onbehalf.server.store.TestDatabase;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import org.junit.jupiter.api.Test;

/**
 * What many requests at once, at one node or two, can get out of the provider: no more than one.
 */
final class ParallelExchangeTest {
  private static final int REQUESTS = 200;
  private final HttpClient client = HttpClient.newHttpClient();

  private CompletableFuture<HttpResponse<String>> send(TestProvider node, byte[] form) {
    return client.sendAsync(
        HttpRequest.newBuilder(
                URI.create(
                    "http://127.0.0.1:" + node.server().port() + Family.ATLASSIAN.accessToken))
            .timeout(Duration.ofSeconds(60))
            .header("Content-Type", "application/x-www-form-urlencoded")
            .POST(BodyPublishers.ofByteArray(form))
            .build(),
        BodyHandlers.ofString());
  }

  private List<HttpResponse<String>> exchangeAtOnce(
      Peer peer, Token token, Map<String, String> extra, List<TestProvider> nodes) {
    String url = TestProvider.URL.with(Family.ATLASSIAN.accessToken);
    List<byte[]> forms = new ArrayList<>();
    for (int i = 0; i < REQUESTS; i++) {
      forms.add(peer.signer(token).sign("POST", url, null, extra).form());
    }
    List<CompletableFuture<HttpResponse<String>>> sent = new ArrayList<>();
    for (int i = 0; i < REQUESTS; i++) {
      sent.add(send(nodes.get(i % nodes.size()), forms.get(i)));
    }
    return sent.stream().map(CompletableFuture::join).toList();
  }

  private static Token winner(List<HttpResponse<String>> responses) {
    List<HttpResponse<String>> won =
        responses.stream().filter(response -> response.statusCode() == 200).toList();
    assertThat(won).hasSize(1);
    responses.stream()
        .filter(response -> response.statusCode() != 200)
        .forEach(response -> Answered.problem(response, 401, "token_rejected"));
    return Token.in(won.get(0));
  }

  @OnEachDatabase
  void exchangeWhenTwoHundredArriveAtOnceThenExactlyOneWins(TestDatabase database) {
    try (TestProvider provider = TestProvider.on(database)) {
      Peer peer = provider.hmac();
      Token token = peer.requestToken();
      String verifier = provider.browser().signIn("alice").consent(token).allow().verifier();

      Token won =
          winner(
              exchangeAtOnce(peer, token, Map.of("oauth_verifier", verifier), List.of(provider)));

      assertThat(peer.whoAmI(won).body()).isEqualTo("alice");
      assertThat(provider.count("access_token")).isEqualTo(1);
    }
  }

  @OnEachDatabase
  void renewWhenTwoHundredArriveAtOnceThenExactlyOneWins(TestDatabase database) {
    try (TestProvider provider = TestProvider.on(database)) {
      Peer peer = provider.rsa();
      HttpResponse<String> granted = peer.dance("alice");
      String handle = Answered.parameter(granted, "oauth_session_handle");

      Token won =
          winner(
              exchangeAtOnce(
                  peer,
                  Token.in(granted),
                  Map.of("oauth_session_handle", handle),
                  List.of(provider)));

      assertThat(peer.whoAmI(won).body()).isEqualTo("alice");
      assertThat(provider.count("access_token")).isEqualTo(1);
    }
  }

  @Test
  void exchangeWhenTwoNodesShareADatabaseThenExactlyOneWins() {
    try (TestDatabase database = TestDatabase.create(Database.Dialect.POSTGRESQL);
        TestProvider one = TestProvider.on(database);
        TestProvider two = TestProvider.on(database)) {
      Peer peer = one.hmac();
      Token token = peer.requestToken();
      String verifier = two.browser().signIn("alice").consent(token).allow().verifier();

      Token won =
          winner(
              exchangeAtOnce(peer, token, Map.of("oauth_verifier", verifier), List.of(one, two)));

      assertThat(new Peer(two, peer.key(), peer.signer()).whoAmI(won).body()).isEqualTo("alice");
    }
  }

  @Test
  void nonceWhenSpentAtOneNodeThenUsedAtTheOtherAndAfterARestart() {
    try (TestDatabase database = TestDatabase.create(Database.Dialect.POSTGRESQL)) {
      String replayed;
      try (TestProvider one = TestProvider.on(database);
          TestProvider two = TestProvider.on(database)) {
        Peer peer = one.rsa(consumer -> consumer.twoLegged("alice"));
        Signer signer = peer.signer().twoLegged();
        SignedParameters signed = signer.sign("GET", TestProvider.URL.with(Peer.WHO_AM_I));
        replayed = signed.authorizationHeader();
        assertThat(peer.get(Peer.WHO_AM_I, replayed).body()).isEqualTo("alice");
        Answered.problem(
            new Peer(two, peer.key(), peer.signer()).get(Peer.WHO_AM_I, replayed),
            401,
            "nonce_used");
      }
      try (TestProvider restarted = TestProvider.on(database)) {
        Peer peer = restarted.peer("unused", Fixtures.rsaSigner("unused"));
        Answered.problem(peer.get(Peer.WHO_AM_I, replayed), 401, "nonce_used");
      }
    }
  }

  @Test
  void revokeWhenDoneAtOneNodeThenTheOtherForgetsTheTokenToo() {
    try (TestDatabase database = TestDatabase.create(Database.Dialect.POSTGRESQL);
        TestProvider one = TestProvider.on(database);
        TestProvider two = TestProvider.on(database)) {
      Peer peer = one.rsa();
      Token token = peer.granted("alice");
      Peer there = new Peer(two, peer.key(), peer.signer());
      assertThat(there.whoAmI(token).body()).isEqualTo("alice");

      one.administration().revokeAllOfPerson(TestProvider.ADMIN, "alice");

      Await.until(() -> there.whoAmI(token).statusCode() == 401);
      Answered.problem(there.whoAmI(token), 401, "token_rejected");
    }
  }
}
