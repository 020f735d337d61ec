package dev.onbehalf.acceptance.service;

import static org.assertj.core.api.Assertions.assertThat;

import dev.onbehalf.acceptance.peers.HudsonServer;
import dev.onbehalf.acceptance.peers.HudsonServer.Security;
import dev.onbehalf.acceptance.peers.Ports;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

/**
 * Two services of the executable jar that link to each other, one command on each side, both in
 * front of a real CI server.
 */
@Tag("long")
class TwoOnbehalfsTest {
  private static HudsonServer hudson;
  private static OnbehalfProcess one;
  private static OnbehalfProcess other;

  @BeforeAll
  static void start() {
    hudson = HudsonServer.startGuarded(Security.MATRIX_AND_CRUMBS);
    one = startInFront();
    other = startInFront();
  }

  @AfterAll
  static void stop() {
    other.close();
    one.close();
    hudson.close();
  }

  private static OnbehalfProcess startInFront() {
    int port = Ports.free();
    OnbehalfProcess process =
        OnbehalfProcess.start(
            port,
            Fronts.hudson("ci", "http://127.0.0.1:" + port, hudson)
                + """
                links:
                  private-networks: [127.0.0.0/8]
                """);
    process.addPeople("alice", "bob");
    return process;
  }

  @Test
  void linkWhenBothSidesSaidBothWaysThenAliceActsAsHerselfThereAndBack() {
    assertThat(link(one, other, "other")).contains("It may call this server as the consumer");
    assertThat(one.tryCommand("link", "test", "other", "--as", "alice").exit()).isEqualTo(1);

    link(other, one, "one");

    assertThat(one.command("link", "test", "other", "--as", "alice"))
        .contains("as alice, by impersonation: It runs as alice.");
    assertThat(other.command("link", "test", "one", "--as", "alice"))
        .contains("as alice, by impersonation: It runs as alice.");
    Command.Result stranger = one.tryCommand("link", "test", "other", "--as", "mallory");
    assertThat(stranger.exit()).isEqualTo(1);
    assertThat(stranger.out()).contains("there is no person 'mallory'");
    assertPeopleBuildAsThemselves(one, other, "other", "there");
    assertPeopleBuildAsThemselves(other, one, "one", "back");
  }

  /** Alice's build names her as its cause; Bob, who may not build, is refused as Bob. */
  private static void assertPeopleBuildAsThemselves(
      OnbehalfProcess here, OnbehalfProcess there, String link, String job) {
    hudson.createJob(job);
    String path = "/job/" + job + "/build";
    here.command("link", "edit", link, "--three-legged", "false");

    here.command("request", link, "POST", path, "--as", "alice");
    Command.Result refused = here.tryCommand("request", link, "POST", path, "--as", "bob");

    assertThat(hudson.awaitBuild(job, 1)).isEqualTo(new HudsonServer.Build(1, "SUCCESS", "alice"));
    assertThat(refused.exit()).isEqualTo(1);
    assertThat(refused.out()).contains("bob is missing the Build permission");
    assertThat(hudson.nextBuildNumber(job)).isEqualTo(2);
    assertThat(there.command("audit", "--json", "--person", "alice")).contains(path);
  }

  private static String link(OnbehalfProcess here, OnbehalfProcess there, String name) {
    return here.command(
        "link",
        "add",
        there.at("127.0.0.1", "").toString(),
        "--name",
        name,
        "--both-ways",
        "--impersonation",
        "true",
        "--private-addresses",
        "true");
  }
}
