package dev.onbehalf.server.provider;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

import dev.onbehalf.oauth1.Secret;
import dev.onbehalf.oauth1.SignatureMethod;
import dev.onbehalf.server.access.ImpersonationLimits;
import dev.onbehalf.server.access.Permissions;
import dev.onbehalf.server.people.TestClock;
import dev.onbehalf.server.store.Database;
import dev.onbehalf.server.store.OnEachDatabase;
import dev.onbehalf.server.store.TestDatabase;
import dev.onbehalf.server.store.TestSealer;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.junit.jupiter.api.DisplayName;

@DisplayName("Consumer store (cases 33 to 37)")
final class JdbiConsumerStoreTest {
  private final TestClock clock = new TestClock();
  private final TestSealer sealer = new TestSealer();

  @OnEachDatabase
  void addWhenNewThenStoredAndWhenDuplicateThenRefused(Database database) {
    JdbiConsumerStore store = store(database);
    Consumer jira = Fixtures.hmac("jira", clock.instant()).build();

    store.add(jira);

    assertThat(store.find("jira")).contains(jira);
    assertThatIllegalArgumentException().isThrownBy(() -> store.add(jira));
    assertThatIllegalArgumentException()
        .isThrownBy(() -> store.add(Fixtures.rsa("JIRA", clock.instant()).build()))
        .withMessageContaining("another case");
    assertThat(store.all()).containsExactly(jira);
  }

  @OnEachDatabase
  void findWhenUnknownThenEmptyAndAllWhenSeveralThenByKey(Database database) {
    JdbiConsumerStore store = store(database);
    Consumer one = Fixtures.hmac("b", clock.instant()).build();
    Consumer two = Fixtures.rsa("a", clock.instant()).build();
    store.add(one);
    store.add(two);

    assertThat(store.find("c")).isEmpty();
    assertThat(store.find("A")).isEmpty();
    assertThat(store.all()).containsExactly(two, one);
  }

  @OnEachDatabase
  void removeWhenKnownThenGoneAndWhenUnknownThenNothing(Database database) {
    JdbiConsumerStore store = store(database);
    store.add(Fixtures.hmac("jira", clock.instant()).build());

    assertThat(store.remove("other")).isFalse();
    assertThat(store.remove("jira")).isTrue();
    assertThat(store.all()).isEmpty();
  }

  @OnEachDatabase
  void changeWhenKnownThenReplacedAndWhenUnknownThenRefused(Database database) {
    JdbiConsumerStore store = store(database);
    Consumer before = Fixtures.rsa("jira", clock.instant()).build();
    store.add(before);
    clock.advance(Duration.ofMinutes(1));

    JdbiConsumerStore.Edited edited =
        store.change(
            "jira",
            consumer ->
                new ConsumerBuilder(consumer, clock.instant())
                    .name("Renamed")
                    .description("What it is for")
                    .signatureMethod(SignatureMethod.HMAC_SHA1)
                    .sharedSecret(Fixtures.SHARED)
                    .build());

    assertThat(edited.before()).isEqualTo(before);
    assertThat(store.find("jira")).contains(edited.after());
    assertThat(edited.after().publicKeys()).isEmpty();
    assertThat(edited.after().created()).isEqualTo(before.created());
    assertThatIllegalArgumentException()
        .isThrownBy(() -> store.change("other", consumer -> consumer))
        .withMessageContaining("no consumer 'other'");
  }

  @OnEachDatabase
  void reopenWhenEveryFieldIsSetThenEqualAndTheSecretIsUnreadable(TestDatabase database) {
    Instant now = clock.instant();
    Consumer full =
        Fixtures.hmac("full", now)
            .description("Everything set")
            .nextSharedSecret(Secret.of("the-second-live-secret"))
            .callbacks(List.of("https://b.example.com/cb", "https://a.example.com/cb"))
            .twoLegged("robot")
            .impersonation(true)
            .legacyFlow(true)
            .enabled(false)
            .threeLegged(false)
            .applications(Set.of("ci", "nexus"))
            .permissions(Permissions.parse(List.of("read-only", "POST /job/*/build")))
            .impersonationLimits(
                new ImpersonationLimits(Set.of("alice", "bob"), Set.of("staff"), true))
            .tokenLife(Duration.ofDays(30))
            .idleLimit(Duration.ofDays(7))
            .build();
    Consumer rsa = Fixtures.rsa("rsa", now).nextPublicKey(Fixtures.otherPublicKey()).build();
    JdbiConsumerStore store = store(database.database());
    store.add(full);
    store.add(rsa);

    JdbiConsumerStore reopened = store(database.reopen());

    assertThat(reopened.find("full")).contains(full);
    assertThat(reopened.find("rsa")).contains(rsa);
    List<byte[]> sealed =
        database
            .database()
            .read(
                handle ->
                    handle
                        .createQuery(
                            "SELECT sealed_secret FROM consumer_credential"
                                + " WHERE sealed_secret IS NOT NULL")
                        .mapTo(byte[].class)
                        .list());
    assertThat(sealed)
        .hasSize(2)
        .allSatisfy(
            bytes ->
                assertThat(new String(bytes, StandardCharsets.ISO_8859_1))
                    .doesNotContain("shared-secret", "second-live"));
  }

  @OnEachDatabase
  void noteUseWhenLaterThenKeptAndWhenEarlierThenPassedOver(Database database) {
    JdbiConsumerStore store = store(database);
    Consumer jira = Fixtures.hmac("jira", clock.instant()).build();
    store.add(jira);
    String id = jira.sharedSecrets().get(0).id();
    Instant later = clock.instant().plusSeconds(60);

    store.noteUse(Map.of(id, later));
    store.noteUse(Map.of(id, clock.instant(), "unknown", later));

    assertThat(store.find("jira").orElseThrow().sharedSecrets().get(0).lastUsed()).isEqualTo(later);
  }

  private JdbiConsumerStore store(Database database) {
    return new JdbiConsumerStore(database, sealer, new Changes(clock));
  }
}
