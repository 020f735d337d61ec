package dev.onbehalf.acceptance.service;

import static org.assertj.core.api.Assertions.assertThat;

import dev.onbehalf.acceptance.peers.EchoServer;
import dev.onbehalf.acceptance.peers.Ports;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;

/** Two services of the executable jar that link to each other, one command on each side. */
class TwoOnbehalfsTest {
  private static EchoServer echo;
  private static OnbehalfProcess one;
  private static OnbehalfProcess other;

  @BeforeAll
  static void start() {
    echo = EchoServer.start();
    one = start("one");
    other = start("other");
  }

  @AfterAll
  static void stop() {
    other.close();
    one.close();
    echo.close();
  }

  private static OnbehalfProcess start(String name) {
    int port = Ports.free();
    OnbehalfProcess process =
        OnbehalfProcess.start(
            port,
            """
              %s:
                public-url: http://127.0.0.1:%d
                upstream: %s
            links:
              private-networks: [127.0.0.0/8]
            """
                .formatted(name, port, echo.url()));
    process.addPerson("alice");
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
