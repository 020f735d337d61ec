package dev.onbehalf.applinks;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.onbehalf.applinks.Request.MethodType;
import dev.onbehalf.oauth1.SignatureMethod;
import java.net.URI;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.Map;
import java.util.concurrent.atomic.AtomicReference;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class LoginDanceTest {
  private static final URI CALLBACK = URI.create("https://ci.example.com/back?link=1");

  private TestPeer peer;
  private ApplicationLink link;

  @BeforeEach
  void start() throws Exception {
    peer = new TestPeer(SignatureMethod.HMAC_SHA1);
    link = peer.linkFor("alice");
  }

  @AfterEach
  void stop() {
    peer.close();
  }

  private static void authorise(TestPeer peer, ApplicationLink link) throws Exception {
    LoginDance dance = link.loginDance();
    dance.finish(peer.allow(dance.startOutOfBand(), "alice"));
  }

  private static String whoAmI(ApplicationLink link) throws Exception {
    return link.createAuthenticatedRequestFactory()
        .createRequest(MethodType.GET, "/me/api/json")
        .execute();
  }

  private static String tokenOf(URI authorizationUrl) {
    return LinkUrl.decode(authorizationUrl.getRawQuery()).get(0).value();
  }

  @Test
  void finishWhenPersonAllowedThenRequestsRunAsThem() throws Exception {
    LoginDance dance = link.loginDance();
    URI page = dance.start(CALLBACK);
    assertThat(page.toString())
        .startsWith(peer.url() + "/plugins/servlet/oauth/authorize?oauth_token=");
    assertThat(dance.isAuthorised()).isFalse();

    dance.finish(tokenOf(page), peer.allow(page, "alice"));

    assertThat(dance.isAuthorised()).isTrue();
    assertThat(whoAmI(link)).contains("alice");
    dance.forget();
    assertThatThrownBy(() -> whoAmI(link)).isInstanceOf(CredentialsRequiredException.class);
  }

  @Test
  void authorisationUriWhenCredentialsRequiredThenBeginsTheDance() throws Exception {
    try {
      whoAmI(link);
      throw new AssertionError("no credentials were required");
    } catch (CredentialsRequiredException e) {
      URI withCallback = e.getAuthorisationURI(CALLBACK);
      link.loginDance().finish(tokenOf(withCallback), peer.allow(withCallback, "alice"));
      assertThat(whoAmI(link)).contains("alice");
      link.loginDance().finish(peer.allow(e.getAuthorisationURI(), "alice"));
    }
    assertThat(whoAmI(link)).contains("alice");
  }

  @Test
  void authorisationUriWhenTheProgramHasAPageThenThatPage() throws Exception {
    ApplicationLink own =
        TestPeer.only(
            ApplicationLinks.builder()
                .link(peer.link().build())
                .actingPerson(() -> "alice")
                .authorisationPage((id, back) -> URI.create("http://localhost/login?back=" + back))
                .build());

    assertThat(own.createAuthenticatedRequestFactory().getAuthorisationURI(CALLBACK))
        .hasToString("http://localhost/login?back=" + CALLBACK);
    assertThat(own.createAuthenticatedRequestFactory().getAuthorisationURI())
        .hasToString("http://localhost/login?back=null");
  }

  @Test
  void finishWhenTokenIsOfAnotherPersonThenRefused() throws Exception {
    URI page = link.actingAs("bob").loginDance().start(CALLBACK);
    String verifier = peer.allow(page, "bob");
    link.loginDance().start(CALLBACK);

    assertThatThrownBy(() -> link.loginDance().finish(tokenOf(page), verifier))
        .hasMessageContaining("not begun by this person");
    assertThat(link.loginDance().isAuthorised()).isFalse();
  }

  @Test
  void finishWhenNothingWaitsThenSaysSo() {
    assertThatThrownBy(() -> link.loginDance().finish("x"))
        .isInstanceOf(ResponseException.class)
        .hasMessageContaining("Start one");
  }

  @Test
  void finishWhenPersonDeclinedThenSaysSoAndKeepsTheWorkingToken() throws Exception {
    authorise(peer, link);
    LoginDance dance = link.loginDance();
    URI page = dance.start(CALLBACK);
    peer.denied = true;

    assertThatThrownBy(() -> dance.finish(tokenOf(page), "denied"))
        .isInstanceOf(AuthenticationResponseException.class)
        .hasMessageContaining("declined");
    assertThat(whoAmI(link)).contains("alice");
    assertThatThrownBy(() -> dance.finish(tokenOf(page), "denied"))
        .hasMessageContaining("Start one");
  }

  @Test
  void finishWhenUndecidedOrCodeIsWrongThenMayBeTriedAgain() throws Exception {
    LoginDance dance = link.loginDance();
    URI page = dance.startOutOfBand();
    assertThatThrownBy(() -> dance.finish("code")).hasMessageContaining("nobody has allowed it");
    String code = peer.allow(page, "alice");
    assertThatThrownBy(() -> dance.finish("guess")).hasMessageContaining("the code is not");

    dance.finish(" " + code + "\n");

    assertThat(whoAmI(link)).contains("alice");
  }

  @Test
  void startWhenCallbackIsNotConfirmedThenRefusedUnlessTheLinkAllows() throws Exception {
    peer.confirmsCallback = false;

    assertThatThrownBy(() -> link.loginDance().start(CALLBACK))
        .hasMessageContaining("did not confirm the callback");
    ApplicationLink lenient =
        TestPeer.only(
            ApplicationLinks.builder()
                .link(peer.link().callbackConfirmationOptional().build())
                .build());
    assertThat(lenient.actingAs("alice").loginDance().start(CALLBACK)).isNotNull();
  }

  @ParameterizedTest
  @ValueSource(strings = {"<html>Log in</html>", "oauth_token=only", "", "oauth_token=&x"})
  void startWhenAnswerHasNoTokenThenUnexpected(String body) {
    String type = body.startsWith("<") ? "text/html" : "text/plain";
    peer.instead = new TestPeer.Answer(200, Map.of("Content-Type", type), body);

    assertThatThrownBy(() -> link.loginDance().start(CALLBACK))
        .isInstanceOfSatisfying(
            ResponseException.class,
            e -> assertThat(e.getError()).isEqualTo(LinkError.UNEXPECTED_RESPONSE))
        .hasMessageContaining("where a token was asked for");
  }

  @ParameterizedTest
  @ValueSource(booleans = {true, false})
  void executeWhenTokenExpiredThenRenewedByItsSession(boolean noticedHere) throws Exception {
    AtomicReference<Instant> now = new AtomicReference<>(Instant.now());
    InMemoryConsumerTokenStore tokens = new InMemoryConsumerTokenStore();
    InstantSource clock = now::get;
    peer.clock = clock;
    ApplicationLink clocked =
        TestPeer.only(
            ApplicationLinks.builder()
                .link(peer.link().build())
                .tokens(tokens)
                .actingPerson(() -> "alice")
                .clock(clock)
                .build());
    authorise(peer, clocked);
    AccessToken before = tokens.accessToken(clocked.getId(), "alice");
    peer.expired = true;
    if (noticedHere) {
      now.updateAndGet(then -> then.plus(Duration.ofHours(1)));
    }

    assertThat(whoAmI(clocked)).contains("alice");

    assertThat(tokens.accessToken(clocked.getId(), "alice")).isNotNull().isNotEqualTo(before);
  }

  @Test
  void executeWhenTokenWasRevokedThenCredentialsRequiredAndForgotten() throws Exception {
    authorise(peer, link);
    ApplicationLinkRequest request =
        link.createAuthenticatedRequestFactory().createRequest(MethodType.GET, "/me/api/json");
    peer.revokeAll();

    assertThatThrownBy(request::execute).isInstanceOf(CredentialsRequiredException.class);
    assertThat(link.loginDance().isAuthorised()).isFalse();
    assertThatThrownBy(() -> whoAmI(link)).isInstanceOf(CredentialsRequiredException.class);
  }

  @Test
  void executeWhenHandlerIsOfLinksThenToldOfCredentialsRequired() throws Exception {
    authorise(peer, link);
    ApplicationLinkRequest request =
        link.createAuthenticatedRequestFactory().createRequest(MethodType.GET, "/me/api/json");
    ApplicationLinkResponseHandler<String> handler =
        new ApplicationLinkResponseHandler<>() {
          @Override
          public String handle(Response response) throws ResponseException {
            return response.getResponseBodyAsString();
          }

          @Override
          public String credentialsRequired(Response response) {
            return "required after " + response.getStatusCode();
          }
        };
    assertThat(request.execute(handler)).contains("alice");
    peer.revokeAll();

    assertThat(request.execute(handler)).isEqualTo("required after 401");
    assertThat(request.execute(handler)).isEqualTo("required after 401");
  }
}
