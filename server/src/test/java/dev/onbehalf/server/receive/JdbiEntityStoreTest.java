package dev.onbehalf.server.receive;

import static org.assertj.core.api.Assertions.assertThat;

import dev.onbehalf.server.store.Database;
import dev.onbehalf.server.store.OnEachDatabase;
import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Set;
import java.util.stream.IntStream;
import org.jspecify.annotations.Nullable;

/** What both databases keep of what was received, and by which index they find it. */
final class JdbiEntityStoreTest {
  private static final Instant NOW = Instant.parse("2026-01-05T10:00:00Z");

  private static Credential credential(Database database, String name) {
    return Samples.credential(database, name, Set.of("ABC"), NOW.plusSeconds(1000));
  }

  private static byte[] bytes(String text) {
    return text.getBytes(StandardCharsets.UTF_8);
  }

  private static Received build(
      String identity, long number, String document, Set<String> keys, String... properties) {
    return new Received(
        "builds",
        null,
        bytes(identity),
        number,
        number,
        bytes(document),
        keys,
        List.of(properties).stream().map(JdbiEntityStoreTest::bytes).toList(),
        new Facets("pipe", null, null, number, "successful"));
  }

  private static @Nullable String found(JdbiEntityStore store, Credential of, String identity) {
    return store
        .find(of.id(), "builds", bytes(identity))
        .map(document -> new String(document, StandardCharsets.UTF_8))
        .orElse(null);
  }

  private static List<String> ofIssue(Database database, String key) {
    return new History(database)
        .ofIssue(key, "builds", 10).stream()
            .map(
                shown ->
                    new String(shown.document(), StandardCharsets.UTF_8) + " " + shown.sender())
            .toList();
  }

  @OnEachDatabase
  void credentialWhenAddedThenReadBackAsItWas(Database database) {
    Credential added = credential(database, "Ci");
    JdbiCredentialStore store = new JdbiCredentialStore(database);

    assertThat(store.find("cI")).contains(added);
    assertThat(store.find("client-Ci")).contains(added);
    assertThat(store.byClientId("client-Ci").orElseThrow().fingerprints())
        .containsExactly(new byte[] {1, 2});
    assertThat(store.byPresentedId("client-Ci").orElseThrow().credential()).isEqualTo(added);
    assertThat(store.byPresentedId("client-Other")).isEmpty();
    assertThat(store.byPresentedId("")).isEmpty();
    assertThat(store.all()).containsExactly(added);
    assertThat(added.secrets()).hasSize(1);
    store.noteUse(added.id(), "secret-Ci", NOW);
    assertThat(store.find("ci").orElseThrow().lastUsed()).isEqualTo(NOW);
  }

  @OnEachDatabase
  void writeWhenNewerThenReplacedAndWhenOlderThenPassedOver(Database database) {
    JdbiEntityStore store = new JdbiEntityStore(database);
    Credential ci = credential(database, "ci");

    store.write(ci.id(), List.of(build("a", 5, "first", Set.of("ABC-1", "ABC-2"))), NOW);
    store.write(ci.id(), List.of(build("a", 5, "same", Set.of("ABC-3"))), NOW);
    assertThat(found(store, ci, "a")).isEqualTo("first");
    store.write(
        ci.id(),
        List.of(build("a", 6, "second", Set.of("ABC-2")), build("b", 1, "b", Set.of("ABC-2"))),
        NOW);

    assertThat(found(store, ci, "a")).isEqualTo("second");
    assertThat(ofIssue(database, "ABC-1")).isEmpty();
    assertThat(ofIssue(database, "ABC-3")).isEmpty();
    assertThat(ofIssue(database, "ABC-2")).containsExactly("second ci", "b ci");
  }

  @OnEachDatabase
  void writeWhenCredentialNoLongerCountsThenNothingIsWritten(Database database) {
    JdbiEntityStore store = new JdbiEntityStore(database);
    Credential ci = credential(database, "ci");

    assertThat(store.write(ci.id(), List.of(build("a", 1, "a", Set.of())), NOW.plusSeconds(2000)))
        .isFalse();
    new JdbiCredentialStore(database).delete(ci.id(), false, NOW);
    assertThat(store.write(ci.id(), List.of(build("a", 1, "a", Set.of())), NOW)).isFalse();
    assertThat(found(store, ci, "a")).isNull();
  }

  @OnEachDatabase
  void deleteWhenByPropertiesThenWhatHasAllOfThem(Database database) {
    JdbiEntityStore store = new JdbiEntityStore(database);
    Credential ci = credential(database, "ci");
    List<Received> many = new ArrayList<>();
    IntStream.range(0, 900).forEach(i -> many.add(build("m" + i, 1, "m", Set.of(), "p", "q")));
    many.add(build("only-p", 1, "p", Set.of(), "p"));
    store.write(ci.id(), many, NOW);

    assertThat(store.exists(List.of(bytes("p"), bytes("q")))).isTrue();
    assertThat(store.deleteByProperties(ci.id(), List.of(bytes("p"), bytes("q")), NOW))
        .isEqualTo(900);
    assertThat(store.exists(List.of(bytes("p"), bytes("q")))).isFalse();
    assertThat(found(store, ci, "only-p")).isEqualTo("p");
  }

  @OnEachDatabase
  void eraseWhenCredentialIsDeletedWithItsDataThenOthersStay(Database database) {
    JdbiEntityStore store = new JdbiEntityStore(database);
    JdbiCredentialStore credentials = new JdbiCredentialStore(database);
    Credential one = credential(database, "one");
    Credential two = credential(database, "two");
    Credential three = credential(database, "three");
    for (Credential each : List.of(one, two, three)) {
      store.write(each.id(), List.of(build("a", 1, "a", Set.of("ABC-1"))), NOW);
    }

    credentials.delete(one.id(), true, NOW);
    credentials.delete(two.id(), false, NOW);
    assertThat(credentials.erase(NOW)).isEqualTo(1);

    assertThat(ofIssue(database, "ABC-1")).containsExactlyInAnyOrder("a two", "a three");
    assertThat(credentials.all()).containsExactly(credentials.find("three").orElseThrow());
  }

  @OnEachDatabase
  void queriesWhenThereIsMuchThenNoneWalksATable(Database database) {
    JdbiEntityStore store = new JdbiEntityStore(database);
    Credential ci = credential(database, "ci");
    for (int bulk = 0; bulk < 4; bulk++) {
      List<Received> many = new ArrayList<>();
      for (int i = 0; i < 1000; i++) {
        int number = bulk * 1000 + i;
        many.add(
            build(
                "m" + number,
                number,
                "m",
                Set.of("ABC-" + number, "DEF-1"),
                "source",
                "n" + number));
      }
      store.write(ci.id(), many, NOW);
    }
    database.execute(handle -> handle.execute("ANALYZE"));

    for (String query :
        List.of(
            JdbiEntityStore.BY_IDENTITY,
            History.OF_ISSUE,
            JdbiEntityStore.PARTS,
            JdbiEntityStore.byProperties(1),
            JdbiEntityStore.byProperties(2))) {
      String plan =
          Plans.of(
              database,
              query,
              explained ->
                  explained
                      .bindList("identities", List.of(bytes("m1"), bytes("m2")))
                      .bind("digest0", bytes("n1"))
                      .bind("digest1", bytes("source"))
                      .bind("credential", ci.id())
                      .bind("kind", "builds")
                      .bind("identity", bytes("m1"))
                      .bind("part", "commit")
                      .bind("project", "ABC")
                      .bind("number", 7L)
                      .bind("limit", 10));
      String plain = plan.toLowerCase(Locale.ROOT);
      if (query.equals(JdbiEntityStore.BY_IDENTITY)) {
        assertThat(plain)
            .as(plan)
            .containsPattern(
                "received_entity_digest: identity in|(using|on) received_entity_digest");
      }
      Plans.assertNoneWalksATable(database, plan);
    }
  }
}
