package dev.onbehalf.acceptance.service;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.onbehalf.acceptance.clients.KeyPairPem;
import dev.onbehalf.acceptance.peers.EchoServer;
import dev.onbehalf.acceptance.peers.Ports;
import dev.onbehalf.applinks.AccessToken;
import dev.onbehalf.applinks.ApplicationId;
import dev.onbehalf.applinks.ApplicationLink;
import dev.onbehalf.applinks.ApplicationLinkDetails;
import dev.onbehalf.applinks.ApplicationLinkRequestFactory;
import dev.onbehalf.applinks.ApplicationLinks;
import dev.onbehalf.applinks.CredentialsRequiredException;
import dev.onbehalf.applinks.InMemoryConsumerTokenStore;
import dev.onbehalf.applinks.LinkError;
import dev.onbehalf.applinks.LoginDance;
import dev.onbehalf.applinks.Request.MethodType;
import dev.onbehalf.applinks.ResponseException;
import dev.onbehalf.applinks.application.GenericApplicationType;
import dev.onbehalf.applinks.auth.AuthenticationProvider;
import dev.onbehalf.applinks.auth.OAuthAuthenticationProvider;
import dev.onbehalf.applinks.auth.TwoLeggedOAuthAuthenticationProvider;
import dev.onbehalf.applinks.auth.TwoLeggedOAuthWithImpersonationAuthenticationProvider;
import dev.onbehalf.oauth1.Keys;
import dev.onbehalf.oauth1.Secret;
import dev.onbehalf.oauth1.SignatureMethod;
import dev.onbehalf.oauth1.Signer;
import java.net.URI;
import java.time.Instant;
import java.util.Objects;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;

/** The links library against the gateway of the executable jar. */
class LinksThroughGatewayTest {
  private static final Class<OAuthAuthenticationProvider> THREE_LEGGED =
      OAuthAuthenticationProvider.class;
  private static final Class<TwoLeggedOAuthAuthenticationProvider> TWO_LEGGED =
      TwoLeggedOAuthAuthenticationProvider.class;
  private static final Class<TwoLeggedOAuthWithImpersonationAuthenticationProvider> IMPERSONATING =
      TwoLeggedOAuthWithImpersonationAuthenticationProvider.class;
  private static final ApplicationId ID = new ApplicationId("echo");
  private static final String SECRET = "a shared secret & some more";

  private static final KeyPairPem PAIR = KeyPairPem.generate();
  private static EchoServer echo;
  private static OnbehalfProcess onbehalf;

  private final InMemoryConsumerTokenStore tokens = new InMemoryConsumerTokenStore();

  @BeforeAll
  static void start() {
    echo = EchoServer.start();
    int port = Ports.free();
    onbehalf =
        OnbehalfProcess.start(
            port,
            """
              echo:
                public-url: http://localhost:%d/echo
                upstream: %s
            """
                .formatted(port, echo.url()));
    onbehalf.addPerson("alice");
    onbehalf.addPerson("bob");
    onbehalf.addPerson("reader");
    addRsa("tracker");
  }

  @AfterAll
  static void stop() {
    onbehalf.close();
    echo.close();
  }

  private static void addRsa(String key) {
    String file = onbehalf.file(key + ".pem", PAIR.publicPem()).toString();
    add(key, "RSA-SHA1", "--public-key", file);
  }

  private static void add(String key, String method, String option, String file) {
    onbehalf.command(
        "consumer",
        "add",
        key,
        "--method",
        method,
        option,
        file,
        "--execute-as",
        "reader",
        "--impersonation",
        "true",
        "--callback",
        "http://127.0.0.1:9/callback");
  }

  private static Signer rsa(String key) {
    return Signer.rsa(SignatureMethod.RSA_SHA1, key, Keys.privateKey(Secret.of(PAIR.privatePem())));
  }

  private ApplicationLink link(Signer signer) {
    ApplicationLinkDetails details =
        ApplicationLinkDetails.builder(
                ID, "Echo", new GenericApplicationType(), onbehalf.at("localhost", "/echo"), signer)
            .authentication(THREE_LEGGED, TWO_LEGGED, IMPERSONATING)
            .build();
    return ApplicationLinks.builder()
        .link(details)
        .tokens(tokens)
        .actingPerson(() -> "alice")
        .build()
        .getApplicationLinks()
        .get(0);
  }

  private static ApplicationLinkRequestFactory factory(
      ApplicationLink link, Class<? extends AuthenticationProvider> provider) {
    return Objects.requireNonNull(link.createAuthenticatedRequestFactory(provider));
  }

  private static String get(ApplicationLink link, Class<? extends AuthenticationProvider> provider)
      throws Exception {
    return factory(link, provider).createRequest(MethodType.GET, "/a%20b?x=1&y=c%2Fd").execute();
  }

  private static void assertArrives(String body, String person) {
    assertThat(body).contains("\"x-forwarded-user\":\"" + person + "\"");
  }

  private static void dance(ApplicationLink link) throws Exception {
    LoginDance dance = link.loginDance();
    dance.finish(new PersonBrowser().allow(dance.startOutOfBand(), "alice"));
  }

  @Test
  void executeWhenAuthorisedThenArrivesAsThePerson() throws Exception {
    String file = onbehalf.file("script.secret", SECRET).toString();
    add("script", "HMAC-SHA1", "--secret-file", file);
    for (Signer signer :
        new Signer[] {
          rsa("tracker"), Signer.hmac(SignatureMethod.HMAC_SHA1, "script", Secret.of(SECRET))
        }) {
      ApplicationLink link = link(signer);
      dance(link);

      assertArrives(get(link, THREE_LEGGED), "alice");
      assertArrives(
          factory(link, THREE_LEGGED)
              .createRequest(MethodType.POST, "/form")
              .addRequestParameters("text", "a b&c")
              .execute(),
          "alice");
      assertArrives(get(link, TWO_LEGGED), "reader");
      assertArrives(get(link.actingAs("bob"), IMPERSONATING), "bob");
    }
  }

  @Test
  void executeWhenTokenIsPastItsTimeThenRenewed() throws Exception {
    ApplicationLink link = link(rsa("tracker"));
    dance(link);
    AccessToken first = Objects.requireNonNull(tokens.accessToken(ID, "alice"));
    assertThat(first.sessionHandle()).isNotNull();
    tokens.putAccessToken(
        ID,
        "alice",
        new AccessToken(first.value(), first.secret(), first.sessionHandle(), Instant.EPOCH));

    assertArrives(get(link, THREE_LEGGED), "alice");

    AccessToken renewed = Objects.requireNonNull(tokens.accessToken(ID, "alice"));
    assertThat(renewed.value()).isNotEqualTo(first.value());
    assertThat(renewed.sessionHandle()).isNotEqualTo(first.sessionHandle());
  }

  @Test
  void executeWhenConsumerWasRemovedThenSaysSoAndANewOneAsksAgain() throws Exception {
    addRsa("passing");
    ApplicationLink link = link(rsa("passing"));
    dance(link);
    onbehalf.command("consumer", "remove", "passing");

    assertRefused(link, THREE_LEGGED, LinkError.OAUTH_PROBLEM, "consumer_key_unknown");
    assertThat(link.loginDance().isAuthorised()).isTrue();
    addRsa("passing");

    assertThatThrownBy(() -> get(link, THREE_LEGGED))
        .isInstanceOf(CredentialsRequiredException.class);
    assertThat(link.loginDance().isAuthorised()).isFalse();
  }

  @Test
  void executeWhenLevelsAreOffOrThePersonIsUnknownThenSaysWhich() throws Exception {
    addRsa("limited");
    ApplicationLink link = link(rsa("limited"));
    assertRefused(
        link.actingAs("mallory"),
        IMPERSONATING,
        LinkError.OAUTH_PROBLEM,
        "there is no person 'mallory'");

    onbehalf.command(
        "consumer", "edit", "limited", "--impersonation", "false", "--two-legged", "false");

    assertRefused(link, IMPERSONATING, LinkError.AUTH_LEVEL_UNSUPPORTED, "impersonation is off");
    assertRefused(
        link, TWO_LEGGED, LinkError.AUTH_LEVEL_UNSUPPORTED, "two-legged requests are off");
  }

  @Test
  void finishWhenCodeIsAGuessThenNothingIsAuthorised() throws Exception {
    LoginDance dance = link(rsa("tracker")).loginDance();
    URI page = dance.startOutOfBand();
    assertThatThrownBy(() -> dance.finish("a guess")).isInstanceOf(ResponseException.class);
    assertThat(dance.isAuthorised()).isFalse();
    assertThat(page.toString()).startsWith(onbehalf.at("localhost", "/echo/plugins/").toString());
  }

  private static void assertRefused(
      ApplicationLink link,
      Class<? extends AuthenticationProvider> provider,
      LinkError error,
      String sentence) {
    assertThatThrownBy(() -> get(link, provider))
        .isInstanceOfSatisfying(
            ResponseException.class, e -> assertThat(e.getError()).isEqualTo(error))
        .hasMessageContaining(sentence);
  }
}
