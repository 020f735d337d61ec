package dev.onbehalf.acceptance.durability;

import static org.assertj.core.api.Assertions.assertThat;

import dev.onbehalf.acceptance.durability.ScriptConsumer.Signed;
import dev.onbehalf.acceptance.peers.Await;
import dev.onbehalf.acceptance.peers.EchoServer;
import dev.onbehalf.acceptance.peers.Ports;
import io.zonky.test.db.postgres.embedded.EmbeddedPostgres;
import java.io.IOException;
import java.net.URI;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

/** Two nodes that share a PostgreSQL and answer for one public URL. */
@Tag("long")
final class TwoNodesTest {
  private static final URI PUBLIC_URL = URI.create("http://ci.example.com");

  @Test
  void replayWhenSentToTheOtherNodeThenRefusedAlsoAfterBothRestart() throws IOException {
    try (EmbeddedPostgres postgres = EmbeddedPostgres.start();
        EchoServer upstream = EchoServer.start();
        GatewayNode one = node(postgres, upstream);
        GatewayNode two = node(postgres, upstream)) {
      one.start();
      String password = one.write("p", Person.password("alice")).toString();
      one.command("user", "add", "alice", "--password-file", password);
      ScriptConsumer.register(one);
      copy(one.data(), two.data(), "keyset", "users.yaml");
      two.start();

      ScriptConsumer consumer = new ScriptConsumer(PUBLIC_URL);
      Signed first = consumer.twoLegged("/job/first");
      Signed second = consumer.twoLegged("/job/second");
      assertThat(first.send(one).status()).isEqualTo(200);
      assertThat(second.send(two).status()).isEqualTo(200);
      assertSpent(one, two, first, second);

      one.stop();
      two.stop();
      two.start();
      one.start();
      assertSpent(one, two, first, second);

      assertThat(consumer.twoLegged("/job/third").send(two).status()).isEqualTo(200);
      Await.until(
          "both nodes' events are in the one trail",
          () -> one.command("audit", "export").contains("/job/third") ? true : null);
      assertThat(one.command("audit", "export")).contains("/job/first", "/job/second");
      assertThat(two.command("audit", "verify")).contains("The audit trail is sound");
    }
  }

  private static void assertSpent(GatewayNode one, GatewayNode two, Signed first, Signed second)
      throws IOException {
    for (GatewayNode node : List.of(one, two)) {
      for (Signed signed : List.of(first, second)) {
        GatewayNode.Answer answer = signed.send(node);
        assertThat(answer.status()).isEqualTo(401);
        assertThat(answer.text()).contains("nonce_used").doesNotContain("x-forwarded-user");
      }
    }
  }

  private static GatewayNode node(EmbeddedPostgres postgres, EchoServer upstream) {
    return new GatewayNode(
        Ports.free(),
        PUBLIC_URL.toString(),
        upstream.url(),
        postgres.getJdbcUrl("postgres", "postgres"));
  }

  private static void copy(Path from, Path to, String... files) throws IOException {
    Files.createDirectories(to);
    for (String file : files) {
      Files.copy(from.resolve(file), to.resolve(file));
    }
  }
}
