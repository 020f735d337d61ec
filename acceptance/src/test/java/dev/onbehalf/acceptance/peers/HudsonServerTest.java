package dev.onbehalf.acceptance.peers;

import static org.assertj.core.api.Assertions.assertThat;

import dev.onbehalf.acceptance.peers.HudsonServer.Build;
import dev.onbehalf.acceptance.peers.HudsonServer.Security;
import org.junit.jupiter.api.Test;

class HudsonServerTest {

  @Test
  void startWhenFullControlOnceLoggedInThenHeaderNamesTheUser() {
    try (HudsonServer hudson = HudsonServer.start(Security.FULL_CONTROL_ONCE_LOGGED_IN)) {
      hudson.createJob("app");

      assertThat(hudson.get("/api/json", null).statusCode()).isEqualTo(200);
      assertThat(hudson.get("/me/api/json", null).statusCode()).isEqualTo(403);
      assertThat(hudson.get("/me/api/json", "alice").body()).contains("\"id\":\"alice\"");
      assertThat(hudson.post("/job/app/build", "alice", null).statusCode()).isEqualTo(302);
      assertThat(hudson.awaitBuild("app", 1)).isEqualTo(new Build(1, "SUCCESS", "alice"));
    }
  }

  @Test
  void startWhenMatrixAndCrumbsThenPermissionAndOwnCrumbAreNeeded() {
    try (HudsonServer hudson = HudsonServer.startGuarded(Security.MATRIX_AND_CRUMBS)) {
      hudson.createJob("app");
      String alices = hudson.crumb("alice");
      String bobs = hudson.crumb("bob");

      assertThat(alices).isNotNull().isNotEqualTo(bobs);
      assertThat(hudson.get("/job/app/api/json", null).statusCode()).isEqualTo(403);
      assertThat(hudson.get("/job/app/api/json", "bob").statusCode()).isEqualTo(200);
      assertThat(hudson.post("/job/app/build", "alice", null).statusCode()).isEqualTo(403);
      assertThat(hudson.post("/job/app/build", "alice", bobs).statusCode()).isEqualTo(403);
      assertThat(hudson.post("/job/app/build", "bob", bobs).statusCode()).isEqualTo(403);
      assertThat(hudson.nextBuildNumber("app")).isEqualTo(1);
      assertThat(hudson.post("/job/app/build", "alice", alices).statusCode()).isEqualTo(302);
      assertThat(hudson.awaitBuild("app", 1)).isEqualTo(new Build(1, "SUCCESS", "alice"));
    }
  }
}
