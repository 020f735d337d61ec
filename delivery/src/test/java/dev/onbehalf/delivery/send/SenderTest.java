package dev.onbehalf.delivery.send;

import static dev.onbehalf.delivery.TestReports.build;
import static dev.onbehalf.delivery.TestReports.deployment;
import static dev.onbehalf.delivery.TestReports.remoteLink;
import static dev.onbehalf.delivery.TestReports.repository;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.onbehalf.delivery.Build;
import dev.onbehalf.delivery.DeliveryReceiver;
import dev.onbehalf.delivery.DeliveryReceiver.Reply;
import dev.onbehalf.delivery.Report;
import dev.onbehalf.delivery.Secret;
import dev.onbehalf.delivery.send.SiteResult.Outcome;
import java.net.URI;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;
import org.junit.jupiter.params.provider.ValueSource;

class SenderTest {
  private final DeliveryReceiver receiver = DeliveryReceiver.start();
  private final ManualClock clock = new ManualClock();

  @AfterEach
  void stop() {
    receiver.close();
    assertThat(receiver.faults()).isEmpty();
  }

  private Sender.Builder sender(Site... sites) {
    Sender.Builder builder =
        Sender.builder().clock(clock).sleeper(clock).random(() -> 0.5).property("serverId", "ci-1");
    for (Site site : sites) {
      builder.site(site);
    }
    return builder;
  }

  private SiteResult send(Report report) {
    try (Sender sender = sender(receiver.cloudSite()).build()) {
      return sender.send(report).sites().get(0);
    }
  }

  static Stream<Report> everyKind() {
    return Stream.of(
        build(1).build(),
        deployment(1).build(),
        remoteLink("link-1").build(),
        repository("repo-1").build());
  }

  @ParameterizedTest
  @MethodSource("everyKind")
  void sendWhenReportIsRightThenAcceptedAfterTenantTokenAndBulk(Report report) {
    assertThat(send(report).outcome()).isEqualTo(Outcome.ACCEPTED);
    assertThat(receiver.requests())
        .extracting(DeliveryReceiver.Request::path)
        .containsExactlyInAnyOrder(
            "/_edge/tenant_info",
            "/oauth/token",
            "/jira/" + report.type().cloudPath() + "/cloud/cloud-1/bulk");
    assertThat(receiver.requests().get(2).path()).endsWith("/bulk");
    assertThat(receiver.requests().get(2).body()).doesNotContain("null");
    assertThat(receiver.arrivals().get(0).number()).isEqualTo(clock.instant().toEpochMilli());
  }

  @Test
  void sendWhenThousandReportsThenOneToken() {
    try (Sender sender = sender(receiver.cloudSite()).build()) {
      for (int i = 1; i <= 1000; i++) {
        assertThat(sender.send(build(i).build()).complete()).isTrue();
      }
    }
    assertThat(receiver.tokensGiven()).isEqualTo(1);
    assertThat(receiver.requests("/tenant_info")).hasSize(1);
    assertThat(receiver.arrivals()).hasSize(1000).allMatch(DeliveryReceiver.Arrival::stored);
  }

  @Test
  void sendWhenTokenNearsItsEndThenAnotherIsAsked() {
    receiver.tokensLiveSeconds(900);
    try (Sender sender = sender(receiver.cloudSite()).build()) {
      sender.send(build(1).build());
      clock.advance(Duration.ofSeconds(839));
      sender.send(build(2).build());
      assertThat(receiver.tokensGiven()).isEqualTo(1);
      clock.advance(Duration.ofSeconds(1));
      sender.send(build(3).build());
    }
    assertThat(receiver.tokensGiven()).isEqualTo(2);
  }

  @Test
  void sendWhenTokenIsRefusedThenAnotherIsAskedOnce() {
    try (Sender sender = sender(receiver.cloudSite()).build()) {
      sender.send(build(1).build());
      receiver.revokeTokens();
      assertThat(sender.send(build(2).build()).complete()).isTrue();
    }
    assertThat(receiver.tokensGiven()).isEqualTo(2);
    assertThat(clock.slept()).isEmpty();
  }

  @Test
  void sendWhenEveryTokenIsRefusedThenMisconfigured() {
    receiver.plan(Reply.of(401), Reply.of(401));
    SiteResult result = send(build(1).build());
    assertThat(result.outcome()).isEqualTo(Outcome.NOT_SENT);
    assertThat(result.problem().orElseThrow().kind())
        .isEqualTo(DeliveryException.Kind.MISCONFIGURED);
    assertThat(receiver.tokensGiven()).isEqualTo(2);
  }

  @Test
  void sendWhenSecretIsWrongThenMisconfiguredWithoutTheSecret() {
    Site site =
        Site.cloud("example.atlassian.net", DeliveryReceiver.CLIENT_ID, Secret.of("wr0ng"))
            .reachedBy(URI.create(receiver.url()), URI.create(receiver.url()));
    try (Sender sender = sender(site).build()) {
      SiteResult result = sender.send(build(1).build()).sites().get(0);
      assertThat(result.problem().orElseThrow())
          .hasMessageContaining("check the client id and secret")
          .hasMessageNotContaining("wr0ng");
    }
  }

  @Test
  void sendWhenSomeKeysAreUnknownThenAcceptedInPartNamesThem() {
    SiteResult result = send(build(1).issueKeys(List.of("ABC-1", "NOPE-2")).build());
    assertThat(result.outcome()).isEqualTo(Outcome.ACCEPTED_IN_PART);
    assertThat(result.accepted()).containsExactly("build team/app main / 1");
    assertThat(result.unknownIssueKeys()).containsExactly("NOPE-2");
  }

  @ParameterizedTest
  @MethodSource("unknownOnly")
  void sendWhenAllKeysAreUnknownThenRejectedWithTheReason(Report report) {
    SiteResult result = send(report);
    assertThat(result.outcome()).isEqualTo(Outcome.REJECTED);
    assertThat(result.rejected().get(0).reasons().get(0))
        .startsWith("No valid issues found for " + report.type().noun())
        .contains("trace-9");
    assertThat(result.unknownIssueKeys()).containsExactly("NOPE-1");
  }

  static Stream<Report> unknownOnly() {
    List<String> keys = List.of("NOPE-1");
    return Stream.of(
        build(1).issueKeys(keys).build(),
        dev.onbehalf.delivery.RemoteLink.builder()
            .id("x")
            .displayName("x")
            .url("https://ci.example.com/")
            .type(dev.onbehalf.delivery.RemoteLink.Type.OTHER)
            .lastUpdated(dev.onbehalf.delivery.TestReports.NOW)
            .issueKeys(keys)
            .build());
  }

  @Test
  void sendWhenTooManyRequestsThenWaitsAtLeastRetryAfter() {
    receiver.plan(Reply.of(429, "Retry-After", "7"), Reply.of(429, "Retry-After", "1"));
    assertThat(send(build(1).build()).outcome()).isEqualTo(Outcome.ACCEPTED);
    assertThat(clock.slept()).containsExactly(Duration.ofMillis(7300), Duration.ofMillis(4000));
  }

  @Test
  void sendWhenTooManyRequestsWithoutRetryAfterThenDoubles() {
    receiver.plan(Reply.of(429), Reply.of(503), Reply.drop());
    assertThat(send(build(1).build()).outcome()).isEqualTo(Outcome.ACCEPTED);
    assertThat(clock.slept())
        .containsExactly(Duration.ofSeconds(2), Duration.ofSeconds(4), Duration.ofSeconds(8));
  }

  @Test
  void sendWhenRetryAfterIsADateThenWaitsUntilThen() {
    receiver.plan(Reply.of(503, "Retry-After", "Mon, 5 Jan 2026 10:11:32 GMT"));
    assertThat(send(build(1).build()).outcome()).isEqualTo(Outcome.ACCEPTED);
    assertThat(clock.slept()).containsExactly(Duration.ofMillis(19655 + 300));
  }

  @Test
  void sendWhenRateLimitNamesItsResetThenWaitsUntilThen() {
    receiver.plan(Reply.of(429, "X-RateLimit-Reset", "2026-01-05T10:11:22.345Z"));
    assertThat(send(build(1).build()).outcome()).isEqualTo(Outcome.ACCEPTED);
    assertThat(clock.slept()).containsExactly(Duration.ofMillis(10_300));
  }

  @Test
  void sendWhenRetryAfterIsBeyondPatienceThenGivesUpAtOnce() {
    receiver.plan(Reply.of(429, "Retry-After", "3600"));
    SiteResult result = send(build(1).build());
    assertThat(result.outcome()).isEqualTo(Outcome.NOT_SENT);
    assertThat(result.problem().orElseThrow().kind()).isEqualTo(DeliveryException.Kind.UNREACHABLE);
    assertThat(clock.slept()).isEmpty();
  }

  @Test
  void sendWhenFourAttemptsFailThenUnreachable() {
    receiver.plan(Reply.of(500), Reply.of(502), Reply.drop(), Reply.of(504), Reply.of(500));
    SiteResult result = send(build(1).build());
    assertThat(result.problem().orElseThrow()).hasMessageContaining("after 4 attempt(s)");
    assertThat(receiver.requests("/bulk")).hasSize(4);
  }

  @Test
  void sendWhenRedirectedThenNotFollowedAndNewHostNamed() {
    receiver.plan(Reply.of(302, "Location", "https://renamed.atlassian.net/x"));
    SiteResult result = send(build(1).build());
    assertThat(result.problem().orElseThrow())
        .hasMessageContaining("renamed.atlassian.net")
        .extracting(DeliveryException::kind)
        .isEqualTo(DeliveryException.Kind.MISCONFIGURED);
    assertThat(receiver.requests("/bulk")).hasSize(1);
  }

  @ParameterizedTest
  @ValueSource(strings = {"{\"acceptedBuilds\":[{\"pipe", "<html>busy</html>", "\"yes\""})
  void sendWhenAnswerIsBrokenThenSentAgainWithTheSameNumber(String body) {
    receiver.plan(Reply.withBody(202, body));
    SiteResult result = send(build(1).build());
    if (body.equals("\"yes\"")) {
      assertThat(result.outcome()).isEqualTo(Outcome.NOT_SENT);
    } else {
      assertThat(result.outcome()).isEqualTo(Outcome.ACCEPTED);
      assertThat(receiver.requests("/bulk").get(0).body())
          .isEqualTo(receiver.requests("/bulk").get(1).body());
    }
  }

  @Test
  void sendWhenAnswerNamesNothingThenNotTakenForSuccess() {
    receiver.plan(Reply.withBody(202, "{}"));
    SiteResult result = send(build(1).build());
    assertThat(result.outcome()).isEqualTo(Outcome.REJECTED);
    assertThat(result.rejected().get(0).reasons().get(0)).contains("neither");
  }

  @Test
  void sendWhenTooLargeThenSplitUntilItFits() {
    receiver.takesAtMost(3);
    List<Build> builds = new ArrayList<>();
    for (int i = 1; i <= 10; i++) {
      builds.add(build(i).build());
    }
    try (Sender sender = sender(receiver.cloudSite()).build()) {
      SiteResult result = sender.send(builds).sites().get(0);
      assertThat(result.outcome()).isEqualTo(Outcome.ACCEPTED);
      assertThat(result.accepted()).hasSize(10);
    }
    assertThat(receiver.arrivals())
        .extracting(arrival -> Integer.valueOf(arrival.identity().get(1)))
        .containsExactly(1, 2, 3, 4, 5, 6, 7, 8, 9, 10);
  }

  @Test
  void sendWhenOneReportIsTooLargeThenRejected() {
    receiver.takesAtMost(0);
    assertThat(send(build(1).build()).outcome()).isEqualTo(Outcome.REJECTED);
  }

  @Test
  void sendWhenRequestIsMalformedThenRejectedWithJirasWords() {
    receiver.plan(
        Reply.withBody(400, "[{\"message\":\"'builds' is required\",\"errorTraceId\":\"t-1\"}]"));
    assertThat(send(build(1).build()).problem().orElseThrow())
        .hasMessageContaining("'builds' is required; trace t-1");
    assertThat(clock.slept()).isEmpty();
  }

  @Test
  void sendWhenPermissionLacksThenMisconfigured() {
    receiver.plan(Reply.of(403));
    assertThat(send(build(1).build()).problem().orElseThrow())
        .hasMessageContaining("lacks the permission");
  }

  @Test
  void sendWhenTwoSitesThenEachAnswers() {
    try (DeliveryReceiver other = DeliveryReceiver.start();
        Sender sender = sender(receiver.cloudSite(), other.onbehalfSite()).build()) {
      other.plan(Reply.of(403));
      SendResult result = sender.send(deployment(3).build());
      assertThat(result.sites())
          .extracting(SiteResult::outcome)
          .containsExactly(Outcome.ACCEPTED, Outcome.NOT_SENT);
      assertThat(result.complete()).isFalse();
    }
  }

  @Test
  void sendWhenSentTwiceInOneMillisecondThenSecondCounts() {
    try (Sender sender = sender(receiver.cloudSite()).build()) {
      sender.send(build(1).build());
      sender.send(build(1).build());
      clock.advance(Duration.ofHours(-1));
      sender.send(build(1).build());
    }
    assertThat(receiver.arrivals()).hasSize(3).allMatch(DeliveryReceiver.Arrival::stored);
  }

  @Test
  void sendWhenThroughRelayThenSignedEnvelopeCarriesEachReport() {
    try (Sender sender = sender(receiver.relaySite()).build()) {
      assertThat(sender.send(List.of(build(1).build(), build(2).build())).complete()).isTrue();
      assertThat(sender.send(deployment(1).build()).complete()).isTrue();
      assertThat(sender.check().get("relay.example.com"))
          .allMatch(check -> check.passed() || check.what().equals("clock"));
      assertThat(sender.send(remoteLink("x").build()).sites().get(0).problem().orElseThrow())
          .hasMessageContaining("builds and deployments only");
    }
    assertThat(receiver.arrivals()).hasSize(3);
    assertThat(receiver.requests()).allMatch(request -> request.path().equals("/relay"));
  }

  @Test
  void gateWhenAskedThenIdsAreSingleSegments() throws DeliveryException {
    receiver.gate("team/app main", "eu/prod", 4, "awaiting");
    try (Sender sender = sender(receiver.cloudSite()).build();
        Sender relay = sender(receiver.relaySite()).build()) {
      for (Sender each : List.of(sender, relay)) {
        GateStatus status = each.gate("team/app main", "eu/prod", 4);
        assertThat(status.state()).isEqualTo(GateStatus.State.AWAITING);
        assertThat(status.issues()).containsExactly("ABC-1");
        assertThatThrownBy(() -> each.gate("team/app main", "eu/prod", 5))
            .isInstanceOf(DeliveryException.class)
            .extracting(e -> ((DeliveryException) e).kind())
            .isEqualTo(DeliveryException.Kind.NOT_FOUND);
      }
    }
    assertThat(receiver.requests("/gating-status").get(0).path())
        .contains("/pipelines/team%2Fapp%20main/environments/eu%2Fprod/deployments/4/");
  }

  @Test
  void sendWhenProxyIsGivenThenConnectionGoesThere() {
    java.net.ProxySelector proxy =
        java.net.ProxySelector.of(
            new java.net.InetSocketAddress(
                java.net.InetAddress.getLoopbackAddress(), URI.create(receiver.url()).getPort()));
    Site site =
        Site.cloud("example.atlassian.net", DeliveryReceiver.CLIENT_ID, Secret.of("any"))
            .reachedBy(URI.create("http://localhost:9/site"), URI.create("http://localhost:9/api"));
    try (Sender sender = sender(site).proxy(proxy).build()) {
      sender.send(build(1).build());
    }
    assertThat(receiver.requests()).isNotEmpty();
    assertThat(receiver.requests().get(0).headers().get("Host")).isEqualTo("localhost:9");
  }

  @Test
  void checkWhenCredentialIsRightThenEverythingPasses() {
    try (Sender sender = sender(receiver.cloudSite()).build()) {
      List<SiteCheck> checks = sender.check().values().stream().flatMap(List::stream).toList();
      assertThat(checks)
          .extracting(SiteCheck::what)
          .containsExactly("site", "credential", "builds", "deployments", "clock");
      assertThat(checks)
          .filteredOn(check -> !check.what().equals("clock"))
          .allMatch(SiteCheck::passed);
      assertThat(checks.get(4).detail()).contains("behind");
    }
  }
}
