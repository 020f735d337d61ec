package dev.onbehalf.server.receive;

import static dev.onbehalf.server.receive.ReceivingServer.json;
import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Path;
import java.time.Clock;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import tools.jackson.databind.JsonNode;

/**
 * What the server sends itself, to try the site, is shown to nobody, not even while it is there.
 */
final class OwnTriesTest {
  private static final List<String> PAGES =
      List.of(
          "/issues/" + Credential.OWN_ISSUE,
          "/issues/ABC-1",
          "/projects",
          "/projects/" + Credential.OWN_PROJECT,
          "/projects/ABC",
          "/panel/issues/" + Credential.OWN_ISSUE,
          "/panel/projects/" + Credential.OWN_PROJECT,
          "/panel/projects/ABC",
          "/environments",
          "/pipelines",
          "/pipelines/1",
          "/pipelines/2",
          "/query?q=",
          "/query?q=&show=issues",
          "/query?q=pipeline%20~%20a&complete=",
          "/-/onbehalf/query?q=",
          "/-/onbehalf/query?q=&format=csv&show=issues",
          "/-/onbehalf/query/completions?q=pipeline%20%3D%20",
          "/-/onbehalf/query/completions?q=sender%20%3D%20");

  @TempDir Path data;

  @Test
  void pagesWhenTheServerTriesItselfThenOthersBuildsAreShownAndItsOwnIsNot() throws Exception {
    try (Front front = new Front();
        ReceivingServer server =
            new ReceivingServer(
                data,
                Clock.systemUTC(),
                front,
                "receive.frame-origins=https://jira.example.com",
                "receive.administrators=alice")) {
      String token = server.token(server.credential("ci", "builds"));
      json(
          server.send(
              "POST",
              server.path("builds", "bulk"),
              token,
              ReceivingServer.build("shop", 7, 1, "failed", "ABC-1")),
          202);
      PersonAtPages alice = PersonAtPages.signedIn(server, "alice");
      Map<String, String> seen = new LinkedHashMap<>();
      front.beforeDeletion(() -> PAGES.forEach(path -> seen.put(path, alice.get(path).body())));

      JsonNode health = json(server.admin("POST", "/api/health", null), 200);

      assertThat(health.toString()).contains("submit, read and delete work");
      assertThat(seen).containsOnlyKeys(PAGES);
      assertThat(seen)
          .allSatisfy(
              (path, page) ->
                  assertThat(page)
                      .as(path)
                      .doesNotContain("onbehalf-monitor")
                      .doesNotContain("look at itself"));
      for (String path : List.of("/issues/ABC-1", "/query?q=", "/projects/ABC", "/pipelines")) {
        assertThat(seen.get(path)).as(path).contains("shop");
      }
      assertThat(alice.get("/credentials").body())
          .contains("onbehalf-monitor", "this server's own, to try itself");
    }
  }
}
