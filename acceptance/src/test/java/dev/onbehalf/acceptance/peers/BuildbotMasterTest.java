package dev.onbehalf.acceptance.peers;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

@Tag("debian")
class BuildbotMasterTest {

  @Test
  void forceWhenSessionIsAlicesThenBuildIsHers() {
    try (BuildbotMaster buildbot = BuildbotMaster.start()) {
      assertThat(buildbot.force(buildbot.signIn("bob"))).isEqualTo(403);
      assertThat(buildbot.requests()).isZero();
      assertThat(buildbot.force(buildbot.signIn("alice"))).isEqualTo(200);
      assertThat(buildbot.awaitOwner(1)).isEqualTo("alice");
    }
  }
}
