package dev.onbehalf.server.provider;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;
import static org.assertj.core.api.Assertions.assertThatNullPointerException;

import dev.onbehalf.server.access.PermissionSet;
import dev.onbehalf.server.access.Permissions;
import dev.onbehalf.server.people.TestClock;
import dev.onbehalf.server.provider.TokenFactory.IssuedAccessToken;
import dev.onbehalf.server.provider.TokenFactory.IssuedRequestToken;
import java.time.Duration;
import java.util.List;
import java.util.Set;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;

final class TokenFactoryTest {
  private static final Permissions READ_ONLY =
      new Permissions(Set.of(PermissionSet.READ_ONLY), List.of());

  private final TestClock clock = new TestClock();
  private final TokenFactory factory = new TokenFactory(clock, Fixtures.CONFIG);
  private final Consumer consumer = Fixtures.hmac("jira", clock.instant()).build();

  @DisplayName("23: a request token keeps its fields, with and without callback")
  @Test
  void requestTokenWhenWithOrWithoutCallbackThenFieldsAreKept() {
    IssuedRequestToken with = factory.requestToken(consumer, "ci", Fixtures.CALLBACK, false);
    IssuedRequestToken without = factory.requestToken(consumer, "ci", null, false);

    assertThat(with.token().callback()).isEqualTo(Fixtures.CALLBACK);
    assertThat(without.token().callback()).isNull();
    assertThat(with.token().consumerKey()).isEqualTo("jira");
    assertThat(with.token().application()).isEqualTo("ci");
    assertThat(with.token().state()).isEqualTo(RequestToken.State.UNDECIDED);
    assertThat(with.token().expires()).isEqualTo(clock.instant().plus(Duration.ofMinutes(10)));
    assertThat(with.value().reveal()).matches("[0-9A-Za-z]{32}");
    assertThat(with.token().secret().reveal()).matches("[0-9A-Za-z]{32}");
    assertThat(with.value()).isNotEqualTo(without.value());
  }

  @DisplayName("24: a request token needs a consumer")
  @Test
  @SuppressWarnings("NullAway")
  void requestTokenWhenConsumerIsNullThenRefused() {
    assertThatNullPointerException()
        .isThrownBy(() -> factory.requestToken(null, "ci", Fixtures.CALLBACK, false));
  }

  @DisplayName("25: an access token has a new value and secret, consumer and application kept")
  @Test
  void accessTokenWhenAuthorisedThenEverythingSecretIsNew() {
    RequestToken request = authorised(new Decision("alice", "id-alice", null, null));

    IssuedAccessToken issued = factory.accessToken(request, consumer);

    assertThat(issued.token().consumerKey()).isEqualTo("jira");
    assertThat(issued.token().application()).isEqualTo("ci");
    assertThat(issued.token().person()).isEqualTo("alice");
    assertThat(issued.secret()).isNotEqualTo(request.secret());
    assertThat(issued.token().expires()).isEqualTo(clock.instant().plusSeconds(157_680_000));
    assertThat(issued.token().sessionExpires()).isEqualTo(clock.instant().plusSeconds(160_272_000));
    assertThat(issued.token().grantEnds()).isNull();
  }

  @DisplayName("26: nothing is made of a request token nobody authorised")
  @Test
  void accessTokenWhenNotAuthorisedThenRefused() {
    RequestToken undecided = factory.requestToken(consumer, "ci", null, false).token();

    assertThatIllegalArgumentException().isThrownBy(() -> factory.accessToken(undecided, consumer));
  }

  @Test
  void accessTokenWhenThePersonGrantsLessThenItEndsAndIsNarrower() {
    RequestToken request =
        authorised(new Decision("alice", "id-alice", READ_ONLY, Duration.ofDays(1)));

    AccessToken token = factory.accessToken(request, consumer).token();

    assertThat(token.permissions()).isEqualTo(READ_ONLY);
    assertThat(token.expires()).isEqualTo(clock.instant().plus(Duration.ofDays(1)));
    assertThat(token.sessionExpires()).isEqualTo(token.expires());
  }

  @Test
  void accessTokenWhenTheConsumerIsLimitedThenTheShorterLifeWins() {
    Consumer limited =
        new ConsumerBuilder(consumer, clock.instant()).tokenLife(Duration.ofHours(1)).build();
    RequestToken request = authorised(new Decision("alice", "id-alice", null, Duration.ofDays(1)));

    assertThat(factory.accessToken(request, limited).token().expires())
        .isEqualTo(clock.instant().plus(Duration.ofHours(1)));
  }

  @Test
  void renewedWhenTheGrantEndsThenRenewalDoesNotExtendIt() {
    AccessToken token =
        factory
            .accessToken(
                authorised(new Decision("alice", "id-alice", null, Duration.ofDays(1))), consumer)
            .token();
    clock.advance(Duration.ofHours(20));

    IssuedAccessToken renewed = factory.renewed(token);

    assertThat(renewed.token().id()).isEqualTo(token.id());
    assertThat(renewed.token().granted()).isEqualTo(token.granted());
    assertThat(renewed.token().renewed()).isEqualTo(clock.instant());
    assertThat(renewed.token().expires()).isEqualTo(token.expires());
  }

  private RequestToken authorised(Decision decision) {
    RequestToken token = factory.requestToken(consumer, "ci", null, false).token();
    return new RequestToken(
        token.id(),
        token.consumerKey(),
        token.application(),
        token.secret(),
        token.callback(),
        token.legacy(),
        RequestToken.State.AUTHORIZED,
        decision,
        "session",
        token.created(),
        token.expires());
  }
}
