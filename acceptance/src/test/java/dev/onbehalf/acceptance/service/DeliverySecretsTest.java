package dev.onbehalf.acceptance.service;

import static org.assertj.core.api.Assertions.assertThat;

import dev.onbehalf.acceptance.peers.Await;
import dev.onbehalf.acceptance.peers.Ports;
import dev.onbehalf.acceptance.peers.Secrets;
import dev.onbehalf.acceptance.peers.ServerProcess;
import dev.onbehalf.acceptance.peers.WireTap;
import dev.onbehalf.acceptance.peers.Workspace;
import dev.onbehalf.delivery.DeliveryReceiver;
import dev.onbehalf.delivery.DeliveryReceiver.Request;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.URI;
import java.net.URLEncoder;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.regex.MatchResult;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

/**
 * No secret of a delivery can be found where it has no business: not in a log at its most
 * talkative, not in what a command prints, not in a spool, the data directory, the audit trail or
 * the list of processes. Every way to Jira is taken, with right and wrong secrets, while Jira is
 * there and while it is not.
 */
@Tag("long")
class DeliverySecretsTest {
  private static final String AGENT_SECRET =
      Secrets.made("the agent's secret", "agent-s3cret+0123/456789");
  private static final String EVENT_SECRET =
      Secrets.made("the events' secret", "event-s3cret+0123/456789");
  private static final String MISTYPED_SECRET =
      Secrets.made("the mistyped secret", "mistyped-s3cret+0123/456789");
  private static final Pattern ISSUED = Pattern.compile("\"access_token\"\\s*:\\s*\"([^\"]+)\"");
  private static final Map<String, String> TALKATIVE =
      Map.of("ONBEHALF_LOG_LEVEL", "TRACE", "ONBEHALF_TRACE", "1", "LC_ALL", "C.UTF-8");

  static {
    Secrets.made("the client secret", DeliveryReceiver.CLIENT_SECRET);
    Secrets.made("the relay's shared secret", DeliveryReceiver.SHARED_SECRET);
    Secrets.made("an access token of Jira", DeliveryReceiver.TOKEN_PREFIX);
  }

  private final DeliveryReceiver jira = DeliveryReceiver.start();
  private final Path directory = Workspace.create("secrets");
  private final Path data = directory.resolve("data");
  private final Path spools = directory.resolve("spools");
  private final int port = Ports.free();
  private final WireTap tap = WireTap.before(port);
  private final String url = "http://127.0.0.1:" + tap.port();
  private final Map<String, String> seen = new LinkedHashMap<>();
  private final ServerProcess server = startServer();

  @AfterEach
  void stop() {
    server.close();
    tap.close();
    jira.close();
    assertThat(jira.faults()).isEmpty();
  }

  @Test
  void deliveryWhenEveryWayIsTakenThenNoSecretIsLeftAnywhere() throws Exception {
    throughServer(AGENT_SECRET, 0, "test");
    throughServer(AGENT_SECRET, 0, "send-build", "--build-number=1", "--json");
    throughServer(AGENT_SECRET, 5, "check-gate", "--environment-id=eu", "--deployment-number=1");
    throughServer(MISTYPED_SECRET, 3, "send-build", "--build-number=2");
    straight(0, "test");
    straight(0, "send-build", "--build-number=3", "--json");
    event("?secret=" + encoded(EVENT_SECRET), 1, 202);
    event("?secret=" + encoded(MISTYPED_SECRET), 2, 401);
    event("%3Fsecret=" + encoded(EVENT_SECRET), 2, 401);
    event("/other?secret=" + encoded(EVENT_SECRET), 2, 404);

    jira.down();
    throughServer(AGENT_SECRET, 0, "send-build", "--build-number=4", "--patience=1");
    straight(0, "send-build", "--build-number=5", "--patience=1");
    event("?x=y&secret=" + encoded(EVENT_SECRET), 6, 202);
    search("what waits for Jira", "\"buildNumber\":5", spools);
    search(
        "what waits for Jira in the server", "\"buildNumber\":6", data.resolve("delivery-spool"));

    jira.up();
    throughServer(AGENT_SECRET, 0, "flush");
    straight(0, "flush");
    event("?secret=" + encoded(EVENT_SECRET), 7, 202);
    Await.until("every build arrives", () -> builds().size() == 7 ? true : null);

    run(directory, TALKATIVE, 0, "audit", "export", "-c", "onbehalf.yaml");
    assertThat(seen.get("audit export")).contains("delivery-event", "\"delivery\"", "ci-agent");
    assertThat(server.terminate()).isEqualTo(143);
    seen.put("log of the server", server.report());
    assertThat(server.report()).contains("Onbehalf is ready", "accepted=[build app / 7]");
    rememberIssued();
    seen.forEach(Secrets::assertAbsent);
    search("data directory", "delivery-event", data);
    search("spools", "", spools);
  }

  private Set<String> builds() {
    Set<String> numbers = new LinkedHashSet<>();
    jira.arrivals().forEach(arrival -> numbers.add(arrival.identity().get(1)));
    return numbers;
  }

  private ServerProcess startServer() {
    OnbehalfProcess.write(directory.resolve("jira.secret"), DeliveryReceiver.CLIENT_SECRET);
    OnbehalfProcess.write(directory.resolve("agent.secret"), AGENT_SECRET);
    OnbehalfProcess.write(directory.resolve("event.secret"), EVENT_SECRET);
    OnbehalfProcess.write(
        directory.resolve("delivery.yaml"),
        """
        sites:
          - name: example
            site: example.atlassian.net
            client-id: client-7
            client-secret-file: jira.secret
            site-url: %1$s
            api-url: %1$s
        agents:
          - id: ci-agent
            secret-file: agent.secret
        events:
          secret-file: event.secret
          rules:
            - build: app
        """
            .formatted(jira.url()));
    OnbehalfProcess.write(
        directory.resolve("sites.json"),
        """
        {"sites": [
          {"site": "example.atlassian.net", "siteUrl": "%1$s", "apiUrl": "%1$s",
           "clientId": "client-7", "clientSecretFile": "jira.secret"},
          {"site": "relay.example.com", "webhookUrl": "%1$s/relay?jenkins_server_uuid=1",
           "webhookSecretEnv": "HOOK_SECRET"}]}
        """
            .formatted(jira.url()));
    OnbehalfProcess.write(
        directory.resolve("onbehalf.yaml"),
        """
        data: data
        listen: 127.0.0.1:%d
        admin: 127.0.0.1:%d
        delivery:
          file: delivery.yaml
        applications:
          ci:
            public-url: %s
            upstream: http://127.0.0.1:9
        """
            .formatted(port, Ports.free(), url));
    ServerProcess process =
        ServerProcess.start(
            "onbehalf", Command.line("serve", "-c", "onbehalf.yaml"), directory, TALKATIVE);
    process.awaitLine(Pattern.compile("Onbehalf is ready"));
    return process;
  }

  private void throughServer(String secret, int exit, String... arguments) throws Exception {
    Map<String, String> environment = new HashMap<>(TALKATIVE);
    environment.put("ONBEHALF_JIRA_SITE", url);
    environment.put("ONBEHALF_JIRA_CLIENT_ID", "ci-agent");
    environment.put("ONBEHALF_JIRA_CLIENT_SECRET", secret);
    jira("agent", environment, exit, arguments);
  }

  private void straight(int exit, String... arguments) throws Exception {
    Map<String, String> environment = new HashMap<>(TALKATIVE);
    environment.put("ONBEHALF_JIRA_SITES_FILE", "sites.json");
    environment.put("HOOK_SECRET", DeliveryReceiver.SHARED_SECRET);
    jira("straight", environment, exit, arguments);
  }

  private void jira(String spool, Map<String, String> environment, int exit, String... arguments)
      throws Exception {
    environment.put("ONBEHALF_SPOOL", spools.resolve(spool).toString());
    List<String> all = new ArrayList<>(List.of("jira"));
    all.addAll(List.of(arguments));
    if (arguments[0].equals("send-build")) {
      all.addAll(List.of("--state=failed", "--issue-key=ABC-1", "--no-git"));
      all.add("--url=https://ci.example.com/1");
    }
    if (arguments[0].equals("send-build") || arguments[0].equals("check-gate")) {
      all.add("--pipeline-id=app");
    }
    run(directory, environment, exit, all.toArray(String[]::new));
  }

  /** Runs a command to its end, and looks at the list of processes as long as it runs. */
  private void run(Path in, Map<String, String> environment, int exit, String... arguments)
      throws Exception {
    Set<String> processes = new LinkedHashSet<>();
    try (ServerProcess process =
        ServerProcess.start("command", Command.line(arguments), in, environment)) {
      process.closeInput();
      while (process.alive()) {
        processes.addAll(commandLines());
        Thread.sleep(10);
      }
      String what = String.join(" ", arguments);
      assertThat(process.awaitExit()).as(what + process.report()).isEqualTo(exit);
      seen.merge(arguments[0] + " " + arguments[1], process.report(), String::concat);
      seen.merge("list of processes", String.join("\n", processes), String::concat);
      assertThat(processes).anyMatch(line -> line.contains(arguments[1]));
    }
  }

  private static List<String> commandLines() throws IOException {
    List<String> lines = new ArrayList<>();
    try (Stream<Path> processes = Files.list(Path.of("/proc"))) {
      for (Path process :
          processes.filter(p -> p.getFileName().toString().matches("\\d+")).toList()) {
        try {
          lines.add(Files.readString(process.resolve("cmdline"), StandardCharsets.ISO_8859_1));
        } catch (IOException e) {
          // It has ended meanwhile.
        }
      }
    }
    return lines;
  }

  private void event(String tail, int number, int status) throws Exception {
    String path = tail.startsWith("/other") ? tail : "/jenkins" + tail;
    HttpResponse<String> answer =
        HttpClient.newHttpClient()
            .send(
                HttpRequest.newBuilder(URI.create(url + "/-/onbehalf/delivery/events" + path))
                    .POST(
                        BodyPublishers.ofString(
                            """
                            {"name":"app","build":{"full_url":"https://ci.example.com/job/app/5/",
                             "number":%d,"phase":"STARTED","scm":{"branch":"ABC-1"}}}
                            """
                                .formatted(number)))
                    .build(),
                BodyHandlers.ofString());
    assertThat(answer.statusCode()).as(answer.body()).isEqualTo(status);
    seen.merge("answers to events", answer.headers() + answer.body(), String::concat);
  }

  private void search(String where, String contains, Path tree) throws IOException {
    StringBuilder text = new StringBuilder();
    try (Stream<Path> files = Files.walk(tree)) {
      for (Path file : files.filter(Files::isRegularFile).toList()) {
        text.append(file).append('\n');
        text.append(Files.readString(file, StandardCharsets.ISO_8859_1)).append('\n');
      }
    } catch (UncheckedIOException e) {
      throw e.getCause();
    }
    assertThat(text.toString()).as(where).contains(contains);
    Secrets.assertAbsent(where, text.toString());
  }

  /** Remembers what the test itself did not choose: what was issued, as the wire had it. */
  private void rememberIssued() {
    List<MatchResult> tokens = ISSUED.matcher(tap.text()).results().toList();
    assertThat(tokens).as("an agent token was issued").isNotEmpty();
    tokens.forEach(token -> Secrets.made("a token of an agent", token.group(1)));
    List<Request> relayed = jira.requests("/relay");
    assertThat(relayed).isNotEmpty();
    relayed.forEach(request -> Secrets.made("a signed message", request.body()));
    assertThat(tap.text()).contains(AGENT_SECRET, encoded(EVENT_SECRET));
  }

  private static String encoded(String text) {
    return URLEncoder.encode(text, StandardCharsets.UTF_8);
  }
}
