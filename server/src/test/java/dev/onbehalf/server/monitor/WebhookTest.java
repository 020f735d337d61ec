package dev.onbehalf.server.monitor;

import static org.assertj.core.api.Assertions.assertThat;

import dev.onbehalf.oauth1.Secret;
import java.io.IOException;
import java.time.Duration;
import java.time.Instant;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import tools.jackson.databind.JsonNode;

class WebhookTest {
  private static final Instant SINCE = Instant.parse("2026-01-01T00:00:00Z");

  private HookReceiver receiver;

  @BeforeEach
  void open() throws IOException {
    receiver = new HookReceiver();
  }

  @AfterEach
  void close() {
    receiver.close();
  }

  private static Webhook.Change change(String check, boolean healthy) {
    return new Webhook.Change(check, healthy, SINCE, "A sentence.");
  }

  @Test
  void tellWhenSomethingFailsThenToldWhatAndSinceWhen() throws InterruptedException {
    try (Webhook hook = new Webhook(Secret.of(receiver.url()))) {
      hook.tell(change("link jira", false));
      JsonNode told = receiver.next();
      assertThat(told.path("event").asString()).isEqualTo("checks-changed");
      assertThat(told.path("text").asString()).contains("link jira fails. A sentence.");
      assertThat(told.at("/changes/0/check").asString()).isEqualTo("link jira");
      assertThat(told.at("/changes/0/healthy").asBoolean(true)).isFalse();
      assertThat(told.at("/changes/0/since").asString()).isEqualTo(SINCE.toString());
    }
  }

  @Test
  void tellWhenMuchChangesThenToldAtOnceAndTheRestAfterThePause() throws InterruptedException {
    try (Webhook hook = new Webhook(Secret.of(receiver.url()), Duration.ofMillis(200))) {
      hook.tell(change("first", false));
      assertThat(receiver.next().path("changes")).hasSize(1);
      synchronized (hook) {
        for (int i = 0; i < 50; i++) {
          hook.tell(change("second", i % 2 == 0));
          hook.tell(change("third", false));
        }
      }
      JsonNode rest = receiver.next();
      assertThat(rest.path("changes")).hasSize(2);
      assertThat(rest.at("/changes/0/check").asString()).isEqualTo("second");
      assertThat(rest.at("/changes/0/healthy").asBoolean(true)).isFalse();
      assertThat(receiver.waiting()).isZero();
    }
  }

  @Test
  void tellWhenRefusedThenToldAgainAndGivenUpInTheEnd() throws InterruptedException {
    receiver.status = 503;
    try (Webhook hook = new Webhook(Secret.of(receiver.url()), Duration.ofMillis(10))) {
      hook.tell(change("first", false));
      for (int i = 0; i < 5; i++) {
        assertThat(receiver.next().at("/changes/0/check").asString()).isEqualTo("first");
      }
      receiver.status = 200;
      hook.tell(change("second", false));
      JsonNode told = receiver.next();
      assertThat(told.path("changes")).hasSize(1);
      assertThat(told.at("/changes/0/check").asString()).isEqualTo("second");
    }
  }
}
