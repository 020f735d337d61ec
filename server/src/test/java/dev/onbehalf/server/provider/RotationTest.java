package dev.onbehalf.server.provider;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.onbehalf.oauth1.Secret;
import dev.onbehalf.oauth1.SignatureMethod;
import dev.onbehalf.oauth1.Signer;
import dev.onbehalf.server.access.Verdict;
import dev.onbehalf.server.audit.AuditEvent;
import dev.onbehalf.server.provider.Peer.Token;
import dev.onbehalf.server.provider.ProviderAdministration.NewSecret;
import java.security.interfaces.RSAPublicKey;
import java.time.Duration;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;

/** Secrets and keys change while requests go on. */
final class RotationTest {
  private static TestProvider provider;

  @BeforeAll
  static void start() {
    provider = TestProvider.start();
  }

  @AfterAll
  static void stop() {
    provider.close();
  }

  private static Consumer consumer(Peer peer) {
    return provider.administration().consumer(peer.key()).orElseThrow();
  }

  private static Peer with(Peer peer, Secret secret) {
    return provider.peer(peer.key(), Signer.hmac(SignatureMethod.HMAC_SHA1, peer.key(), secret));
  }

  @Test
  void rotateSecretWhenOldIsLiveThenBothWorkUntilTheOldIsRetired() {
    Peer old = provider.hmac(consumer -> consumer.twoLegged("alice"));
    String oldId = consumer(old).sharedSecrets().get(0).id();

    NewSecret rotated = provider.administration().rotateSecret(TestProvider.ADMIN, old.key());
    Peer fresh = with(old, rotated.secret());

    assertThat(rotated.secret().reveal()).matches("[0-9A-Za-z]{43}");
    assertThat(consumer(old).sharedSecrets())
        .extracting(ConsumerSecret::id)
        .containsExactly(rotated.credentialId(), oldId);
    assertThat(old.whoAmITwoLegged("").body()).isEqualTo("alice");
    assertThat(fresh.whoAmITwoLegged("").body()).isEqualTo("alice");
    assertThat(consumer(old).warnings()).anyMatch(warning -> warning.contains("Retire the older"));

    provider.administration().retire(TestProvider.ADMIN, old.key(), oldId);

    Answered.problem(old.whoAmITwoLegged(""), 401, "signature_invalid");
    assertThat(fresh.whoAmITwoLegged("").body()).isEqualTo("alice");
    assertThat(consumer(old).sharedSecrets())
        .extracting(ConsumerSecret::id)
        .containsExactly(rotated.credentialId());
  }

  @Test
  void rotateSecretWhenTokensWereGrantedThenTheyGoOnWorking() {
    Peer old = provider.hmac();
    Token token = old.granted("alice");
    String oldId = consumer(old).sharedSecrets().get(0).id();

    Peer fresh =
        with(old, provider.administration().rotateSecret(TestProvider.ADMIN, old.key()).secret());
    assertThat(old.whoAmI(token).body()).isEqualTo("alice");
    assertThat(fresh.whoAmI(token).body()).isEqualTo("alice");
    provider.administration().retire(TestProvider.ADMIN, old.key(), oldId);

    assertThat(fresh.whoAmI(token).body()).isEqualTo("alice");
  }

  @Test
  void authenticateWhenTwoSecretsAreLiveThenTheOneUsedIsNamed() {
    Peer old = provider.hmac(consumer -> consumer.twoLegged("alice"));
    String oldId = consumer(old).sharedSecrets().get(0).id();
    NewSecret rotated = provider.administration().rotateSecret(TestProvider.ADMIN, old.key());

    assertThat(credentialOf(old)).isEqualTo(oldId);
    assertThat(credentialOf(with(old, rotated.secret()))).isEqualTo(rotated.credentialId());
  }

  private static String credentialOf(Peer peer) {
    String authorization =
        peer.signer()
            .withToken("", Secret.of(""))
            .sign("GET", TestProvider.URL.with("/job/x/"))
            .authorizationHeader();
    Verdict verdict = provider.verdict("/job/x/", authorization);
    assertThat(verdict).isInstanceOf(Verdict.Accepted.class);
    return ((Verdict.Accepted) verdict).caller().credentialId();
  }

  @Test
  void lastUsedWhenEachSecretSignsThenEachHasItsOwnTime() {
    Peer old = provider.hmac(consumer -> consumer.twoLegged("alice"));
    old.whoAmITwoLegged("");
    provider.clock.advance(Duration.ofHours(1));
    Peer fresh =
        with(old, provider.administration().rotateSecret(TestProvider.ADMIN, old.key()).secret());
    assertThat(consumer(old).sharedSecrets().get(0).lastUsed()).isNull();

    fresh.whoAmITwoLegged("");

    assertThat(consumer(old).sharedSecrets().get(0).lastUsed()).isEqualTo(provider.clock.instant());
    assertThat(consumer(old).sharedSecrets().get(1).lastUsed())
        .isEqualTo(provider.clock.instant().minus(Duration.ofHours(1)));
  }

  @Test
  void rotateSecretWhenTwoAreLiveThenRefusedUntilOneIsRetired() {
    Peer peer = provider.hmac();
    ProviderAdministration administration = provider.administration();
    administration.rotateSecret(TestProvider.ADMIN, peer.key());

    assertThatThrownBy(() -> administration.rotateSecret(TestProvider.ADMIN, peer.key()))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessageContaining("retire one first");
    administration.retireOlder(TestProvider.ADMIN, peer.key());
    assertThat(administration.rotateSecret(TestProvider.ADMIN, peer.key()).consumer().key())
        .isEqualTo(peer.key());
  }

  @Test
  void rotateSecretWhenGivenThenThatOne() {
    Peer peer = provider.hmac(consumer -> consumer.twoLegged("alice"));
    Secret given = Secret.of("a secret the peer has made itself");

    provider.administration().rotateSecret(TestProvider.ADMIN, peer.key(), given);

    assertThat(with(peer, given).whoAmITwoLegged("").body()).isEqualTo("alice");
  }

  @Test
  void rotateWhenTheCredentialIsOfTheOtherKindThenRefused() {
    ProviderAdministration administration = provider.administration();
    Peer rsa = provider.rsa();
    Peer hmac = provider.hmac();

    assertThatThrownBy(() -> administration.rotateSecret(TestProvider.ADMIN, rsa.key()))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessageContaining("takes no shared secret");
    assertThatThrownBy(
            () ->
                administration.rotateKey(TestProvider.ADMIN, hmac.key(), Fixtures.otherPublicKey()))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessageContaining("takes no public key");
    assertThatThrownBy(() -> administration.rotateSecret(TestProvider.ADMIN, "nobody"))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessageContaining("There is no consumer");
  }

  @Test
  void rotateKeyWhenOldIsLiveThenBothWorkUntilTheOldIsRetired() {
    Peer old = provider.rsa(consumer -> consumer.twoLegged("alice"));
    Peer fresh =
        provider.peer(
            old.key(),
            Signer.rsa(SignatureMethod.RSA_SHA1, old.key(), Fixtures.OTHER_RSA.getPrivate()));
    Answered.problem(fresh.whoAmITwoLegged(""), 401, "signature_invalid");

    provider
        .administration()
        .rotateKey(TestProvider.ADMIN, old.key(), (RSAPublicKey) Fixtures.OTHER_RSA.getPublic());
    assertThat(old.whoAmITwoLegged("").body()).isEqualTo("alice");
    assertThat(fresh.whoAmITwoLegged("").body()).isEqualTo("alice");
    assertThat(consumer(old).publicKeys()).allMatch(key -> key.lastUsed() != null);

    provider.administration().retireOlder(TestProvider.ADMIN, old.key());
    Answered.problem(old.whoAmITwoLegged(""), 401, "signature_invalid");
    assertThat(fresh.whoAmITwoLegged("").body()).isEqualTo("alice");
  }

  @Test
  void rotateKeyWhenItIsLiveAlreadyThenRefused() {
    Peer peer = provider.rsa();

    assertThatThrownBy(
            () ->
                provider
                    .administration()
                    .rotateKey(TestProvider.ADMIN, peer.key(), Fixtures.publicKey()))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessageContaining("already");
  }

  @Test
  void retireWhenItIsTheLastOrUnknownThenRefused() {
    Peer peer = provider.hmac();
    String only = consumer(peer).sharedSecrets().get(0).id();
    ProviderAdministration administration = provider.administration();

    assertThatThrownBy(() -> administration.retire(TestProvider.ADMIN, peer.key(), only))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessageContaining("only");
    assertThatThrownBy(() -> administration.retireOlder(TestProvider.ADMIN, peer.key()))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessageContaining("only");
    assertThatThrownBy(() -> administration.retire(TestProvider.ADMIN, peer.key(), "unknown"))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessageContaining("has no key or secret");
    assertThat(peer.askRequestToken("oob").statusCode()).isEqualTo(200);
  }

  @Test
  void rotateWhenAuditedThenTheIdIsNamedAndTheSecretIsNot() {
    Peer peer = provider.hmac();

    NewSecret rotated = provider.administration().rotateSecret(TestProvider.ADMIN, peer.key());

    AuditEvent event = provider.event("consumer-rotate");
    assertThat(event.consumer()).isEqualTo(peer.key());
    assertThat(event.person()).isEqualTo("admin");
    assertThat(event.detail()).contains(rotated.credentialId());
    provider.administration().retireOlder(TestProvider.ADMIN, peer.key());
    assertThat(provider.event("consumer-retire").consumer()).isEqualTo(peer.key());
    assertThat(provider.events.toString() + rotated).doesNotContain(rotated.secret().reveal());
  }
}
