package dev.onbehalf.cli.demo;

import dev.onbehalf.cli.AdminClient;
import dev.onbehalf.cli.AuditLine;
import dev.onbehalf.oauth1.Keys;
import dev.onbehalf.oauth1.Secret;
import dev.onbehalf.server.Onbehalf;
import dev.onbehalf.server.admin.AdminToken;
import dev.onbehalf.server.config.ConfigurationReader;
import java.io.IOException;
import java.io.PrintWriter;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.KeyPair;
import java.security.SecureRandom;
import java.security.interfaces.RSAPublicKey;
import java.time.Clock;
import java.time.Duration;
import java.util.Base64;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.JsonNodeFactory;
import tools.jackson.databind.node.ObjectNode;

/** A whole Onbehalf with its sample upstream, people and consumer, in a directory of its own. */
final class Demo implements AutoCloseable {
  private static final String CONSUMER = "demo-peer";
  private static final int KEY_BITS = 2048;
  private static final int AUDIT_POLLS = 50;
  private static final long AUDIT_POLL_MILLIS = 100;

  private final DemoReport report;
  private final Path directory;
  private final SampleCi ci;
  private final Onbehalf onbehalf;
  private final AdminClient admin;
  private final String base;
  private final Secret password;

  private Demo(DemoReport report, Path directory, SampleCi ci, Onbehalf onbehalf, Secret password)
      throws IOException {
    this.report = report;
    this.directory = directory;
    this.ci = ci;
    this.onbehalf = onbehalf;
    this.password = password;
    this.base = "http://127.0.0.1:" + onbehalf.publicPort();
    this.admin = new AdminClient(onbehalf.adminUri(), AdminToken.read(directory));
  }

  static Demo start(PrintWriter out) throws IOException {
    DemoReport report = new DemoReport(out);
    report.heading("Onbehalf, shown on a sample CI application (not a real CI server)");
    long started = System.nanoTime();
    Path directory = Files.createTempDirectory("onbehalf-demo");
    Secret binding = random();
    SampleCi ci = SampleCi.start(binding);
    try {
      Onbehalf onbehalf =
          Onbehalf.start(
              ConfigurationReader.read(
                      null,
                      Map.of("ONBEHALF_APPLICATIONS_DEMO_SECRET", binding.reveal()),
                      settings(directory, ci, freePort()))
                  .configuration(),
              Clock.systemUTC());
      Demo demo = new Demo(report, directory, ci, onbehalf, random());
      report.line(
          "The gateway is up after "
              + Duration.ofNanos(System.nanoTime() - started).toMillis()
              + " ms: "
              + demo.base
              + " in front of "
              + ci.url());
      return demo;
    } catch (RuntimeException | IOException e) {
      ci.close();
      delete(directory);
      throw e;
    }
  }

  /** Runs every step; returns whether all came out as claimed. */
  boolean show() throws IOException, InterruptedException {
    KeyPair keys = Keys.generate(KEY_BITS);
    addPerson("alice", "Alice");
    addPerson("bob", "Bob");
    addPerson(DemoScenario.READER, "Reads for the peer");
    addConsumer((RSAPublicKey) keys.getPublic());
    report.line("People: alice, bob and " + DemoScenario.READER + ". Consumer: " + CONSUMER + ".");

    new DemoScenario(report, ci, new DemoClient(base, CONSUMER, keys.getPrivate())).run(password);

    report.heading("What the audit trail recorded");
    JsonNode events = recorded();
    for (JsonNode event : events) {
      if (!event.path("action").asString().startsWith("user-")) {
        report.line(AuditLine.of(event));
      }
    }
    report.claim(
        "Every decision is there, the refusals with their reasons.",
        has(events, "ALLOWED", "alice") && events.toString().contains("signature_invalid"),
        events.size() + " events");
    report.heading(
        report.failures() == 0
            ? "All " + report.steps() + " claims held."
            : report.failures() + " of " + report.steps() + " claims did not hold.");
    return report.failures() == 0;
  }

  /** Waits until the last decision has been written, which happens behind the request. */
  private JsonNode recorded() throws InterruptedException {
    JsonNode events = admin.get("/api/audit?limit=100");
    for (int i = 0; i < AUDIT_POLLS && !events.toString().contains("signature_invalid"); i++) {
      Thread.sleep(AUDIT_POLL_MILLIS);
      events = admin.get("/api/audit?limit=100");
    }
    return events;
  }

  void invite() {
    report.heading("It stays up; try it in a browser (Ctrl-C ends it and removes its data)");
    report.line("The application, through the gateway:  " + base + "/");
    report.line(
        "What alice has granted:                "
            + base
            + "/plugins/servlet/oauth/users/access-tokens");
    report.line("Sign in as alice or bob, password:     " + password.reveal());
    report.line("Administration (token in " + directory + "): " + onbehalf.adminUri());
  }

  @Override
  public void close() {
    try (ci) {
      onbehalf.close();
    }
    delete(directory);
  }

  private void addPerson(String name, String displayName) {
    ObjectNode body = JsonNodeFactory.instance.objectNode();
    body.put("name", name).put("displayName", displayName).put("password", password.reveal());
    admin.post("/api/users", body);
  }

  private void addConsumer(RSAPublicKey key) {
    ObjectNode body = JsonNodeFactory.instance.objectNode();
    body.put("key", CONSUMER)
        .put("name", "Demo peer")
        .put("description", "Stands for a linked Jira or Bitbucket.")
        .put("signatureMethod", "RSA-SHA1")
        .put("publicKey", Keys.pem(key))
        .put("threeLegged", true)
        .put("twoLegged", true)
        .put("executeAs", DemoScenario.READER)
        .put("impersonation", true)
        .putArray("callbacks")
        .add(DemoScenario.CALLBACK);
    admin.post("/api/consumers", body);
  }

  private static boolean has(JsonNode events, String outcome, String actedAs) {
    for (JsonNode event : events) {
      if (outcome.equals(event.path("outcome").asString())
          && actedAs.equals(event.path("actedAs").asString())) {
        return true;
      }
    }
    return false;
  }

  private static List<String> settings(Path directory, SampleCi ci, int port) {
    return List.of(
        "data=" + directory,
        "listen=127.0.0.1:" + port,
        "admin=127.0.0.1:0",
        "applications.demo.public-url=http://127.0.0.1:" + port,
        "applications.demo.upstream=" + ci.url(),
        "applications.demo.adapter=jenkins",
        "applications.demo.sign-in=optional");
  }

  private static int freePort() throws IOException {
    try (ServerSocket socket = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
      return socket.getLocalPort();
    }
  }

  private static Secret random() {
    byte[] bytes = new byte[18];
    new SecureRandom().nextBytes(bytes);
    return Secret.of(Base64.getUrlEncoder().withoutPadding().encodeToString(bytes));
  }

  private static void delete(Path directory) {
    try (Stream<Path> files = Files.walk(directory)) {
      for (Path file : files.sorted(Comparator.reverseOrder()).toList()) {
        Files.deleteIfExists(file);
      }
    } catch (IOException e) {
      throw new UncheckedIOException("The demo's directory " + directory + " stays behind.", e);
    }
  }
}
