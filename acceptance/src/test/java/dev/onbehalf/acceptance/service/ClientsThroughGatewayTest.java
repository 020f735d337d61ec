package dev.onbehalf.acceptance.service;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.onbehalf.acceptance.clients.ClientLibrary;
import dev.onbehalf.acceptance.clients.ClientLibrary.Answer;
import dev.onbehalf.acceptance.clients.ClientLibrary.RefusedException;
import dev.onbehalf.acceptance.clients.ClientLibrary.Settings;
import dev.onbehalf.acceptance.clients.ClientLibrary.Signing;
import dev.onbehalf.acceptance.clients.ClientLibrary.Token;
import dev.onbehalf.acceptance.clients.Clients;
import dev.onbehalf.acceptance.clients.KeyPairPem;
import java.net.URI;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.EnumSource.Mode;

/** Every client library does its whole dance and its calls through the gateway. */
@ExtendWith(Deployment.Shared.class)
class ClientsThroughGatewayTest {
  private final Deployment deployment;

  ClientsThroughGatewayTest(Deployment deployment) {
    this.deployment = deployment;
  }

  @ParameterizedTest
  @EnumSource(
      names = {"REQUESTS_OAUTHLIB", "NPM_OAUTH", "NPM_OAUTH_1_0A"},
      mode = Mode.EXCLUDE)
  void danceWhenLibraryIsOfJavaThenCallsArriveAsThePerson(Clients library) {
    dance(library, Signing.RSA_SHA1);
    dance(library, Signing.HMAC_SHA1);
  }

  @Tag("debian")
  @ParameterizedTest
  @EnumSource(names = {"REQUESTS_OAUTHLIB", "NPM_OAUTH", "NPM_OAUTH_1_0A"})
  void danceWhenLibraryIsOfAnotherLanguageThenCallsArriveAsThePerson(Clients library) {
    dance(library, Signing.RSA_SHA1);
    dance(library, Signing.HMAC_SHA1);
  }

  private void dance(Clients library, Signing signing) {
    Settings settings = deployment.settings(deployment.echo(""), signing, null);
    String other =
        signing == Signing.RSA_SHA1 ? KeyPairPem.generate().privatePem() : "another secret";
    try (ClientLibrary client = library.create(settings);
        ClientLibrary stranger = library.create(settings.with(other))) {
      Token request = client.requestToken(ClientLibrary.OUT_OF_BAND);
      URI authorize = client.authorizationUrl(request);
      assertThatThrownBy(() -> client.accessToken(request, "a guess"))
          .isInstanceOf(RefusedException.class);
      String code = new PersonBrowser().allow(authorize, "alice");
      Token token = client.accessToken(request, code);

      assertArrives(client.call("GET", deployment.echo("/a%20b?x=1&y=c%2Fd"), token), "alice");
      assertArrives(client.call("POST", deployment.echo("/job/app/build"), token), "alice");
      assertArrives(client.callTwoLegged("GET", deployment.echo("/plain")), "reader");
      assertArrives(
          client.callTwoLegged("POST", deployment.echo("/for?xoauth_requestor_id=bob")), "bob");
      assertThat(stranger.call("GET", deployment.echo("/plain"), token).status()).isEqualTo(401);
      assertThatThrownBy(() -> stranger.requestToken(ClientLibrary.OUT_OF_BAND))
          .isInstanceOf(RefusedException.class);
    }
  }

  private static void assertArrives(Answer answer, String person) {
    assertThat(answer.status()).as(answer.body()).isEqualTo(200);
    assertThat(answer.body()).contains("\"x-forwarded-user\":\"" + person + "\"");
  }
}
