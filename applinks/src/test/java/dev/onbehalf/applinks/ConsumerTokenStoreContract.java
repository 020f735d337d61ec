package dev.onbehalf.applinks;

import static org.assertj.core.api.Assertions.assertThat;

import dev.onbehalf.oauth1.Secret;
import java.time.Instant;
import java.util.List;
import java.util.concurrent.Callable;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** What every store of tokens does. */
abstract class ConsumerTokenStoreContract {
  private static final ApplicationId JIRA = new ApplicationId("jira-1");
  private static final ApplicationId WIKI = new ApplicationId("wiki-1");
  private static final AccessToken FIRST =
      new AccessToken(
          "t-1", Secret.of("s-1"), Secret.of("h-1"), Instant.parse("2030-01-02T03:04:05.678Z"));
  private static final AccessToken SECOND = new AccessToken("t-2", Secret.of(""), null, null);
  private static final RequestToken REQUEST = new RequestToken("r-1", Secret.of("q"), true);

  private ConsumerTokenStore store;

  /** An empty store. */
  abstract ConsumerTokenStore create() throws Exception;

  @BeforeEach
  void open() throws Exception {
    store = create();
  }

  @Test
  void accessTokenWhenPutThenFoundForThatLinkAndPersonAlone() {
    store.putAccessToken(JIRA, "alice", FIRST);
    store.putAccessToken(JIRA, "bob", SECOND);

    assertThat(store.accessToken(JIRA, "alice")).isEqualTo(FIRST);
    assertThat(store.accessToken(JIRA, "bob")).isEqualTo(SECOND);
    assertThat(store.accessToken(JIRA, "Alice")).isNull();
    assertThat(store.accessToken(WIKI, "alice")).isNull();
    assertThat(store.requestToken(JIRA, "alice")).isNull();
  }

  @Test
  void putAccessTokenWhenThereIsOneThenReplaced() {
    store.putAccessToken(JIRA, "alice", FIRST);
    store.putAccessToken(JIRA, "alice", SECOND);

    assertThat(store.accessToken(JIRA, "alice")).isEqualTo(SECOND);
  }

  @Test
  void replaceAccessTokenWhenItIsAnotherThenKept() {
    assertThat(store.replaceAccessToken(JIRA, "alice", FIRST, SECOND)).isFalse();
    store.putAccessToken(JIRA, "alice", FIRST);

    assertThat(store.replaceAccessToken(JIRA, "alice", SECOND, FIRST)).isFalse();
    assertThat(store.replaceAccessToken(JIRA, "alice", FIRST, SECOND)).isTrue();
    assertThat(store.accessToken(JIRA, "alice")).isEqualTo(SECOND);
  }

  @Test
  void removeAccessTokenWhenItIsAnotherThenKept() {
    store.putAccessToken(JIRA, "alice", SECOND);

    assertThat(store.removeAccessToken(JIRA, "alice", FIRST)).isFalse();
    assertThat(store.accessToken(JIRA, "alice")).isEqualTo(SECOND);
    assertThat(store.removeAccessToken(JIRA, "alice", SECOND)).isTrue();
    assertThat(store.accessToken(JIRA, "alice")).isNull();
  }

  @Test
  void requestTokenWhenPutThenBesideTheAccessToken() {
    store.putAccessToken(JIRA, "alice", FIRST);
    store.putRequestToken(JIRA, "alice", REQUEST);

    assertThat(store.requestToken(JIRA, "alice")).isEqualTo(REQUEST);
    assertThat(store.accessToken(JIRA, "alice")).isEqualTo(FIRST);
    assertThat(store.removeRequestToken(JIRA, "alice", REQUEST)).isTrue();
    assertThat(store.removeRequestToken(JIRA, "alice", REQUEST)).isFalse();
    assertThat(store.accessToken(JIRA, "alice")).isEqualTo(FIRST);
  }

  @Test
  void removeAllWhenCalledThenOnlyThatLinkIsEmpty() {
    store.putAccessToken(JIRA, "alice", FIRST);
    store.putRequestToken(JIRA, "bob", REQUEST);
    store.putAccessToken(WIKI, "alice", SECOND);

    store.removeAll(JIRA);

    assertThat(store.accessToken(JIRA, "alice")).isNull();
    assertThat(store.requestToken(JIRA, "bob")).isNull();
    assertThat(store.accessToken(WIKI, "alice")).isEqualTo(SECOND);
  }

  @Test
  void replaceAccessTokenWhenSeveralTryThenOneWins() throws Exception {
    store.putAccessToken(JIRA, "alice", FIRST);
    ExecutorService threads = Executors.newFixedThreadPool(4);
    try {
      Callable<Boolean> replace = () -> store.replaceAccessToken(JIRA, "alice", FIRST, SECOND);
      int winners = 0;
      for (Future<Boolean> result :
          threads.invokeAll(List.of(replace, replace, replace, replace))) {
        winners += result.get() ? 1 : 0;
      }
      assertThat(winners).isOne();
    } finally {
      threads.shutdownNow();
    }
  }

  @Test
  void putAccessTokenWhenSeveralTryThenNoneFails() throws Exception {
    ExecutorService threads = Executors.newFixedThreadPool(4);
    try {
      Callable<Boolean> put =
          () -> {
            store.putAccessToken(JIRA, "alice", FIRST);
            return true;
          };
      for (Future<Boolean> result : threads.invokeAll(List.of(put, put, put, put))) {
        assertThat(result.get()).isTrue();
      }
    } finally {
      threads.shutdownNow();
    }
    assertThat(store.accessToken(JIRA, "alice")).isEqualTo(FIRST);
  }
}
