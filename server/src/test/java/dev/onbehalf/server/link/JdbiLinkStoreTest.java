package dev.onbehalf.server.link;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

import dev.onbehalf.applinks.AccessToken;
import dev.onbehalf.applinks.JdbcConsumerTokenStore;
import dev.onbehalf.applinks.RequestToken;
import dev.onbehalf.applinks.application.JiraApplicationType;
import dev.onbehalf.oauth1.Secret;
import dev.onbehalf.oauth1.SignatureMethod;
import dev.onbehalf.server.store.Database;
import dev.onbehalf.server.store.OnEachDatabase;
import dev.onbehalf.server.store.TestDatabase;
import dev.onbehalf.server.store.TinkSealer;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.util.UUID;
import org.assertj.core.api.Assertions;

final class JdbiLinkStoreTest {
  private static final Instant NOW = Instant.ofEpochMilli(1_700_000_000_123L);
  private static final Secret SHARED = Secret.of("a-secret-shared-with-the-peer");

  @OnEachDatabase
  void addWhenEveryFieldIsSetThenFoundAsItWas(TestDatabase database) {
    JdbiLinkStore store = store(database);
    Link jira = whole("Our Jira").build();
    Link plain = builder("a plain one").build();

    store.add(jira);
    store.add(plain);

    assertThat(store.find("our jira")).contains(jira);
    assertThat(store.find(jira.id().toString())).contains(jira);
    assertThat(store.find("other")).isEmpty();
    assertThat(store.all()).containsExactly(plain, jira);
  }

  @OnEachDatabase
  void addWhenTheNameIsTakenInAnotherCaseThenRefused(TestDatabase database) {
    JdbiLinkStore store = store(database);
    store.add(builder("jira").build());

    assertThatIllegalArgumentException()
        .isThrownBy(() -> store.add(builder("JIRA").build()))
        .withMessageContaining("another case");
  }

  @OnEachDatabase
  void changeWhenKnownThenStoredAndWhenTheNameIsTakenThenNothingChanges(TestDatabase database) {
    JdbiLinkStore store = store(database);
    Link before = whole("jira").build();
    store.add(before);
    store.add(builder("wiki").build());

    Link after =
        store
            .change(
                before.id(),
                link ->
                    new LinkBuilder(link, NOW.plusSeconds(1))
                        .signatureMethod(SignatureMethod.RSA_SHA1)
                        .endpoints(null)
                        .build())
            .after();

    assertThat(after.revision()).isEqualTo(2);
    assertThat(after.secret()).isNull();
    assertThat(after.created()).isEqualTo(NOW);
    assertThat(store.find("jira")).contains(after);
    assertThatIllegalArgumentException()
        .isThrownBy(
            () ->
                store.change(before.id(), link -> new LinkBuilder(link, NOW).name("Wiki").build()))
        .withMessageContaining("already");
    assertThat(store.find("jira")).contains(after);
    assertThatIllegalArgumentException()
        .isThrownBy(() -> store.change(UUID.randomUUID(), link -> link));
  }

  @OnEachDatabase
  void removeWhenTokensWereGrantedThenTheyGoToo(TestDatabase database) {
    JdbiLinkStore store = store(database);
    Link jira = builder("jira").build();
    store.add(jira);
    JdbcConsumerTokenStore tokens = tokens(database);
    AccessToken token =
        new AccessToken("token-value", Secret.of("token-secret"), Secret.of("handle"), NOW);
    tokens.putAccessToken(jira.applicationId(), "id-1", token);
    tokens.putRequestToken(
        jira.applicationId(), "id-1", new RequestToken("waiting", Secret.of("x"), false));

    assertThat(tokens.accessToken(jira.applicationId(), "id-1")).isEqualTo(token);
    assertThat(store.authorised(jira.id())).isEqualTo(1);
    assertThat(store.remove(jira.id())).isTrue();
    assertThat(tokens.accessToken(jira.applicationId(), "id-1")).isNull();
    assertThat(store.remove(jira.id())).isFalse();
    Assertions.assertThatIllegalStateException()
        .isThrownBy(() -> tokens.putAccessToken(jira.applicationId(), "id-1", token));
  }

  @OnEachDatabase
  void addWhenStoredThenNoSecretIsInTheRow(TestDatabase database) {
    store(database).add(whole("jira").build());

    byte[] sealed =
        database
            .database()
            .read(
                handle ->
                    handle.createQuery("SELECT sealed_secret FROM link").mapTo(byte[].class).one());

    assertThat(new String(sealed, StandardCharsets.ISO_8859_1)).doesNotContain(SHARED.reveal());
  }

  private static LinkBuilder builder(String name) {
    return new LinkBuilder(
        UUID.randomUUID(), name, URI.create("https://jira.example.com/base/"), "onbehalf:1", NOW);
  }

  private static LinkBuilder whole(String name) {
    return builder(name)
        .type(new JiraApplicationType())
        .displayUrl(URI.create("https://jira.example.org"))
        .consumerKey("ours")
        .signatureMethod(SignatureMethod.HMAC_SHA1)
        .secret(SHARED)
        .levels(new Link.Levels(true, true, true))
        .endpoints(new Link.Endpoints("/r", "https://jira.example.org/a", "/t"))
        .callbackConfirmed(false)
        .privateAddresses(true)
        .peerConsumerKey("theirs");
  }

  private static JdbiLinkStore store(TestDatabase database) {
    return new JdbiLinkStore(database.database(), sealer(database));
  }

  private static JdbcConsumerTokenStore tokens(TestDatabase database) {
    return new JdbcConsumerTokenStore(
        database.database().dataSource(), new SealedTokens(sealer(database)));
  }

  private static TinkSealer sealer(TestDatabase database) {
    Database open = database.database();
    return TinkSealer.open(open, database.dataDirectory());
  }
}
