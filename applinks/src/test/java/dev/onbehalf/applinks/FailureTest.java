package dev.onbehalf.applinks;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowable;

import com.sun.net.httpserver.HttpsConfigurator;
import com.sun.net.httpserver.HttpsServer;
import dev.onbehalf.applinks.Request.MethodType;
import dev.onbehalf.applinks.application.GenericApplicationType;
import dev.onbehalf.applinks.application.JiraApplicationType;
import dev.onbehalf.applinks.auth.AuthenticationProvider;
import dev.onbehalf.applinks.auth.TwoLeggedOAuthAuthenticationProvider;
import dev.onbehalf.applinks.auth.TwoLeggedOAuthWithImpersonationAuthenticationProvider;
import dev.onbehalf.oauth1.Secret;
import dev.onbehalf.oauth1.SignatureMethod;
import dev.onbehalf.oauth1.Signer;
import java.io.IOException;
import java.io.InputStream;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.net.URI;
import java.net.http.HttpClient;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.KeyStore;
import java.time.Duration;
import java.time.InstantSource;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.function.UnaryOperator;
import javax.net.ssl.KeyManagerFactory;
import javax.net.ssl.SSLContext;
import javax.net.ssl.TrustManagerFactory;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Each way a link can fail says what it is and what helps. */
class FailureTest {
  private static final Class<TwoLeggedOAuthWithImpersonationAuthenticationProvider> IMPERSONATING =
      TwoLeggedOAuthWithImpersonationAuthenticationProvider.class;
  private static final Class<TwoLeggedOAuthAuthenticationProvider> TWO_LEGGED =
      TwoLeggedOAuthAuthenticationProvider.class;

  private TestPeer peer;

  @BeforeEach
  void start() throws Exception {
    peer = new TestPeer(SignatureMethod.HMAC_SHA1);
  }

  @AfterEach
  void stop() {
    peer.close();
  }

  private static void assertFails(
      ApplicationLink link,
      Class<? extends AuthenticationProvider> provider,
      LinkError error,
      String sentence) {
    assertFails(link, provider, error, sentence, 60_000);
  }

  private static void assertFails(
      ApplicationLink link,
      Class<? extends AuthenticationProvider> provider,
      LinkError error,
      String sentence,
      int responseMillis) {
    Throwable thrown =
        catchThrowable(
            () ->
                Objects.requireNonNull(link.createAuthenticatedRequestFactory(provider))
                    .createRequest(MethodType.GET, "/x")
                    .setSoTimeout(responseMillis)
                    .execute());
    assertThat(thrown)
        .isInstanceOfSatisfying(
            ResponseException.class, e -> assertThat(e.getError()).isEqualTo(error))
        .hasMessageContaining("'CI'")
        .hasMessageContaining(sentence);
  }

  private static ApplicationLink linkTo(
      URI url, UnaryOperator<HttpClient.Builder> http, @Nullable InstantSource clock) {
    ApplicationLinks.Builder links =
        ApplicationLinks.builder()
            .httpClient(http)
            .actingPerson(() -> "alice")
            .link(
                ApplicationLinkDetails.builder(
                        new ApplicationId("ci"),
                        "CI",
                        new GenericApplicationType(),
                        url,
                        Signer.hmac(SignatureMethod.HMAC_SHA1, "tracker", Secret.of("other")))
                    .authentication(TWO_LEGGED, IMPERSONATING)
                    .build());
    return TestPeer.only(clock == null ? links.build() : links.clock(clock).build());
  }

  private static ApplicationLink linkTo(String url) {
    return linkTo(URI.create(url), UnaryOperator.identity(), null);
  }

  @Test
  void executeWhenPeerIsDownThenSaysNothingListens() throws Exception {
    int port;
    try (ServerSocket closed = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
      port = closed.getLocalPort();
    }

    assertFails(
        linkTo("http://127.0.0.1:" + port),
        TWO_LEGGED,
        LinkError.CONNECTION_REFUSED,
        "nothing listens there");
  }

  @Test
  void executeWhenHostIsUnknownThenSaysSo() {
    assertFails(
        linkTo("http://peer.invalid"),
        TWO_LEGGED,
        LinkError.UNKNOWN_HOST,
        "its host name is unknown");
  }

  @Test
  void executeWhenPeerIsSilentThenSaysNoAnswerInTime() throws Exception {
    try (ServerSocket silent = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
      assertFails(
          linkTo("http://127.0.0.1:" + silent.getLocalPort()),
          TWO_LEGGED,
          LinkError.TIMEOUT,
          "no answer in time",
          300);
    }
  }

  @Test
  void executeWhenBodyStallsThenSaysNoAnswerInTime() throws Exception {
    try (ServerSocket stalling = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
      sends(stalling, "HTTP/1.1 200 OK\r\nContent-Length: 9\r\n\r\nhalf");

      assertFails(
          linkTo("http://127.0.0.1:" + stalling.getLocalPort()),
          TWO_LEGGED,
          LinkError.TIMEOUT,
          "no answer in time",
          300);
    }
  }

  @Test
  void executeWhenCertificateIsUntrustedOrForAnotherHostThenSaysWhich(@TempDir Path directory)
      throws Exception {
    KeyStore keys = selfSigned(directory, "dns:elsewhere.example");
    SSLContext server = SSLContext.getInstance("TLS");
    KeyManagerFactory own = KeyManagerFactory.getInstance(KeyManagerFactory.getDefaultAlgorithm());
    own.init(keys, "changeit".toCharArray());
    server.init(own.getKeyManagers(), null, null);
    HttpsServer https =
        HttpsServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 0);
    https.setHttpsConfigurator(new HttpsConfigurator(server));
    https.start();
    try {
      URI url = URI.create("https://localhost:" + https.getAddress().getPort());
      assertFails(
          linkTo(url.toString()),
          TWO_LEGGED,
          LinkError.SSL_UNTRUSTED,
          "its certificate is not trusted here");

      TrustManagerFactory trust =
          TrustManagerFactory.getInstance(TrustManagerFactory.getDefaultAlgorithm());
      trust.init(keys);
      SSLContext trusting = SSLContext.getInstance("TLS");
      trusting.init(null, trust.getTrustManagers(), null);
      assertFails(
          linkTo(url, http -> http.sslContext(trusting), null),
          TWO_LEGGED,
          LinkError.SSL_HOSTNAME_UNMATCHED,
          "its certificate is for another host name");
    } finally {
      https.stop(0);
    }
  }

  @Test
  void executeWhenPeerSpeaksNoTlsThenSaysSo() throws Exception {
    try (ServerSocket plain = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
      sends(plain, "220 mail.example.com ready\r\n");

      assertFails(
          linkTo("https://127.0.0.1:" + plain.getLocalPort()),
          TWO_LEGGED,
          LinkError.SSL_UNMATCHED,
          "TLS failed");
    }
  }

  /** Sends {@code text} to the first client, then listens until it goes away. */
  private static void sends(ServerSocket to, String text) {
    new Thread(
            () -> {
              try (Socket socket = to.accept()) {
                socket.getOutputStream().write(text.getBytes(StandardCharsets.US_ASCII));
                socket.getOutputStream().flush();
                while (socket.getInputStream().read() >= 0) {}
              } catch (IOException e) {
                return;
              }
            })
        .start();
  }

  static KeyStore selfSigned(Path directory, String name) throws Exception {
    Path store = directory.resolve("keys.p12");
    Process keytool =
        new ProcessBuilder(
                Path.of(System.getProperty("java.home"), "bin", "keytool").toString(),
                "-genkeypair",
                "-keystore",
                store.toString(),
                "-storepass",
                "changeit",
                "-alias",
                "peer",
                "-dname",
                "CN=peer",
                "-keyalg",
                "RSA",
                "-ext",
                "san=" + name)
            .redirectErrorStream(true)
            .start();
    keytool.getInputStream().readAllBytes();
    assertThat(keytool.waitFor()).isZero();
    KeyStore keys = KeyStore.getInstance("PKCS12");
    try (InputStream in = Files.newInputStream(store)) {
      keys.load(in, "changeit".toCharArray());
    }
    KeyStore all = KeyStore.getInstance("PKCS12");
    all.load(null, null);
    all.setKeyEntry(
        "peer",
        keys.getKey("peer", "changeit".toCharArray()),
        "changeit".toCharArray(),
        keys.getCertificateChain("peer"));
    all.setCertificateEntry("authority", keys.getCertificate("peer"));
    return all;
  }

  @Test
  void executeWhenClocksDifferThenSaysByHowMuch() {
    InstantSource fast = InstantSource.offset(InstantSource.system(), Duration.ofSeconds(412));
    ApplicationLink link =
        TestPeer.only(ApplicationLinks.builder().link(peer.link().build()).clock(fast).build());

    assertFails(link, TWO_LEGGED, LinkError.OAUTH_TIMESTAMP_REFUSED, "s ahead of the clock there");
    assertFails(link, TWO_LEGGED, LinkError.OAUTH_TIMESTAMP_REFUSED, "the clock here is 41");
  }

  @Test
  void executeWhenSecretIsAnotherThenSaysSignature() {
    assertFails(
        linkTo(peer.url().toString()),
        TWO_LEGGED,
        LinkError.OAUTH_SIGNATURE_INVALID,
        "its signature does not fit");
  }

  @Test
  void executeWhenConsumerIsUnknownThenSaysRegisterAgain() {
    peer.consumerKnown = false;

    assertFails(
        peer.linkFor("alice"), IMPERSONATING, LinkError.OAUTH_PROBLEM, "consumer_key_unknown");
  }

  @Test
  void executeWhenTwoLeggedIsOffThenSaysSwitchItOn() {
    peer.twoLegged = false;

    assertFails(
        peer.linkFor("alice"),
        TWO_LEGGED,
        LinkError.AUTH_LEVEL_UNSUPPORTED,
        "two-legged requests are off");
  }

  @Test
  void executeWhenImpersonationIsOffThenSaysSwitchItOn() {
    peer.impersonation = false;

    assertFails(
        peer.linkFor("alice"),
        IMPERSONATING,
        LinkError.AUTH_LEVEL_UNSUPPORTED,
        "impersonation is off");
  }

  @Test
  void executeWhenPersonIsUnknownThereThenSaysSo() {
    assertFails(
        peer.linkFor("mallory"),
        IMPERSONATING,
        LinkError.OAUTH_PROBLEM,
        "there is no person 'mallory'");
  }

  @Test
  void executeWhenThreeLeggedIsOffThenSaysSoAndKeepsTheToken() throws Exception {
    ApplicationLink link = peer.linkFor("alice");
    LoginDance dance = link.loginDance();
    dance.finish(peer.allow(dance.startOutOfBand(), "alice"));
    peer.threeLegged = false;

    Throwable thrown =
        catchThrowable(
            () ->
                link.createAuthenticatedRequestFactory()
                    .createRequest(MethodType.GET, "/x")
                    .execute());

    assertThat(thrown)
        .isInstanceOf(AuthenticationResponseException.class)
        .hasMessageContaining("may not use people's tokens");
    assertThat(dance.isAuthorised()).isTrue();
  }

  @Test
  void executeWhenPeerAnswersWithAPageThenSaysSo() {
    peer.instead = new TestPeer.Answer(403, Map.of("Content-Type", "text/html"), "<html>Hello");

    assertFails(
        peer.linkFor("alice"),
        IMPERSONATING,
        LinkError.UNEXPECTED_RESPONSE_STATUS,
        "a page for people");
  }

  @Test
  void executeWhenPeerRedirectsThenSaysWhere() {
    peer.instead =
        new TestPeer.Answer(301, Map.of("Location", "https://new.example.com/base/x"), "");

    assertFails(
        peer.linkFor("alice"),
        IMPERSONATING,
        LinkError.REDIRECTED,
        "a redirect to 'https://new.example.com/base/x'");
    assertThat(catchThrowable(() -> peer.linkFor("alice").loginDance().startOutOfBand()))
        .hasMessageContaining("a redirect to");
  }

  @Test
  void executeWhenProblemIsUnknownThenKeepsTheAdviceAndNothingUnprintable() {
    peer.instead =
        new TestPeer.Answer(
            403,
            Map.of(
                "WWW-Authenticate",
                "OAuth realm=\"x\", oauth_problem=\"odd%0Athing\", oauth_problem_advice=\"wait%20a%20bit\""),
            "");

    Throwable thrown =
        catchThrowable(
            () ->
                Objects.requireNonNull(
                        peer.linkFor("alice").createAuthenticatedRequestFactory(IMPERSONATING))
                    .createRequest(MethodType.GET, "/x")
                    .execute());

    assertThat(thrown)
        .isInstanceOfSatisfying(
            AuthenticationResponseException.class,
            e -> assertThat(e.getAdvice()).isEqualTo("wait a bit"))
        .hasMessageContaining("the problem 'odd?thing'");
  }

  @Test
  void requestWhenNobodyActsThenSaysActingAs() {
    ApplicationLink link =
        TestPeer.only(ApplicationLinks.builder().link(peer.link().build()).build());

    assertThat(
            catchThrowable(
                () -> link.createAuthenticatedRequestFactory().createRequest(MethodType.GET, "/x")))
        .isInstanceOf(IllegalStateException.class)
        .hasMessageContaining("actingAs");
  }

  @Test
  void linksWhenListedThenPrimaryFirst() {
    ApplicationLinks links =
        ApplicationLinks.builder()
            .link(peer.link().build())
            .link(
                ApplicationLinkDetails.builder(
                        new ApplicationId("two"),
                        "CI 2",
                        new JiraApplicationType(),
                        peer.url(),
                        peer.signer())
                    .primary()
                    .build())
            .build();

    assertThat(links.getApplicationLinks())
        .extracting(ApplicationLink::getName)
        .isEqualTo(List.of("CI", "CI 2"));
    assertThat(
            Objects.requireNonNull(links.getPrimaryApplicationLink(JiraApplicationType.class))
                .getName())
        .isEqualTo("CI 2");
    assertThat(links.getPrimaryApplicationLink(GenericApplicationType.class)).isNull();
    assertThat(links.getApplicationLink(new ApplicationId("two"))).isNotNull();
    assertThat(links.getApplicationLink(new ApplicationId("three"))).isNull();
  }
}
