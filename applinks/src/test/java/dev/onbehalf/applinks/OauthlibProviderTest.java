package dev.onbehalf.applinks;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.onbehalf.applinks.Request.MethodType;
import dev.onbehalf.applinks.application.GenericApplicationType;
import dev.onbehalf.applinks.auth.AuthenticationProvider;
import dev.onbehalf.applinks.auth.OAuthAuthenticationProvider;
import dev.onbehalf.applinks.auth.TwoLeggedOAuthAuthenticationProvider;
import dev.onbehalf.applinks.auth.TwoLeggedOAuthWithImpersonationAuthenticationProvider;
import dev.onbehalf.oauth1.Keys;
import dev.onbehalf.oauth1.Secret;
import dev.onbehalf.oauth1.SignatureMethod;
import dev.onbehalf.oauth1.Signer;
import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse.BodyHandlers;
import java.security.KeyPair;
import java.security.interfaces.RSAPublicKey;
import java.util.Objects;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** Signing and dancing in the eyes of oauthlib (needs {@code python3-oauthlib}). */
@Tag("debian")
class OauthlibProviderTest {
  private static final KeyPair PAIR = Keys.generate(2048);
  private static final String SECRET = "shared & secret";

  private static Process start(SignatureMethod method) throws IOException {
    String credential = method.isRsa() ? Keys.pem((RSAPublicKey) PAIR.getPublic()) : SECRET;
    return new ProcessBuilder(
            "/usr/bin/python3",
            "-B",
            "src/test/python/oauthlib_provider.py",
            method.parameterValue(),
            credential)
        .redirectError(ProcessBuilder.Redirect.INHERIT)
        .start();
  }

  private static ApplicationLink link(String base, Signer signer, ConsumerTokenStore tokens) {
    return ApplicationLinks.builder()
        .actingPerson(() -> "zo\u00eb & co")
        .tokens(tokens)
        .link(
            ApplicationLinkDetails.builder(
                    new ApplicationId("python"),
                    "Python",
                    new GenericApplicationType(),
                    URI.create(base),
                    signer)
                .endpoints("/request-token", "/authorize", base + "/access-token")
                .authentication(
                    OAuthAuthenticationProvider.class,
                    TwoLeggedOAuthAuthenticationProvider.class,
                    TwoLeggedOAuthWithImpersonationAuthenticationProvider.class)
                .build())
        .build()
        .getApplicationLinks()
        .get(0);
  }

  private static ApplicationLinkRequest request(
      ApplicationLink link,
      Class<? extends AuthenticationProvider> provider,
      MethodType method,
      String url)
      throws Exception {
    return Objects.requireNonNull(link.createAuthenticatedRequestFactory(provider))
        .createRequest(method, url);
  }

  private static String allow(URI page) throws Exception {
    String answer =
        HttpClient.newHttpClient()
            .send(HttpRequest.newBuilder(page).build(), BodyHandlers.ofString())
            .body();
    return LinkUrl.decode(answer).stream()
        .filter(parameter -> parameter.name().equals("oauth_verifier"))
        .map(LinkUrl.Parameter::value)
        .findFirst()
        .orElseThrow(() -> new AssertionError(answer));
  }

  @ParameterizedTest
  @EnumSource
  void danceAndCallsWhenProviderIsOauthlibThenAccepted(SignatureMethod method) throws Exception {
    Process provider = start(method);
    try {
      String base = "http://127.0.0.1:" + provider.inputReader().readLine();
      Signer signer =
          method.isRsa()
              ? Signer.rsa(method, "tracker", PAIR.getPrivate())
              : Signer.hmac(method, "tracker", Secret.of(SECRET));
      InMemoryConsumerTokenStore tokens = new InMemoryConsumerTokenStore();
      ApplicationLink link = link(base, signer, tokens);
      LoginDance dance = link.loginDance();

      dance.finish(allow(dance.startOutOfBand()));

      assertThat(
              request(link, OAuthAuthenticationProvider.class, MethodType.GET, "/x?a=1&b=c%20d%2F")
                  .execute())
          .isEqualTo("token");
      assertThat(
              request(link, OAuthAuthenticationProvider.class, MethodType.POST, "/x?a=1")
                  .addRequestParameters("a", "\u00e9 +&=", "b", "")
                  .execute())
          .isEqualTo("token");
      assertThat(
              request(link, TwoLeggedOAuthAuthenticationProvider.class, MethodType.GET, "/x")
                  .execute())
          .isEqualTo("nobody");
      assertThat(
              request(
                      link,
                      TwoLeggedOAuthWithImpersonationAuthenticationProvider.class,
                      MethodType.POST,
                      "/x")
                  .setRequestBody("{}")
                  .execute())
          .isEqualTo("zo\u00eb & co");
      AccessToken token = Objects.requireNonNull(tokens.accessToken(link.getId(), "zo\u00eb & co"));
      Attacks attacks =
          new Attacks(
              signer.withToken(token.value(), token.secret()), URI.create(base + "/x?a=1&b=2"));
      attacks.assertReplayRefused();
      attacks.assertTamperingRefused();
      assertThatThrownBy(() -> link(base, stranger(method), tokens).loginDance().startOutOfBand())
          .isInstanceOf(ResponseException.class);
    } finally {
      provider.destroy();
      provider.waitFor();
    }
  }

  private static Signer stranger(SignatureMethod method) {
    return method.isRsa()
        ? Signer.rsa(method, "tracker", Keys.generate(2048).getPrivate())
        : Signer.hmac(method, "tracker", Secret.of("another"));
  }
}
