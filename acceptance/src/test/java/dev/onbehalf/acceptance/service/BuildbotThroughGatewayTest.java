package dev.onbehalf.acceptance.service;

import static org.assertj.core.api.Assertions.assertThat;

import dev.onbehalf.acceptance.clients.ClientLibrary.Signing;
import dev.onbehalf.acceptance.clients.ClientLibrary.Token;
import dev.onbehalf.acceptance.clients.NetOAuthClient;
import dev.onbehalf.acceptance.peers.BuildbotMaster;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;

/** An application that knows people by its own cookie, through the adapter {@code session}. */
@Tag("debian")
@ExtendWith(Deployment.Shared.class)
class BuildbotThroughGatewayTest {
  private final HttpClient http = HttpClient.newHttpClient();
  private final Deployment deployment;
  private final NetOAuthClient client;

  BuildbotThroughGatewayTest(Deployment deployment) {
    this.deployment = deployment;
    this.client =
        new NetOAuthClient(deployment.settings(deployment.buildbot(""), Signing.RSA_SHA1, null));
  }

  @Test
  void forceWhenPeopleAskAtOnceThenEachHasTheirOwnSession() throws Exception {
    try (BuildbotMaster buildbot = BuildbotMaster.start(deployment.buildbotPort())) {
      List<String> people = List.of("bob", "alice", "bob", "alice", "bob", "alice");
      List<Future<HttpResponse<String>>> answers = new ArrayList<>();
      ExecutorService threads = Executors.newFixedThreadPool(people.size());
      try {
        for (String person : people) {
          answers.add(threads.submit(() -> force(person)));
        }
        for (int i = 0; i < people.size(); i++) {
          HttpResponse<String> answer = answers.get(i).get();
          int expected = people.get(i).equals("alice") ? 200 : 403;
          assertThat(answer.statusCode()).as(answer.body()).isEqualTo(expected);
          assertThat(answer.headers().firstValue("Set-Cookie")).isEmpty();
        }
      } finally {
        threads.shutdownNow();
      }
      for (int build = 1; build <= 3; build++) {
        assertThat(buildbot.awaitOwner(build)).isEqualTo("alice");
      }
      assertThat(buildbot.requests()).isEqualTo(3);

      URI force = deployment.buildbot(BuildbotMaster.FORCE_PATH);
      HttpRequest forged =
          HttpRequest.newBuilder(force)
              .header("Content-Type", "application/json")
              .header(BuildbotMaster.USER_HEADER, "alice")
              .POST(BodyPublishers.ofString(BuildbotMaster.FORCE_BODY))
              .build();
      assertThat(http.send(forged, BodyHandlers.ofString()).statusCode()).isEqualTo(403);
    }
  }

  private HttpResponse<String> force(String person) throws Exception {
    URI force = deployment.buildbot(BuildbotMaster.FORCE_PATH + "?xoauth_requestor_id=" + person);
    return http.send(
        HttpRequest.newBuilder(force)
            .header("Authorization", client.authorization("POST", force, new Token("", "")))
            .header("Content-Type", "application/json")
            .POST(BodyPublishers.ofString(BuildbotMaster.FORCE_BODY))
            .build(),
        BodyHandlers.ofString());
  }
}
