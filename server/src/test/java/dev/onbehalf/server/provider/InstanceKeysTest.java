package dev.onbehalf.server.provider;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.onbehalf.oauth1.SignatureMethod;
import dev.onbehalf.oauth1.Signer;
import dev.onbehalf.server.people.TestClock;
import dev.onbehalf.server.provider.InstanceKeys.InstanceKey;
import dev.onbehalf.server.provider.InstanceKeys.Role;
import dev.onbehalf.server.store.Database;
import dev.onbehalf.server.store.OnEachDatabase;
import dev.onbehalf.server.store.TestDatabase;
import dev.onbehalf.server.store.TestSealer;
import java.security.KeyPair;
import java.time.Duration;
import java.util.List;
import org.junit.jupiter.api.Test;

/** The instance's own key pair is published before it is used, and lives on until retired. */
final class InstanceKeysTest {
  private final TestClock clock = new TestClock();
  private final TestSealer sealer = new TestSealer();

  private InstanceKeys keys(Database database) {
    InstanceKeys keys = new InstanceKeys(database, sealer, clock);
    keys.ensure();
    return keys;
  }

  @OnEachDatabase
  void ensureWhenCalledAgainThenTheIdentityStays(TestDatabase database) {
    InstanceKeys keys = keys(database.database());
    String consumerKey = keys.consumerKey();
    InstanceKey current = keys.current();

    InstanceKeys again = keys(database.reopen());

    assertThat(consumerKey).matches("onbehalf:[0-9a-z]{8}");
    assertThat(again.consumerKey()).isEqualTo(consumerKey);
    assertThat(again.current()).isEqualTo(current);
    assertThat(current.role()).isEqualTo(Role.CURRENT);
    assertThat(again.signingPair().getPublic()).isEqualTo(current.publicKey());
    assertThat(again.next()).isEmpty();
  }

  @OnEachDatabase
  void prepareNextWhenCalledThenPublishedButNotUsed(Database database) {
    InstanceKeys keys = keys(database);
    InstanceKey first = keys.current();

    InstanceKey next = keys.prepareNext();

    assertThat(next.role()).isEqualTo(Role.NEXT);
    assertThat(keys.prepareNext()).isEqualTo(next);
    assertThat(keys.current()).isEqualTo(first);
    assertThat(keys.signingPair().getPublic()).isEqualTo(first.publicKey());
    assertThat(keys.live()).extracting(InstanceKey::id).containsExactly(first.id(), next.id());
  }

  @OnEachDatabase
  void activateNextWhenPreparedThenUsedAndTheOldLivesUntilRetired(Database database) {
    InstanceKeys keys = keys(database);
    InstanceKey first = keys.current();
    assertThatThrownBy(keys::activateNext)
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessageContaining("prepare it");
    InstanceKey next = keys.prepareNext();
    clock.advance(Duration.ofDays(1));

    InstanceKey current = keys.activateNext();

    assertThat(current.id()).isEqualTo(next.id());
    assertThat(current.activated()).isEqualTo(clock.instant());
    KeyPair pair = keys.signingPair();
    assertThat(pair.getPublic()).isEqualTo(next.publicKey());
    assertThat(Signer.rsa(SignatureMethod.RSA_SHA1, "self", pair.getPrivate())).isNotNull();
    assertThat(keys.previous()).extracting(InstanceKey::id).containsExactly(first.id());
    assertThat(keys.live()).extracting(InstanceKey::id).containsExactly(next.id(), first.id());

    clock.advance(Duration.ofDays(1));
    assertThat(keys.retirePrevious()).isEqualTo(1);
    assertThat(keys.retirePrevious()).isZero();
    assertThat(keys.live()).extracting(InstanceKey::id).containsExactly(next.id());
    InstanceKey retired =
        keys.all().stream().filter(key -> key.id().equals(first.id())).findFirst().orElseThrow();
    assertThat(retired.role()).isEqualTo(Role.RETIRED);
    assertThat(retired.retired()).isEqualTo(clock.instant());
    assertThat(
            database.<Integer, RuntimeException>read(
                handle ->
                    handle
                        .createQuery(
                            "SELECT length(sealed_private_key) FROM provider_key_pair"
                                + " WHERE id = ?")
                        .bind(0, first.id())
                        .mapTo(Integer.class)
                        .one()))
        .isZero();
  }

  @OnEachDatabase
  void restorePreviousWhenPeersAreNotReadyThenTheOldPairSignsAgain(Database database) {
    InstanceKeys keys = keys(database);
    InstanceKey first = keys.current();
    InstanceKey next = keys.prepareNext();
    keys.activateNext();

    assertThat(keys.restorePrevious().id()).isEqualTo(first.id());

    assertThat(keys.signingPair().getPublic()).isEqualTo(first.publicKey());
    assertThat(keys.next().orElseThrow().id()).isEqualTo(next.id());
    assertThat(keys.activateNext().id()).isEqualTo(next.id());
    keys.retirePrevious();
    assertThatThrownBy(keys::restorePrevious)
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessageContaining("no previous");
  }

  @Test
  void rotateWhenDoneByAnAdministratorThenAudited() {
    try (TestProvider provider = TestProvider.start()) {
      ProviderAdministration administration = provider.administration();
      InstanceKeys keys = provider.provider().keys();

      InstanceKey next = administration.prepareInstanceKey(TestProvider.ADMIN);
      assertThat(provider.event("instance-key-prepare").detail()).contains(next.id());
      administration.activateInstanceKey(TestProvider.ADMIN);
      assertThat(provider.event("instance-key-activate").detail()).contains(next.id());
      assertThat(administration.retireInstanceKeys(TestProvider.ADMIN)).isEqualTo(1);
      assertThat(provider.event("instance-key-retire").person()).isEqualTo("admin");
      assertThat(keys.all())
          .extracting(InstanceKey::role)
          .containsExactlyInAnyOrderElementsOf(List.of(Role.CURRENT, Role.RETIRED));
    }
  }
}
