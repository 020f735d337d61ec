package dev.onbehalf.server.relay;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.onbehalf.delivery.DeliveryReceiver;
import dev.onbehalf.delivery.Secret;
import dev.onbehalf.delivery.TestReports;
import dev.onbehalf.delivery.send.DeliveryException;
import dev.onbehalf.delivery.send.GateStatus;
import dev.onbehalf.delivery.send.ManualClock;
import dev.onbehalf.delivery.send.Sender;
import dev.onbehalf.delivery.send.Site;
import dev.onbehalf.delivery.send.SiteResult;
import dev.onbehalf.server.audit.AuditEvent;
import dev.onbehalf.server.config.ConfigurationException;
import dev.onbehalf.server.config.DatabaseConfig;
import dev.onbehalf.server.store.Database;
import dev.onbehalf.server.store.TinkSealer;
import dev.onbehalf.server.web.Pages;
import dev.onbehalf.server.web.Routes;
import dev.onbehalf.server.web.TestServer;
import io.micrometer.core.instrument.simple.SimpleMeterRegistry;
import java.io.IOException;
import java.net.URI;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.function.UnaryOperator;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class RelayTest {
  private static final String AGENT_SECRET = "agent-secret-0123456789";
  private static final String EVENT_SECRET = "event-secret-0123456789";
  private static final String NOTIFICATION =
      """
      {"name":"app","url":"job/team/job/app/","build":{"full_url":"https://ci.example.com/job/app/57/",
       "number":57,"phase":"FINALIZED","status":"FAILURE","scm":{"branch":"origin/feature/ABC-1"}}}
      """;

  private final DeliveryReceiver jira = DeliveryReceiver.start();
  private final ManualClock clock = new ManualClock();
  private final List<AuditEvent> audited = new CopyOnWriteArrayList<>();
  @TempDir private Path data;

  @SuppressWarnings("NullAway.Init")
  private Database database;

  @SuppressWarnings("NullAway.Init")
  private Relay relay;

  @SuppressWarnings("NullAway.Init")
  private TestServer server;

  @BeforeEach
  void start() throws IOException {
    Files.writeString(data.resolve("jira.secret"), DeliveryReceiver.CLIENT_SECRET + "\n");
    Files.writeString(data.resolve("agent.secret"), AGENT_SECRET + "\n");
    Files.writeString(data.resolve("events.secret"), EVENT_SECRET + "\n");
    database = Database.open(new DatabaseConfig(null, null, null, 2), data);
    serve(file(site("example"), ""));
  }

  private String site(String name) {
    return """
      - name: %1$s
        site: %1$s.atlassian.net
        client-id: client-7
        client-secret-file: jira.secret
        site-url: %2$s
        api-url: %2$s
    """
        .formatted(name, jira.url());
  }

  private static String file(String sites, String agentRest) {
    return """
    sites:
    %s
    agents:
      - id: ci
        secret-file: agent.secret
    %s
    events:
      secret-file: events.secret
      rules:
        - build: team/.*
        - deployment: .*
          stage: deploy to (?<envName>.+)
      environments:
        production: [eu-prod]
    """
        .formatted(sites, agentRest);
  }

  private void serve(String file) throws IOException {
    Path path = Files.writeString(data.resolve("delivery.yaml"), file);
    Routes routes = new Routes();
    relay =
        Relay.open(
            path,
            data.resolve("spool"),
            TinkSealer.open(database, data),
            audited::add,
            clock,
            UnaryOperator.identity(),
            new SimpleMeterRegistry());
    relay.addTo(routes);
    server = TestServer.start(routes, new Pages(), "");
  }

  private void stopServing() {
    server.close();
    relay.close();
  }

  @AfterEach
  void stop() throws Exception {
    stopServing();
    database.close();
    jira.close();
    assertThat(jira.faults()).isEmpty();
    assertThat(audited.toString())
        .doesNotContain(AGENT_SECRET, EVENT_SECRET, DeliveryReceiver.CLIENT_SECRET);
    try (Stream<Path> tree = Files.walk(data.resolve("spool"))) {
      for (Path kept : tree.filter(Files::isRegularFile).toList()) {
        assertThat(Files.readString(kept, java.nio.charset.StandardCharsets.ISO_8859_1))
            .doesNotContain(AGENT_SECRET, EVENT_SECRET, DeliveryReceiver.CLIENT_SECRET);
      }
    }
  }

  private Sender.Builder agent(String path, String secret) {
    return Sender.builder()
        .site(Site.onbehalf(URI.create(server.url() + path), "ci", Secret.of(secret)))
        .clock(clock)
        .sleeper(clock);
  }

  private static SiteResult send(Sender.Builder builder) {
    try (Sender sender = builder.build()) {
      return sender
          .send(TestReports.build(1).issueKeys(List.of("ABC-1", "NOPE-2")).build())
          .sites()
          .get(0);
    }
  }

  private HttpResponse<String> post(String path, String body, String... headers) {
    HttpRequest.Builder request =
        server.request(path).POST(HttpRequest.BodyPublishers.ofString(body));
    if (headers.length > 0) {
      request.headers(headers);
    }
    return server.send(request);
  }

  private void awaitArrivals(int count) throws InterruptedException {
    long end = System.nanoTime() + Duration.ofSeconds(20).toNanos();
    while (jira.arrivals().size() < count && System.nanoTime() < end) {
      Thread.sleep(10);
    }
    assertThat(jira.arrivals()).hasSize(count);
  }

  @Test
  void sendWhenAgentHasNoJiraCredentialThenReportReachesJiraAndItsAnswerTheAgent() {
    SiteResult result = send(agent("", AGENT_SECRET));
    assertThat(result.outcome()).isEqualTo(SiteResult.Outcome.ACCEPTED_IN_PART);
    assertThat(result.unknownIssueKeys()).containsExactly("NOPE-2");
    assertThat(jira.arrivals().get(0).number()).isEqualTo(TestReports.NOW.toEpochMilli());
    assertThat(audited)
        .extracting(AuditEvent::outcome, AuditEvent::consumer, AuditEvent::detail)
        .containsExactly(
            org.assertj.core.groups.Tuple.tuple(
                AuditEvent.Outcome.ALLOWED, "ci", "1 builds to example"));
  }

  @Test
  void sendWhenSecretIsWrongThenRefusedAndNothingPassed() {
    SiteResult result = send(agent("", "another-secret-0123456789"));
    assertThat(result.problem().orElseThrow().kind())
        .isEqualTo(DeliveryException.Kind.MISCONFIGURED);
    assertThat(jira.requests()).isEmpty();
    assertThat(audited).extracting(AuditEvent::outcome).containsExactly(AuditEvent.Outcome.REFUSED);
  }

  @Test
  void sendWhenTokenIsOldOrForgedThenUnauthorised() {
    String bulk = Site.ONBEHALF_PATH + "/jira/builds/0.1/cloud/example/bulk";
    String answer =
        post(
                Site.ONBEHALF_PATH + "/oauth/token",
                "grant_type=client_credentials&client_id=ci&client_secret=" + AGENT_SECRET,
                "Content-Type",
                "application/x-www-form-urlencoded")
            .body();
    String token = answer.replaceAll(".*\"access_token\":\"([^\"]+)\".*", "$1");
    assertThat(answer).contains("\"expires_in\":900");
    assertThat(post(bulk, "{}", "Authorization", "Bearer " + token).statusCode()).isEqualTo(400);
    for (String forged : List.of("", "x", token + "A", token.substring(1), "a.b.c")) {
      assertThat(post(bulk, "{}", "Authorization", "Bearer " + forged).statusCode()).isEqualTo(401);
    }
    assertThat(post(bulk, "{}").statusCode()).isEqualTo(401);
    clock.advance(Duration.ofMinutes(15));
    assertThat(post(bulk, "{}", "Authorization", "Bearer " + token).statusCode()).isEqualTo(401);
    assertThat(jira.requests()).isEmpty();
  }

  @Test
  void sendWhenKindIsNotPermittedThenForbidden() {
    try (Sender sender = agent("", AGENT_SECRET).build()) {
      SiteResult result = sender.send(TestReports.remoteLink("x").build()).sites().get(0);
      assertThat(result.problem().orElseThrow()).hasMessageContaining("lacks the permission");
    }
    assertThat(jira.requests()).isEmpty();
  }

  @Test
  void sendWhenJiraIsDownThenAgentKeepsItAndTheNumberStays() {
    Sender.Builder builder = agent("", AGENT_SECRET).spool(data.resolve("agent-spool"));
    jira.down();
    assertThat(send(builder).outcome()).isEqualTo(SiteResult.Outcome.SPOOLED);
    jira.up();
    clock.advance(Duration.ofMinutes(1));
    try (Sender sender = builder.build()) {
      assertThat(sender.flush().get(0).sent()).isEqualTo(1);
    }
    assertThat(jira.arrivals().get(0).number()).isEqualTo(TestReports.NOW.toEpochMilli());
  }

  @Test
  void gateWhenAskedThenPassedOn() throws DeliveryException {
    jira.gate("team app", "eu prod", 7, "awaiting");
    try (Sender sender = agent("", AGENT_SECRET).build()) {
      assertThat(sender.gate("team app", "eu prod", 7).state())
          .isEqualTo(GateStatus.State.AWAITING);
      assertThatThrownBy(() -> sender.gate("team app", "eu prod", 8))
          .extracting(e -> ((DeliveryException) e).kind())
          .isEqualTo(DeliveryException.Kind.NOT_FOUND);
    }
  }

  @Test
  void sendWhenSeveralSitesThenNamedInTheAddressAndHeldToThePermission() throws IOException {
    stopServing();
    serve(file(site("one") + site("two"), "    sites: [two]"));
    assertThat(send(agent("", AGENT_SECRET)).problem()).isPresent();
    assertThat(send(agent(Site.ONBEHALF_PATH + "/one", AGENT_SECRET)).problem()).isPresent();
    assertThat(jira.arrivals()).isEmpty();
    assertThat(send(agent(Site.ONBEHALF_PATH + "/two", AGENT_SECRET)).accepted()).hasSize(1);
  }

  @Test
  void eventWhenJenkinsAnnouncesARunThenBuildReachesJira() throws InterruptedException {
    HttpResponse<String> answer =
        post(Site.ONBEHALF_PATH + "/events/jenkins?secret=" + EVENT_SECRET, NOTIFICATION);
    assertThat(answer.statusCode()).isEqualTo(202);
    assertThat(answer.body())
        .isEqualTo("{\"reports\":[\"build team/app / 57\"],\"issueKeys\":[\"ABC-1\"]}");
    awaitArrivals(1);
    assertThat(jira.arrivals().get(0).entity().path("state").asString()).isEqualTo("failed");
  }

  @Test
  void eventWhenCdEventOfAStageThenDeploymentReachesJira() throws InterruptedException {
    String event =
        """
        {"context":{"type":"dev.cdevents.taskrun.finished.0.2.0","source":"/ci"},
         "subject":{"id":"t-3","content":{"taskName":"deploy to eu-prod","outcome":"success",
           "url":"https://ci.example.com/t/3","pipelineRun":{"id":"app-9"}}},
         "customData":{"branch":"ABC-1"}}
        """;
    HttpResponse<String> answer =
        post(
            Site.ONBEHALF_PATH + "/events/cdevents",
            event,
            "Authorization",
            "Bearer " + EVENT_SECRET);
    assertThat(answer.body()).contains("\"reports\":[\"deployment app-9 / eu-prod / 9\"]");
    awaitArrivals(1);
    assertThat(jira.arrivals().get(0).entity().path("environment").path("type").asString())
        .isEqualTo("production");
  }

  @Test
  void eventWhenJiraIsDownAndTheServerRestartsThenSentLater() throws Exception {
    jira.down();
    post(Site.ONBEHALF_PATH + "/events/jenkins?secret=" + EVENT_SECRET, NOTIFICATION);
    stopServing();
    jira.up();
    serve(file(site("example"), ""));
    awaitArrivals(1);
  }

  @ParameterizedTest
  @CsvSource({
    "/events/jenkins?secret=wrong, 401",
    "/events/jenkins, 401",
    "/events/jenkins%3Fsecret=event-secret-0123456789, 401",
    "/events/other?secret=event-secret-0123456789, 404",
    "/elsewhere, 404",
    "/example/elsewhere, 404",
    "/jira/builds/0.1/cloud/other/bulk, 404"
  })
  void requestWhenAddressOrSecretIsWrongThenRefused(String path, int status) {
    assertThat(post(Site.ONBEHALF_PATH + path, NOTIFICATION).statusCode()).isEqualTo(status);
    assertThat(jira.requests()).isEmpty();
    assertThat(audited.toString()).doesNotContain("secret=");
  }

  @Test
  void eventWhenBodyIsNoEventThenOneSentence() {
    String events = Site.ONBEHALF_PATH + "/events/jenkins?secret=" + EVENT_SECRET;
    assertThat(post(events, "nonsense").statusCode()).isEqualTo(400);
    assertThat(post(events, "{}").body()).contains("Notification plugin");
    assertThat(post(events, NOTIFICATION.replace("job/team/job/app/", "job/other/")).body())
        .contains("No rule matches job 'other'.");
    assertThat(post(events, NOTIFICATION.replace("ABC-1", "main")).body())
        .contains("No issue key was found.");
    assertThat(jira.requests()).isEmpty();
  }

  @Test
  void openWhenFileIsWrongThenEveryFaultWithItsLine() throws IOException {
    Path file =
        Files.writeString(
            data.resolve("wrong.yaml"),
            """
            sites:
              - name: jira
                site: example.atlassian.net
                client-id: x
                client-secret-file: jira.secret
              - name: two
                site: not a host
                client-id: x
                client-secret-file: missing.secret
              - name: three
                host: x
            agents:
              - id: ci
                secret-file: agent.secret
                sites: [four]
                may-send: [flags]
            events:
              secret-file: events.secret
              rules:
                - deployment: deploy to .*
                - build: x
                  deployment: y
                - build: "("
              environments:
                productive: x
            extra: 1
            """);
    assertThatThrownBy(() -> RelayFile.read(file))
        .isInstanceOfSatisfying(
            ConfigurationException.class,
            e ->
                assertThat(String.join("\n", e.faults()))
                    .contains(
                        "wrong.yaml:26: 'extra' means nothing",
                        "'jira' cannot be the name of a site",
                        "missing.secret cannot be read",
                        "'host' means nothing in a site",
                        "a site needs site.",
                        "no site has the name 'four'",
                        "may-send knows no 'flags'",
                        "needs a group that names the environment",
                        "either build or deployment",
                        "is not a regular expression",
                        "'productive' means nothing in environments"));
  }
}
