package dev.onbehalf.server.provider;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.onbehalf.oauth1.OAuthMessage;
import dev.onbehalf.oauth1.OAuthProblem;
import dev.onbehalf.oauth1.OAuthProblemException;
import dev.onbehalf.oauth1.RsaEngine;
import dev.onbehalf.oauth1.Secret;
import dev.onbehalf.oauth1.SignatureMethod;
import dev.onbehalf.oauth1.Signer;
import dev.onbehalf.oauth1.TimestampWindow;
import dev.onbehalf.server.people.TestClock;
import dev.onbehalf.server.store.Database;
import dev.onbehalf.server.store.TestDatabase;
import dev.onbehalf.server.store.TestSealer;
import java.security.PrivateKey;
import java.security.interfaces.RSAPublicKey;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/** Who is unknown costs exactly what a wrong signature costs: one computation with a key. */
final class VerificationCostTest {
  private static final String URL = "https://ci.example.com/";
  private final TestClock clock = new TestClock();
  private final TestDatabase database = TestDatabase.create(Database.Dialect.H2);
  private final CountingEngine engine = new CountingEngine();
  private final AtomicInteger spent = new AtomicInteger();
  private final SignedMessages messages;

  VerificationCostTest() {
    TestSealer sealer = new TestSealer();
    Changes changes = new Changes(clock);
    ChangeFeed feed = new ChangeFeed(database.database(), changes, System::nanoTime);
    JdbiConsumerStore consumers = new JdbiConsumerStore(database.database(), sealer, changes);
    TokenRows rows = new TokenRows(sealer);
    consumers.add(Fixtures.rsa("jira", clock.instant()).build());
    messages =
        new SignedMessages(
            new ConsumerCache(consumers, feed, engine),
            (consumer, token, timestamp, nonce) -> spent.incrementAndGet() > 0,
            new TimestampWindow(clock, Duration.ofMinutes(5)),
            clock,
            new UsageLog(
                consumers, new JdbiAccessTokenStore(database.database(), rows, changes, clock)),
            engine,
            SignedMessages.nobodysKey());
  }

  @AfterEach
  void stop() {
    database.close();
  }

  private static final class CountingEngine implements RsaEngine {
    private final AtomicInteger computations = new AtomicInteger();

    @Override
    public PublicOperation publicOperation(RSAPublicKey key) {
      PublicOperation real = RsaEngine.jdk().publicOperation(key);
      return signature -> {
        computations.incrementAndGet();
        return real.recover(signature);
      };
    }

    @Override
    public SigningOperation signingOperation(PrivateKey key, SignatureMethod method) {
      return RsaEngine.jdk().signingOperation(key, method);
    }
  }

  private SignedMessages.Sent sent(String consumer, PrivateKey key) {
    String header =
        Signer.rsa(SignatureMethod.RSA_SHA1, consumer, key)
            .withClock(clock)
            .twoLegged()
            .sign("GET", URL)
            .authorizationHeader();
    return new SignedMessages.Sent(
        OAuthMessage.parse(List.of(header), null, null), "GET", List.of(URL));
  }

  private void assertRefused(SignedMessages.Sent sent, OAuthProblem problem) {
    assertThatThrownBy(() -> messages.verify(sent, messages.consumer(sent), Secret.of("")))
        .isInstanceOfSatisfying(
            OAuthProblemException.class, e -> assertThat(e.problem()).isEqualTo(problem));
  }

  @Test
  void verifyWhenConsumerIsUnknownThenOneComputationAndNoNonce() {
    assertRefused(sent("nobody", Fixtures.RSA.getPrivate()), OAuthProblem.CONSUMER_KEY_UNKNOWN);

    assertThat(engine.computations).hasValue(1);
    assertThat(spent).hasValue(0);
  }

  @Test
  void verifyWhenSignatureIsBadThenOneComputationAndNoNonce() {
    assertRefused(sent("jira", Fixtures.OTHER_RSA.getPrivate()), OAuthProblem.SIGNATURE_INVALID);

    assertThat(engine.computations).hasValue(1);
    assertThat(spent).hasValue(0);
  }

  @Test
  void verifyWhenSignatureIsRightThenOneComputationAndOneNonce() {
    SignedMessages.Sent sent = sent("jira", Fixtures.RSA.getPrivate());

    messages.verify(sent, messages.consumer(sent), Secret.of(""));

    assertThat(engine.computations).hasValue(1);
    assertThat(spent).hasValue(1);
  }
}
