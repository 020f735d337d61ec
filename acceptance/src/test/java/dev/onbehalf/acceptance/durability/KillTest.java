package dev.onbehalf.acceptance.durability;

import static org.assertj.core.api.Assertions.assertThat;

import dev.onbehalf.acceptance.durability.ScriptConsumer.Signed;
import dev.onbehalf.acceptance.durability.ScriptConsumer.Token;
import dev.onbehalf.acceptance.peers.Await;
import dev.onbehalf.acceptance.peers.EchoServer;
import dev.onbehalf.acceptance.peers.Ports;
import io.zonky.test.db.postgres.embedded.EmbeddedPostgres;
import java.io.IOException;
import java.net.URI;
import java.util.ArrayList;
import java.util.List;
import java.util.Queue;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.atomic.AtomicBoolean;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/** {@code kill -9} in the middle of signed requests, exchanges and revocations. */
@Tag("long")
final class KillTest {
  private static final int ROUNDS = 3;
  private static final int PEOPLE = 6;
  private static final int EXCHANGES_AT_ONCE = 3;
  private static final int SIGNERS = 3;
  private static final int ANSWERED_BEFORE_THE_KILL = 150;
  private static final int REVOKED_BEFORE_THE_KILL = 2;
  private static final int REPLAYED = 40;

  /** An authorised request token, and what came of it. */
  private static final class Dance {
    final Person person;
    final Token requestToken;
    final String verifier;
    final Queue<Token> granted = new ConcurrentLinkedQueue<>();
    final AtomicBoolean revocationBegun = new AtomicBoolean();
    final AtomicBoolean revoked = new AtomicBoolean();

    Dance(Person person, Token requestToken, String verifier) {
      this.person = person;
      this.requestToken = requestToken;
      this.verifier = verifier;
    }
  }

  private final int port = Ports.free();
  private final URI publicUrl = URI.create("http://127.0.0.1:" + port);
  private final ScriptConsumer consumer = new ScriptConsumer(publicUrl);
  private final List<Person> people = new ArrayList<>();

  @Test
  void killWhenEmbeddedThenNothingRevokedSpentOrGrantedComesBack() throws Exception {
    survive(null);
  }

  @Test
  void killWhenOnPostgresThenNothingRevokedSpentOrGrantedComesBack() throws Exception {
    try (EmbeddedPostgres postgres = EmbeddedPostgres.start()) {
      survive(postgres.getJdbcUrl("postgres", "postgres"));
    }
  }

  private void survive(@Nullable String databaseUrl) throws Exception {
    try (EchoServer upstream = EchoServer.start();
        GatewayNode node =
            new GatewayNode(port, publicUrl.toString(), upstream.url(), databaseUrl)) {
      node.start();
      addPerson(node, "alice");
      for (int i = 0; i < PEOPLE; i++) {
        addPerson(node, "person" + i);
        people.add(new Person("person" + i));
      }
      ScriptConsumer.register(node);
      List<Dance> earlier = new ArrayList<>();
      for (int round = 0; round < ROUNDS; round++) {
        List<Dance> dances = authorise(node);
        List<Signed> answered = killUnderLoad(node, dances);
        node.start();
        earlier.addAll(dances);
        assertNothingCameBack(node, earlier, answered);
      }
      assertThat(node.command("audit", "verify")).contains("The audit trail is sound");
    }
  }

  private static void addPerson(GatewayNode node, String name) throws IOException {
    String body = "{\"name\": \"" + name + "\", \"password\": \"" + Person.password(name) + "\"}";
    assertThat(node.administer("POST", "/api/users", body).statusCode()).isEqualTo(200);
  }

  private List<Dance> authorise(GatewayNode node) throws IOException {
    List<Dance> dances = new ArrayList<>();
    for (Person person : people) {
      Token requestToken = consumer.requestToken(node);
      dances.add(
          new Dance(person, requestToken, person.allow(consumer.authorization(requestToken))));
    }
    return dances;
  }

  /** Returns the signed requests that were answered before the process was killed. */
  private List<Signed> killUnderLoad(GatewayNode node, List<Dance> dances) throws Exception {
    Queue<Signed> answered = new ConcurrentLinkedQueue<>();
    AtomicBoolean over = new AtomicBoolean();
    CountDownLatch go = new CountDownLatch(1);
    List<Thread> threads = new ArrayList<>();
    for (int i = 0; i < SIGNERS; i++) {
      threads.add(
          thread(
              go,
              () -> {
                while (!over.get()) {
                  Signed signed = consumer.twoLegged("/load");
                  if (signed.send(node).status() == 200) {
                    answered.add(signed);
                  }
                }
              }));
    }
    for (Dance dance : dances) {
      for (int i = 0; i < EXCHANGES_AT_ONCE; i++) {
        threads.add(thread(go, () -> exchange(node, dance)));
      }
    }
    threads.add(thread(go, () -> revokeSome(node, dances, over)));
    go.countDown();
    Await.until(
        "load before the kill",
        () -> (answered.size() >= ANSWERED_BEFORE_THE_KILL && revoked(dances)) ? true : null);
    node.kill();
    over.set(true);
    for (Thread thread : threads) {
      thread.join();
    }
    return List.copyOf(answered);
  }

  private static boolean revoked(List<Dance> dances) {
    return dances.stream().filter(dance -> dance.revoked.get()).count() >= REVOKED_BEFORE_THE_KILL;
  }

  private void exchange(GatewayNode node, Dance dance) throws IOException {
    GatewayNode.Answer answer = consumer.exchange(dance.requestToken, dance.verifier).send(node);
    if (answer.status() == 200) {
      dance.granted.add(ScriptConsumer.token(answer));
    }
  }

  /** Revokes the token of every other person as soon as it is granted, until the node is killed. */
  private static void revokeSome(GatewayNode node, List<Dance> dances, AtomicBoolean over)
      throws IOException {
    while (!over.get()) {
      for (int i = 0; i < dances.size(); i += 2) {
        Dance dance = dances.get(i);
        if (dance.granted.isEmpty() || dance.revoked.get()) {
          continue;
        }
        dance.revocationBegun.set(true);
        String path = "/api/tokens?person=" + dance.person.name();
        JsonNode tokens = JsonMapper.shared().readTree(node.administer("GET", path, "").body());
        boolean all = true;
        for (JsonNode token : tokens) {
          String id = token.path("id").asString();
          all &= node.administer("DELETE", "/api/tokens/" + id, "").statusCode() == 204;
        }
        dance.revoked.set(all);
      }
    }
  }

  private void assertNothingCameBack(GatewayNode node, List<Dance> dances, List<Signed> answered)
      throws IOException {
    for (Dance dance : dances) {
      for (int i = 0; i < EXCHANGES_AT_ONCE; i++) {
        exchange(node, dance);
      }
      assertThat(dance.granted).as("tokens granted for one authorisation").hasSizeLessThan(2);
      for (Token token : dance.granted) {
        GatewayNode.Answer answer = consumer.asPerson("/granted", token).send(node);
        if (dance.revoked.get()) {
          assertThat(answer.status()).as("a revoked token").isEqualTo(401);
          assertThat(answer.text()).contains("token_rejected");
        } else if (!dance.revocationBegun.get()) {
          assertThat(answer.status()).as("a granted token").isEqualTo(200);
        }
      }
    }
    int first = Math.max(0, answered.size() - REPLAYED);
    for (Signed signed : answered.subList(first, answered.size())) {
      GatewayNode.Answer answer = signed.send(node);
      assertThat(answer.status()).as("a replay").isEqualTo(401);
      assertThat(answer.text()).contains("nonce_used");
    }
  }

  private interface Work {
    void run() throws IOException;
  }

  /** Work that ends quietly with the node: a lost connection is what a kill looks like. */
  private static Thread thread(CountDownLatch go, Work work) {
    Thread thread =
        new Thread(
            () -> {
              try {
                go.await();
                work.run();
              } catch (IOException e) {
                // The node is gone.
              } catch (InterruptedException e) {
                Thread.currentThread().interrupt();
              }
            });
    thread.start();
    return thread;
  }
}
