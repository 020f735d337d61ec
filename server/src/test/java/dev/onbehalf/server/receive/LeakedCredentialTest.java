package dev.onbehalf.server.receive;

import static dev.onbehalf.server.receive.PersonAtPages.text;
import static dev.onbehalf.server.receive.ReceivingServer.JSON;
import static dev.onbehalf.server.receive.ReceivingServer.build;
import static dev.onbehalf.server.receive.ReceivingServer.json;
import static org.assertj.core.api.Assertions.assertThat;

import dev.onbehalf.server.receive.ReceivingServer.Client;
import dev.onbehalf.server.store.Database;
import dev.onbehalf.server.store.TestDatabase;
import java.io.IOException;
import java.net.http.HttpResponse;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.ResultSet;
import java.sql.Statement;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import java.util.concurrent.Callable;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.function.BooleanSupplier;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import tools.jackson.databind.JsonNode;

/** What the holder of one credential, or one person, can spoil for all others. */
@SuppressWarnings("NullAway.Init")
final class LeakedCredentialTest {
  private static final int CONNECTIONS = 5;
  private static final Duration LONG = Duration.ofSeconds(60);

  @TempDir private Path data;
  private final ExecutorService threads = Executors.newCachedThreadPool();
  private TestDatabase database;
  private ReceivingServer server;

  @BeforeEach
  void start() throws IOException {
    database = TestDatabase.create(Database.Dialect.POSTGRESQL);
    server =
        new ReceivingServer(
            data,
            Clock.systemUTC(),
            "database.url=" + Objects.requireNonNull(database.config().url()),
            "database.maximum-connections=" + CONNECTIONS);
  }

  @AfterEach
  void stop() {
    threads.shutdownNow();
    server.close();
    database.close();
  }

  private String token(String name, String project) {
    Client client = server.credential(name, List.of("builds", "deployments"), List.of(project));
    return server.token(client);
  }

  private static String deployment(String environment, String type, String key) {
    return """
        {"deploymentSequenceNumber":1,"updateSequenceNumber":1,"displayName":"Release",
        "url":"https://ci.example.com/1","description":"Nightly","lastUpdated":"2026-01-05T10:00:00Z",
        "state":"successful","issueKeys":["%3$s"],
        "pipeline":{"id":"p","displayName":"p","url":"https://ci.example.com/p"},
        "environment":{"id":"%1$s","displayName":"%1$s","type":"%2$s"}}"""
        .formatted(environment, type, key);
  }

  private void deploy(String token, List<String> deployments) {
    JsonNode answer =
        json(
            server.send(
                "POST",
                server.path("deployments", "bulk"),
                token,
                "{\"deployments\":[" + String.join(",", deployments) + "]}"),
            202);
    assertThat(answer.path("acceptedDeployments"))
        .as(answer.toString())
        .hasSize(deployments.size());
  }

  /** How many statements wait for a lock. */
  private int waiting() {
    return database
        .database()
        .read(
            handle ->
                handle
                    .createQuery(
                        "SELECT COUNT(*) FROM pg_stat_activity WHERE wait_event_type = 'Lock'"
                            + " AND datname = current_database()")
                    .mapTo(Integer.class)
                    .one());
  }

  private static void await(BooleanSupplier condition) throws InterruptedException {
    Instant end = Instant.now().plus(LONG);
    while (!condition.getAsBoolean()) {
      assertThat(Instant.now()).isBefore(end);
      Thread.sleep(10);
    }
  }

  private <T> List<Future<T>> together(int times, Callable<T> work) {
    return IntStream.range(0, times)
        .mapToObj(i -> threads.submit(work))
        .collect(Collectors.toCollection(ArrayList::new));
  }

  @Test
  void bulkWhenAnotherCredentialsWritersWaitForEachOtherThenDone() throws Exception {
    String slow = token("slow", "ABC");
    String other = token("other", "DEF");
    String bulk = server.path("builds", "bulk");

    List<Future<HttpResponse<String>>> kept;
    try (Connection holder = database.database().dataSource().getConnection();
        Statement statement = holder.createStatement()) {
      holder.setAutoCommit(false);
      try (ResultSet held =
          statement.executeQuery(
              "SELECT id FROM receive_credential WHERE name = 'slow' FOR UPDATE")) {
        assertThat(held.next()).isTrue();
      }
      kept =
          together(
              2 * CONNECTIONS,
              () -> server.send("POST", bulk, slow, build("a", 1, 1, "failed", "ABC-1")));
      await(() -> waiting() > 0);

      assertThat(server.send("POST", bulk, other, build("b", 1, 1, "failed", "DEF-1")).statusCode())
          .isEqualTo(202);
      assertThat(waiting()).isLessThan(CONNECTIONS);
      holder.rollback();
    }
    for (Future<HttpResponse<String>> answer : kept) {
      assertThat(answer.get().statusCode()).isEqualTo(202);
    }
  }

  @Test
  void bulkWhenOneCredentialHasManyUnderWayThenToldToComeAgain() throws Exception {
    String slow = token("slow", "ABC");
    String bulk = server.path("builds", "bulk");

    List<Future<HttpResponse<String>>> answers;
    try (Connection holder = database.database().dataSource().getConnection();
        Statement statement = holder.createStatement()) {
      holder.setAutoCommit(false);
      statement.execute("SELECT id FROM receive_credential WHERE name = 'slow' FOR UPDATE");
      answers =
          together(
              Turns.MOST_OF_ONE + 4,
              () -> server.send("POST", bulk, slow, build("a", 1, 1, "failed", "ABC-1")));
      List<Future<HttpResponse<String>>> all = answers;
      await(() -> all.stream().filter(Future::isDone).count() == 4);
      holder.rollback();
    }
    List<Integer> statuses = new ArrayList<>();
    for (Future<HttpResponse<String>> answer : answers) {
      int status = answer.get().statusCode();
      statuses.add(status);
      assertThat(answer.get().headers().firstValue("Retry-After").isPresent())
          .isEqualTo(status == 429);
    }
    assertThat(statuses).containsOnly(202, 429);
    assertThat(statuses.stream().filter(status -> status == 429)).hasSize(4);
  }

  @Test
  void queryWhenOnePersonHasTwoUnderWayThenToldToComeAgain() throws Exception {
    PersonAtPages alice = PersonAtPages.signedIn(server, "alice");
    String query = "/-/onbehalf/query?q=kind%20%3D%20build";
    assertThat(alice.get(query).statusCode()).isEqualTo(200);

    List<Future<HttpResponse<String>>> data;
    List<Future<HttpResponse<String>>> pages;
    try (Connection holder = database.database().dataSource().getConnection();
        Statement statement = holder.createStatement()) {
      holder.setAutoCommit(false);
      statement.execute("LOCK TABLE received_entity IN ACCESS EXCLUSIVE MODE");
      data = together(3, () -> alice.get(query));
      pages = together(3, () -> alice.get("/query?q=kind%20%3D%20build"));
      List<Future<HttpResponse<String>>> all = new ArrayList<>(data);
      all.addAll(pages);
      await(() -> all.stream().filter(Future::isDone).count() >= 4);
      holder.rollback();
    }
    for (List<Future<HttpResponse<String>>> some : List.of(data, pages)) {
      List<String> refused = new ArrayList<>();
      for (Future<HttpResponse<String>> answer : some) {
        if (answer.get().statusCode() == 503) {
          refused.add(answer.get().body());
        }
      }
      assertThat(refused).anyMatch(body -> body.contains("Too many queries"));
    }
    assertThat(alice.get(query).statusCode()).isEqualTo(200);
  }

  @Test
  void boardWhenOthersReportManyEnvironmentsThenItsOwnAreStillThere() {
    deploy(token("ci", "ABC"), List.of(deployment("eu-prod", "production", "ABC-1")));
    deploy(
        token("other", "DEF"),
        IntStream.range(0, 300)
            .mapToObj(i -> deployment("made-up-" + i, "production", "DEF-1"))
            .toList());
    PersonAtPages alice = PersonAtPages.signedIn(server, "alice");

    assertThat(text(alice.page("/projects/ABC"))).contains("eu-prod").doesNotContain("made-up");
    assertThat(text(alice.page("/projects/ABC?waiting=yes"))).doesNotContain("ABC-1");
  }

  @Test
  void tokenWhenTheClientIdIsNothingADatabaseTakesThenUnauthorised() {
    for (String id : new String[] {"\0", "a\0b", "\uD800", "x".repeat(10_000)}) {
      HttpResponse<String> answer = server.askToken(id, "secret");
      assertThat(answer.statusCode()).as(answer.body()).isEqualTo(401);
      assertThat(JSON.readTree(answer.body()).path("error").asString()).isEqualTo("access_denied");
    }
  }
}
