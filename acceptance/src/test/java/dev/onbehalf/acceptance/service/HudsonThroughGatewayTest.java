package dev.onbehalf.acceptance.service;

import static org.assertj.core.api.Assertions.assertThat;

import dev.onbehalf.acceptance.clients.ClientLibrary.Answer;
import dev.onbehalf.acceptance.clients.ClientLibrary.Signing;
import dev.onbehalf.acceptance.clients.ClientLibrary.Token;
import dev.onbehalf.acceptance.clients.NetOAuthClient;
import dev.onbehalf.acceptance.peers.HudsonServer;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/** Signed requests reach a real CI server, whose crumbs stay on, as the person who asked. */
@ExtendWith(Deployment.Shared.class)
class HudsonThroughGatewayTest {
  private static final String ME = "/me/api/json";
  private static final Token NO_TOKEN = new Token("", "");
  private static final Map<String, Token> TOKENS = new ConcurrentHashMap<>();

  private final HttpClient http = HttpClient.newHttpClient();
  private final Deployment deployment;
  private final HudsonServer hudson;
  private final NetOAuthClient client;

  HudsonThroughGatewayTest(Deployment deployment) {
    this.deployment = deployment;
    this.hudson = deployment.hudson();
    this.client =
        new NetOAuthClient(deployment.settings(deployment.ci(""), Signing.RSA_SHA1, null));
  }

  @Test
  void callWhenAliceBuildsThreeLeggedThenCauseNamesAlice() {
    hudson.createJob("app");

    Answer answer = client.call("POST", deployment.ci("/job/app/build"), token("alice"));

    assertThat(answer.status()).as(answer.body()).isEqualTo(302);
    assertThat(hudson.awaitBuild("app", 1))
        .isEqualTo(new HudsonServer.Build(1, "SUCCESS", "alice"));
  }

  @Test
  void callWhenThreeLeggedThenUpstreamKnowsEachPerson() {
    assertThat(whoAnswers(client.call("GET", deployment.ci(ME), token("alice"))))
        .isEqualTo("alice");
    assertThat(whoAnswers(client.call("GET", deployment.ci(ME), token("bob")))).isEqualTo("bob");
  }

  @Test
  void callWhenImpersonatingThenUpstreamAnswersThatPerson() {
    URI asBob = deployment.ci(ME + "?xoauth_requestor_id=bob");
    URI asCarol = deployment.ci(ME + "?user_id=carol");

    assertThat(whoAnswers(client.callTwoLegged("GET", asBob))).isEqualTo("bob");
    assertThat(whoAnswers(client.callTwoLegged("GET", asCarol))).isEqualTo("carol");
  }

  @Test
  void callWhenImpersonatedPersonIsUnknownThenRefusedAndNotAnonymous() {
    Answer answer = client.callTwoLegged("GET", deployment.ci(ME + "?xoauth_requestor_id=nobody"));

    assertThat(answer.status()).isEqualTo(401);
    assertThat(answer.body()).doesNotContain("nobody");
  }

  @Test
  void callWhenTwoLeggedThenUpstreamAnswersTheExecuteAsUser() {
    assertThat(whoAnswers(client.callTwoLegged("GET", deployment.ci(ME)))).isEqualTo("reader");
  }

  @Test
  void callWhenBobMayNotBuildThenAnswerIsTheUpstreams() {
    hudson.createJob("forbidden");

    Answer answer = client.call("POST", deployment.ci("/job/forbidden/build"), token("bob"));

    assertThat(answer.status()).isEqualTo(403);
    assertThat(answer.body()).contains("bob is missing the Build permission");
    assertThat(hudson.nextBuildNumber("forbidden")).isEqualTo(1);
  }

  /**
   * Hudson's threads share one digest, so that under load it now and then refuses a right crumb.
   */
  @Test
  void callWhenPeopleChangeStateAtOnceThenCrumbsNeverMix() throws Exception {
    int failedChecks = 0;
    List<String> people = List.of("alice", "bob", "carol");
    people.forEach(person -> hudson.createJob("of-" + person));
    List<Future<Answer>> answers = new ArrayList<>();
    ExecutorService threads = Executors.newFixedThreadPool(6);
    try {
      people.forEach(HudsonThroughGatewayTest.this::token);
      for (int round = 0; round < 12; round++) {
        for (String person : people) {
          URI build = deployment.ci("/job/of-" + person + "/build");
          answers.add(threads.submit(() -> client.call("POST", build, token(person))));
        }
      }
      for (int i = 0; i < answers.size(); i++) {
        String person = people.get(i % people.size());
        Answer answer = answers.get(i).get();
        if (answer.body().contains("No valid crumb") || answer.status() == 500) {
          failedChecks++;
          answer =
              client.call("POST", deployment.ci("/job/of-" + person + "/build"), token(person));
        }
        assertThat(answer.status()).as(answer.body()).isEqualTo(person.equals("bob") ? 403 : 302);
        assertThat(answer.body()).doesNotContain("No valid crumb");
      }
    } finally {
      threads.shutdownNow();
    }
    assertThat(failedChecks).isLessThan(answers.size() / 3);
    assertThat(hudson.awaitUserNames("of-alice")).isNotEmpty().containsOnly("alice");
    assertThat(hudson.awaitUserNames("of-carol")).isNotEmpty().containsOnly("carol");
    assertThat(hudson.awaitUserNames("of-bob")).isEmpty();
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "X-Forwarded-User",
        "x-forwarded-user",
        "X_Forwarded_User",
        "X-Forwarded_User",
        "X-Remote-User"
      })
  void callWhenUnsignedWithForgedIdentityThenUpstreamSeesNobody(String header) throws Exception {
    HttpResponse<String> answer =
        http.send(
            HttpRequest.newBuilder(deployment.ci(ME))
                .header(header, "admin")
                .header(HudsonServer.SECRET_HEADER, "a guess of somebody")
                .build(),
            BodyHandlers.ofString());

    assertThat(answer.statusCode()).isEqualTo(403);
    assertThat(answer.body()).doesNotContain("\"id\"");
  }

  @Test
  void callWhenSignedWithForgedIdentityThenUpstreamSeesTheSigner() throws Exception {
    URI me = deployment.ci(ME);
    HttpResponse<String> answer =
        http.send(
            HttpRequest.newBuilder(me)
                .header("Authorization", client.authorization("GET", me, token("bob")))
                .header("X-Forwarded-User", "admin")
                .header("X_FORWARDED_USER", "admin")
                .build(),
            BodyHandlers.ofString());

    assertThat(whoAnswers(new Answer(answer.statusCode(), answer.body()))).isEqualTo("bob");
  }

  @Test
  void callWhenReplayedThenRefusedAndNothingStarts() throws Exception {
    hudson.createJob("once");
    URI build = deployment.ci("/job/once/build");
    HttpRequest request =
        HttpRequest.newBuilder(build)
            .header("Authorization", client.authorization("POST", build, token("alice")))
            .POST(BodyPublishers.noBody())
            .build();

    assertThat(http.send(request, BodyHandlers.ofString()).statusCode()).isEqualTo(302);
    HttpResponse<String> again = http.send(request, BodyHandlers.ofString());

    assertThat(again.statusCode()).isEqualTo(401);
    assertThat(again.headers().firstValue("WWW-Authenticate").orElse(""))
        .contains("oauth_problem=\"nonce_used\"");
    hudson.awaitBuild("once", 1);
    assertThat(hudson.awaitUserNames("once")).containsExactly("alice");
  }

  @Test
  void callWhenSignedForAnotherPathThenRefused() throws Exception {
    HttpResponse<String> answer =
        http.send(
            HttpRequest.newBuilder(deployment.ci("/api/json"))
                .header("Authorization", client.authorization("GET", deployment.ci(ME), NO_TOKEN))
                .build(),
            BodyHandlers.ofString());

    assertThat(answer.statusCode()).isEqualTo(401);
    assertThat(answer.headers().firstValue("WWW-Authenticate").orElse(""))
        .contains("oauth_problem=\"signature_invalid\"");
  }

  @Test
  void postWhenBrowserIsSignedInButBringsNoCrumbThenUpstreamRefuses() {
    hudson.createJob("from-browser");
    PersonBrowser browser = new PersonBrowser();
    PersonBrowser.Page signIn = browser.open(deployment.ci("/-/onbehalf/sign-in?returnTo=%2F"));
    browser.submit(
        signIn, Map.of("name", "alice", "password", OnbehalfProcess.passwordOf("alice")));

    assertThat(browser.open(deployment.ci(ME)).body()).contains("\"alice\"");
    PersonBrowser.Page answer = browser.post(deployment.ci("/job/from-browser/build"));

    assertThat(answer.status()).isEqualTo(403);
    assertThat(hudson.nextBuildNumber("from-browser")).isEqualTo(1);
  }

  @Test
  void auditWhenSomethingWasDecidedThenCommandTellsWhoAskedAsWhom() {
    client.callTwoLegged("GET", deployment.ci(ME + "?xoauth_requestor_id=bob"));
    client.callTwoLegged("GET", deployment.ci("/job/unheard/api/json?user_id=stranger"));

    String allowed = deployment.onbehalf().command("audit", "--json", "--person", "bob");
    String refused = deployment.onbehalf().command("audit", "--json", "--outcome", "refused");

    assertThat(allowed).contains("\"" + Deployment.RSA + "\"").contains(ME);
    assertThat(refused).contains("/job/unheard/api/json").contains("permission_denied");
    assertThat(allowed + refused).doesNotContain("user_id=").doesNotContain("stranger");
  }

  /** The token of a person, obtained once through sign-in and consent. */
  private Token token(String person) {
    return TOKENS.computeIfAbsent(
        person,
        name -> {
          Token request = client.requestToken("oob");
          String code = new PersonBrowser().allow(client.authorizationUrl(request), name);
          return client.accessToken(request, code);
        });
  }

  private static String whoAnswers(Answer answer) {
    assertThat(answer.status()).as(answer.body()).isEqualTo(200);
    JsonNode me = JsonMapper.shared().readTree(answer.body());
    return me.get("id").asString();
  }
}
