package dev.onbehalf.server.monitor;

import static org.assertj.core.api.Assertions.assertThat;

import dev.onbehalf.delivery.DeliveryReceiver;
import dev.onbehalf.server.config.DatabaseConfig;
import dev.onbehalf.server.store.OnEachDatabase;
import dev.onbehalf.server.store.TestDatabase;
import dev.onbehalf.server.wire.StubUpstream;
import dev.onbehalf.server.wire.TestHttp;
import java.io.IOException;
import java.net.http.HttpResponse;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import tools.jackson.databind.JsonNode;

/** The checks of a whole server, on what really happens. */
class RoundTripTest {
  @TempDir Path data;

  private static JsonNode check(JsonNode health, String name) {
    for (JsonNode check : health.path("checks")) {
      if (check.path("name").asString().equals(name)) {
        return check;
      }
    }
    throw new AssertionError("There is no check " + name + " in " + health);
  }

  @OnEachDatabase
  void receiveWhenItWorksThenNothingIsLeftAndNobodySeesIt(TestDatabase database)
      throws IOException {
    int port = TestHttp.freePort();
    List<String> settings = new ArrayList<>();
    settings.add("receive.public-url=http://127.0.0.1:" + port);
    settings.add("receive.projects=ABC");
    DatabaseConfig config = database.config();
    if (config.url() != null) {
      settings.add("database.url=" + config.url());
      settings.add("database.user=" + config.user());
    }
    try (WatchedServer server = new WatchedServer(data, port, settings.toArray(String[]::new))) {
      JsonNode health = server.json("POST", "/api/health", null);
      JsonNode check = check(health, "receive");
      assertThat(check.path("healthy").asBoolean(false)).as(check.toString()).isTrue();
      assertThat(check.path("detail").asString()).contains("submit, read and delete work");
      assertThat(check(server.json("GET", "/api/health", null), "receive").path("since").asString())
          .isEqualTo(check.path("since").asString());

      JsonNode credential = server.json("GET", "/api/credentials/onbehalf-monitor", null);
      assertThat(credential.path("projects").get(0).asString()).isEqualTo("ONBEHALF_MONITOR");
      assertThat(server.metrics().value("onbehalf_check_healthy", Map.of("check", "receive")))
          .isEqualTo(1);
      assertThat(server.metrics().types())
          .containsKeys("onbehalf_check_duration_seconds", "onbehalf_check_tried_seconds");
      for (Object refused :
          List.of(
              Map.of("name", "Onbehalf-Monitor", "scopes", List.of("read:builds")),
              Map.of(
                  "name",
                  "mine",
                  "scopes",
                  List.of("read:builds"),
                  "projects",
                  List.of("ONBEHALF_MONITOR")))) {
        HttpResponse<String> answer = server.admin("POST", "/api/credentials", refused);
        assertThat(answer.statusCode()).as(answer.body()).isEqualTo(400);
      }
    }
  }

  @Test
  void receiveWhenAProxyBeforeItIsDownThenTheSentenceSaysSoUntilItIsBack() throws Exception {
    int dead = TestHttp.freePort();
    try (HookReceiver hook = new HookReceiver()) {
      Path file = Files.writeString(data.resolve("hook.secret"), hook.url());
      try (WatchedServer server =
          new WatchedServer(
              data.resolve("data"),
              "receive.public-url=http://127.0.0.1:" + dead,
              "monitor.webhook-file=" + file)) {
        JsonNode check = check(server.json("POST", "/api/health", null), "receive");
        assertThat(check.path("healthy").asBoolean(true)).isFalse();
        assertThat(check.path("detail").asString()).contains("cannot be reached");
        JsonNode told = hook.next();
        assertThat(told.at("/changes/0/check").asString()).isEqualTo("receive");
        assertThat(told.toString()).doesNotContain("secret-of-the-hook");
        long end = System.nanoTime() + TimeUnit.SECONDS.toNanos(30);
        while (!audit(server).contains("check-failed") && System.nanoTime() < end) {
          Thread.onSpinWait();
        }
        assertThat(audit(server)).contains("check-failed");
      }
    }
  }

  private static String audit(WatchedServer server) throws IOException {
    return server.json("GET", "/api/audit", null).toString();
  }

  @Test
  void linkWhenItsPeerIsDownThenTheSentenceSaysSoUntilItIsBack() throws IOException {
    try (StubUpstream peer = new StubUpstream();
        WatchedServer server = new WatchedServer(data)) {
      peer.script((request, wire) -> StubUpstream.answer(503, "busy"));
      server.json(
          "POST",
          "/api/links",
          Map.of(
              "name",
              "jira",
              "url",
              "http://127.0.0.1:" + peer.port(),
              "privateAddresses",
              true,
              "threeLegged",
              false,
              "twoLegged",
              true));
      JsonNode down = check(server.json("POST", "/api/health", null), "link jira");
      assertThat(down.path("healthy").asBoolean(true)).as(down.toString()).isFalse();
      assertThat(down.path("detail").asString()).contains("503");

      peer.script((request, wire) -> StubUpstream.answer(404, "no such page"));
      JsonNode back = check(server.json("POST", "/api/health", null), "link jira");
      assertThat(back.path("healthy").asBoolean(false)).as(back.toString()).isTrue();
    }
  }

  @Test
  void siteWhenItsCredentialIsRefusedThenTheSentenceSaysSoUntilItIsRight() throws IOException {
    try (DeliveryReceiver jira = DeliveryReceiver.start()) {
      Path secret = Files.writeString(data.resolve("jira.secret"), DeliveryReceiver.CLIENT_SECRET);
      Path delivery =
          Files.writeString(
              data.resolve("delivery.yaml"),
              """
              sites:
                - name: main
                  site: example.atlassian.net
                  client-id: client-7
                  client-secret-file: %1$s
                  site-url: %2$s
                  api-url: %2$s
                - name: other
                  site: other.atlassian.net
                  client-id: nobody
                  client-secret-file: %1$s
                  site-url: %2$s
                  api-url: %2$s
              """
                  .formatted(secret, jira.url()));
      try (WatchedServer server =
          new WatchedServer(data.resolve("data"), "delivery.file=" + delivery)) {
        JsonNode health = server.json("POST", "/api/health", null);
        JsonNode main = check(health, "site main");
        assertThat(main.path("healthy").asBoolean(false)).as(main.toString()).isTrue();
        JsonNode other = check(health, "site other");
        assertThat(other.path("healthy").asBoolean(true)).as(other.toString()).isFalse();
        assertThat(other.toString()).doesNotContain(DeliveryReceiver.CLIENT_SECRET);
        assertThat(jira.arrivals()).as("nothing is sent").isEmpty();

        jira.down();
        JsonNode down = check(server.json("POST", "/api/health", null), "site main");
        assertThat(down.path("healthy").asBoolean(true)).isFalse();
        assertThat(server.metrics().value("onbehalf_check_healthy", Map.of("check", "site main")))
            .isZero();
        jira.up();
        JsonNode back = check(server.json("POST", "/api/health", null), "site main");
        assertThat(back.path("healthy").asBoolean(false)).as(back.toString()).isTrue();
      }
    }
  }

  @Test
  void checksWhenSwitchedOffThenNoneRunAndHealthSaysHow() throws IOException {
    try (WatchedServer server = new WatchedServer(data, "monitor.checks=off")) {
      HttpResponse<String> answer = server.admin("POST", "/api/health", null);
      assertThat(answer.statusCode()).isEqualTo(409);
      assertThat(answer.body()).contains("monitor.checks");
    }
  }
}
