package dev.onbehalf.cli;

import static org.assertj.core.api.Assertions.assertThat;

import dev.onbehalf.cli.jira.JiraCommand;
import dev.onbehalf.delivery.DeliveryReceiver;
import dev.onbehalf.server.Onbehalf;
import dev.onbehalf.server.config.ConfigurationReader;
import java.io.IOException;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Clock;
import java.time.Duration;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import picocli.CommandLine;

/** The commands against a whole server that holds Jira's credential. */
class JiraThroughServerTest {
  private static final String AGENT_SECRET = "agent-secret-0123456789";
  private static final String EVENT_SECRET = "event-secret-0123456789";

  private final DeliveryReceiver jira = DeliveryReceiver.start();
  private final StringWriter printed = new StringWriter();
  @TempDir private Path work;

  @SuppressWarnings("NullAway.Init")
  private Onbehalf server;

  @SuppressWarnings("NullAway.Init")
  private String url;

  @BeforeEach
  void start() throws IOException {
    url = ReceivingSite.freeUrl();
    Files.writeString(work.resolve("jira.secret"), DeliveryReceiver.CLIENT_SECRET);
    Files.writeString(work.resolve("agent.secret"), AGENT_SECRET);
    Files.writeString(work.resolve("events.secret"), EVENT_SECRET);
    Files.writeString(
        work.resolve("delivery.yaml"),
        """
        sites:
          - name: example
            site: example.atlassian.net
            client-id: client-7
            client-secret-file: jira.secret
            site-url: %1$s
            api-url: %1$s
        agents:
          - id: ci
            secret-file: agent.secret
        events:
          secret-file: events.secret
          rules:
            - build: app
        """
            .formatted(jira.url()));
    Path file =
        Files.writeString(
            work.resolve("onbehalf.yaml"),
            """
            data: data
            listen: %s
            admin: 127.0.0.1:0
            delivery:
              file: delivery.yaml
            applications:
              ci:
                public-url: %s
                upstream: http://127.0.0.1:9
            """
                .formatted(url.substring("http://".length()), url));
    server =
        Onbehalf.start(
            ConfigurationReader.read(file, Map.of(), List.of()).configuration(), Clock.systemUTC());
  }

  @AfterEach
  void stop() {
    server.close();
    jira.close();
    assertThat(jira.faults()).isEmpty();
    assertThat(printed.toString())
        .doesNotContain(
            AGENT_SECRET, DeliveryReceiver.CLIENT_SECRET, DeliveryReceiver.TOKEN_PREFIX);
  }

  private int run(String... arguments) {
    Map<String, String> environment = new HashMap<>();
    environment.put("ONBEHALF_JIRA_SITE", url);
    environment.put("ONBEHALF_JIRA_CLIENT_ID", "ci");
    environment.put("ONBEHALF_JIRA_CLIENT_SECRET", AGENT_SECRET);
    environment.put("ONBEHALF_SPOOL", work.resolve("spool").toString());
    PrintWriter writer = new PrintWriter(printed);
    return new CommandLine(new JiraCommand(environment, work))
        .setExecutionExceptionHandler(new Failures())
        .setParameterExceptionHandler(new Failures())
        .setOut(writer)
        .setErr(writer)
        .execute(arguments);
  }

  @Test
  void commandsWhenServerHoldsTheCredentialThenEverythingWorksThroughIt() {
    assertThat(run("test")).as(printed.toString()).isZero();
    assertThat(
            run(
                "send-build",
                "--no-git",
                "--state=failed",
                "--pipeline-id=team/app",
                "--build-number=3",
                "--url=https://ci.example.com/3",
                "--issue-key=ABC-1"))
        .as(printed.toString())
        .isZero();
    assertThat(printed.toString()).contains("accepted build team/app / 3 for ABC-1");
    assertThat(jira.arrivals()).hasSize(1);
    jira.gate("team/app", "eu/prod", 3, "prevented");
    assertThat(
            run(
                "check-gate",
                "--pipeline-id=team/app",
                "--environment-id=eu/prod",
                "--deployment-number=3"))
        .as(printed.toString())
        .isEqualTo(11);
  }

  @Test
  void eventWhenJenkinsAnnouncesARunThenTheBuildReachesJira() throws Exception {
    HttpResponse<String> answer =
        HttpClient.newHttpClient()
            .send(
                HttpRequest.newBuilder(
                        URI.create(
                            url + "/-/onbehalf/delivery/events/jenkins?secret=" + EVENT_SECRET))
                    .POST(
                        HttpRequest.BodyPublishers.ofString(
                            """
                            {"name":"app","build":{"full_url":"https://ci.example.com/job/app/5/",
                             "number":5,"phase":"STARTED","scm":{"branch":"ABC-1"}}}
                            """))
                    .build(),
                HttpResponse.BodyHandlers.ofString());
    assertThat(answer.statusCode()).as(answer.body()).isEqualTo(202);
    long end = System.nanoTime() + Duration.ofSeconds(20).toNanos();
    while (jira.arrivals().isEmpty() && System.nanoTime() < end) {
      Thread.sleep(10);
    }
    assertThat(jira.arrivals()).hasSize(1);
  }
}
