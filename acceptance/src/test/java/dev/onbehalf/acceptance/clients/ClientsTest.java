package dev.onbehalf.acceptance.clients;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.onbehalf.acceptance.clients.ClientLibrary.Answer;
import dev.onbehalf.acceptance.clients.ClientLibrary.RefusedException;
import dev.onbehalf.acceptance.clients.ClientLibrary.Signing;
import dev.onbehalf.acceptance.clients.ClientLibrary.Token;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.EnumSource.Mode;

/** Each client is right in the eyes of net.oauth before it is let loose on Onbehalf. */
class ClientsTest {
  private static final String CONSUMER = "script";
  private static final String SECRET = "shared secret & more";
  private static final KeyPairPem PAIR = KeyPairPem.generate();

  @ParameterizedTest
  @EnumSource(
      names = {"REQUESTS_OAUTHLIB", "NPM_OAUTH", "NPM_OAUTH_1_0A"},
      mode = Mode.EXCLUDE)
  void danceWhenLibraryIsOfJavaThenReferenceAccepts(Clients library) throws Exception {
    dance(library, Signing.RSA_SHA1);
    dance(library, Signing.HMAC_SHA1);
  }

  @Tag("debian")
  @ParameterizedTest
  @EnumSource(names = {"REQUESTS_OAUTHLIB", "NPM_OAUTH", "NPM_OAUTH_1_0A"})
  void danceWhenLibraryIsOfAnotherLanguageThenReferenceAccepts(Clients library) throws Exception {
    dance(library, Signing.RSA_SHA1);
    dance(library, Signing.HMAC_SHA1);
  }

  private static void dance(Clients library, Signing signing) throws Exception {
    String credential = signing == Signing.RSA_SHA1 ? PAIR.privatePem() : SECRET;
    try (ReferenceProvider provider = new ReferenceProvider(CONSUMER, signing, PAIR, SECRET);
        ClientLibrary client = library.create(provider.settings(CONSUMER, signing, credential));
        ClientLibrary stranger =
            library.create(
                provider.settings(
                    CONSUMER,
                    signing,
                    signing == Signing.RSA_SHA1
                        ? KeyPairPem.generate().privatePem()
                        : "another secret"))) {
      Token request = client.requestToken(ClientLibrary.OUT_OF_BAND);
      assertThat(request.value()).isEqualTo("reference-request");
      assertThat(client.authorizationUrl(request))
          .hasToString(provider.at("/authorize?oauth_token=reference-request").toString());
      Token access = client.accessToken(request, ReferenceProvider.VERIFIER);
      assertThat(access).isEqualTo(new Token("reference-access", "access-secret"));
      assertThat(client.call("GET", provider.at("/resource?x=1&y=a%20b"), access))
          .isEqualTo(new Answer(200, "GET token=[reference-access] requestor=[null]"));
      assertThat(client.call("POST", provider.at("/resource"), access))
          .isEqualTo(new Answer(200, "POST token=[reference-access] requestor=[null]"));
      assertThat(client.callTwoLegged("GET", provider.at("/resource")))
          .isEqualTo(new Answer(200, "GET token=[] requestor=[null]"));
      assertThat(client.callTwoLegged("POST", provider.at("/resource?xoauth_requestor_id=alice")))
          .isEqualTo(new Answer(200, "POST token=[] requestor=[alice]"));
      assertThatThrownBy(() -> stranger.requestToken(ClientLibrary.OUT_OF_BAND))
          .isInstanceOf(RefusedException.class);
      assertThat(stranger.call("GET", provider.at("/resource"), access).status()).isEqualTo(401);
    }
  }
}
