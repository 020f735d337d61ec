package dev.onbehalf.applinks;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.sun.net.httpserver.HttpHandler;
import com.sun.net.httpserver.HttpServer;
import dev.onbehalf.applinks.Request.MethodType;
import dev.onbehalf.applinks.application.GenericApplicationType;
import dev.onbehalf.oauth1.Keys;
import dev.onbehalf.oauth1.Secret;
import dev.onbehalf.oauth1.SignatureMethod;
import dev.onbehalf.oauth1.Signer;
import jakarta.ws.rs.GET;
import jakarta.ws.rs.POST;
import jakarta.ws.rs.Path;
import jakarta.ws.rs.core.Context;
import jakarta.ws.rs.core.MultivaluedHashMap;
import jakarta.ws.rs.core.SecurityContext;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.security.KeyStore;
import java.security.PrivateKey;
import java.util.Base64;
import java.util.Objects;
import java.util.Set;
import org.glassfish.jersey.server.ContainerFactory;
import org.glassfish.jersey.server.ResourceConfig;
import org.glassfish.jersey.server.oauth1.DefaultOAuth1Provider;
import org.glassfish.jersey.server.oauth1.OAuth1ServerFeature;
import org.glassfish.jersey.server.oauth1.OAuth1ServerProperties;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** Signing and dancing in the eyes of Jersey. */
class JerseyProviderTest {
  private static final String CONSUMER = "tracker";
  private static final String SECRET = "shared & secret";

  @TempDir private java.nio.file.Path directory;
  private final DefaultOAuth1Provider provider = new DefaultOAuth1Provider();
  private @Nullable HttpServer server;

  /** Says as whom a request runs. */
  @Path("me")
  public static final class Me {
    @GET
    public String get(@Context SecurityContext security) {
      return security.getUserPrincipal().getName();
    }

    @POST
    public String post(@Context SecurityContext security) {
      return security.getUserPrincipal().getName();
    }
  }

  @AfterEach
  void stop() {
    Objects.requireNonNull(server).stop(0);
  }

  private URI start() throws Exception {
    ResourceConfig jersey =
        new ResourceConfig(Me.class)
            .register(new OAuth1ServerFeature(provider, "request-token", "access-token"))
            .property(OAuth1ServerProperties.TIMESTAMP_UNIT, "SECONDS");
    server = HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 0);
    server.createContext("/", ContainerFactory.createContainer(HttpHandler.class, jersey));
    server.start();
    return URI.create("http://127.0.0.1:" + server.getAddress().getPort());
  }

  private static ApplicationLinks links(URI base, Signer signer, ConsumerTokenStore tokens) {
    return ApplicationLinks.builder()
        .actingPerson(() -> "alice")
        .tokens(tokens)
        .link(
            ApplicationLinkDetails.builder(
                    new ApplicationId("jersey"),
                    "Jersey",
                    new GenericApplicationType(),
                    base,
                    signer)
                .endpoints("/request-token", "/authorize", "/access-token")
                .build())
        .build();
  }

  private String allow(URI page) {
    String token = LinkUrl.decode(page.getRawQuery()).get(0).value();
    return provider.authorizeToken(
        provider.getRequestToken(token), () -> "alice at Jersey", Set.of());
  }

  @ParameterizedTest
  @EnumSource(names = {"RSA_SHA1", "HMAC_SHA1"})
  void danceAndCallsWhenProviderIsJerseyThenAcceptedOnce(SignatureMethod method) throws Exception {
    Signer signer;
    if (method.isRsa()) {
      KeyStore keys = FailureTest.selfSigned(directory, "dns:peer.example.com");
      signer =
          Signer.rsa(method, CONSUMER, (PrivateKey) keys.getKey("peer", "changeit".toCharArray()));
      register(pem(keys.getCertificate("peer").getEncoded()));
    } else {
      signer = Signer.hmac(method, CONSUMER, Secret.of(SECRET));
      register(SECRET);
    }
    URI base = start();
    InMemoryConsumerTokenStore tokens = new InMemoryConsumerTokenStore();
    ApplicationLink link = TestPeer.only(links(base, signer, tokens));
    LoginDance dance = link.loginDance();

    dance.finish(allow(dance.startOutOfBand()));

    assertThat(request(link, MethodType.GET, "/me?a=1&b=c%20d%2F").execute())
        .isEqualTo("alice at Jersey");
    assertThat(
            request(link, MethodType.POST, "/me?a=1")
                .addRequestParameters("a", "\u00e9 +&=", "b", "")
                .execute())
        .isEqualTo("alice at Jersey");
    AccessToken token = Objects.requireNonNull(tokens.accessToken(link.getId(), "alice"));
    Attacks attacks =
        new Attacks(
            signer.withToken(token.value(), token.secret()), URI.create(base + "/me?a=1&b=2"));
    attacks.assertReplayRefused();
    attacks.assertTamperingRefused();
    Signer stranger =
        method.isRsa()
            ? Signer.rsa(method, CONSUMER, Keys.generate(2048).getPrivate())
            : Signer.hmac(method, CONSUMER, Secret.of("another"));
    assertThatThrownBy(
            () -> TestPeer.only(links(base, stranger, tokens)).loginDance().startOutOfBand())
        .isInstanceOf(ResponseException.class);
  }

  private static ApplicationLinkRequest request(ApplicationLink link, MethodType method, String url)
      throws Exception {
    return link.createAuthenticatedRequestFactory().createRequest(method, url);
  }

  private void register(String secret) {
    provider.registerConsumer("owner", CONSUMER, secret, new MultivaluedHashMap<>());
  }

  private static String pem(byte[] certificate) {
    return "-----BEGIN CERTIFICATE-----\n"
        + Base64.getMimeEncoder(64, "\n".getBytes(StandardCharsets.US_ASCII))
            .encodeToString(certificate)
        + "\n-----END CERTIFICATE-----\n";
  }
}
