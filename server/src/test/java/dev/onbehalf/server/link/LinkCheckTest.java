package dev.onbehalf.server.link;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.catchThrowable;

import com.sun.net.httpserver.HttpExchange;
import com.sun.net.httpserver.HttpServer;
import com.sun.net.httpserver.HttpsConfigurator;
import com.sun.net.httpserver.HttpsServer;
import dev.onbehalf.applinks.AccessToken;
import dev.onbehalf.applinks.ApplicationLinkRequestFactory;
import dev.onbehalf.applinks.LinkError;
import dev.onbehalf.applinks.Request;
import dev.onbehalf.applinks.ResponseException;
import dev.onbehalf.oauth1.Keys;
import dev.onbehalf.oauth1.Secret;
import dev.onbehalf.server.store.Database.Dialect;
import dev.onbehalf.server.store.TestDatabase;
import dev.onbehalf.server.wire.TestHttp;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.URI;
import java.net.UnknownHostException;
import java.net.http.HttpClient;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.interfaces.RSAPublicKey;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;
import javax.net.ssl.SSLContext;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

@DisplayName("Testing a link, over real sockets (cases 50, 51, 53 and 58)")
final class LinkCheckTest {
  private static final String BOMB =
      "<?xml version=\"1.0\"?><!DOCTYPE m [<!ENTITY a \"aaaaaaaaaa\">"
          + "<!ENTITY b \"&a;&a;&a;&a;&a;&a;&a;&a;&a;&a;\"><!ENTITY c \"&b;&b;&b;&b;&b;&b;&b;&b;\">]>"
          + "<manifest><id>&c;</id></manifest>";
  private static final Path GUIDE = Path.of("../docs/guide-link-fails.md");

  @TempDir static Path directory;

  private static TestInstance peer;
  private static SSLContext server;
  private static SSLContext trusting;
  private static TestDatabase database;

  private final TestClock clock = new TestClock();
  private final List<HttpServer> stubs = new ArrayList<>();
  private String location = "https://new.example.com/jira";
  private @Nullable SSLContext client;
  private TestLinks links;

  @BeforeAll
  static void start() throws Exception {
    peer = new TestInstance(directory.resolve("peer"), new TestClock());
    database = TestDatabase.create(Dialect.H2);
    TestTls tls = TestTls.make(directory, "dns:other.example.com");
    server = tls.server();
    trusting = tls.trusting();
  }

  @AfterAll
  static void stop() {
    peer.close();
    database.close();
  }

  @AfterEach
  void clean() {
    stubs.forEach(stub -> stub.stop(0));
    links.links().all().forEach(link -> links.links().administration().remove(actor(), link.id()));
    peer.admin("DELETE", "/api/consumers/onbehalf%3Atest", Map.of());
  }

  /**
   * What can be wrong.
   *
   * @param name for the report
   * @param type the peers' word for it
   * @param sentence part of what a test of the link says
   * @param called part of what a call through the link says; null where a call does not fail
   * @param levels what the link has on
   * @param setUp makes it so and returns the peer's URL
   */
  record Case(
      String name,
      String type,
      String sentence,
      @Nullable String called,
      Link.Levels levels,
      SetUp setUp) {
    Case(String name, String type, String sentence, Link.Levels levels, SetUp setUp) {
      this(name, type, sentence, sentence, levels, setUp);
    }

    @Override
    public String toString() {
      return name;
    }
  }

  @FunctionalInterface
  interface SetUp {
    String url(LinkCheckTest test) throws Exception;
  }

  private static final Link.Levels OWN = new Link.Levels(true, false, false);
  private static final Link.Levels TWO = new Link.Levels(false, true, false);
  private static final Link.Levels AS = new Link.Levels(false, false, true);

  static Stream<Case> cases() {
    return Stream.of(
        new Case("peer down", "CONNECTION_REFUSED", "Start it", OWN, test -> closed()),
        new Case(
            "DNS failure",
            "UNKNOWN_HOST",
            "its host name is unknown",
            OWN,
            test -> "http://peer.invalid"),
        new Case(
            "private address",
            "ADDRESS_REFUSED",
            "links.private-networks",
            OWN,
            test -> "http://169.254.169.254/latest"),
        new Case(
            "untrusted certificate",
            "SSL_UNTRUSTED",
            "not trusted here",
            OWN,
            test -> test.https()),
        new Case(
            "wrong host name",
            "SSL_HOSTNAME_UNMATCHED",
            "another host name",
            OWN,
            test -> {
              test.client = trusting;
              return test.https();
            }),
        new Case(
            "answers HTML",
            "UNEXPECTED_RESPONSE",
            "a page for people",
            null,
            OWN,
            test -> test.stub(200, "text/html", "<!doctype html><p>Sign in</p>")),
        new Case(
            "asks for a sign-in",
            "UNEXPECTED_RESPONSE_STATUS",
            "a page for people",
            OWN,
            test -> test.stub(403, "text/html", "<!doctype html><p>Sign in</p>")),
        new Case(
            "renamed",
            "REDIRECTED",
            "It is now at https://new.example.com/jira.",
            "a redirect to 'https://new.example.com/jira/x'",
            OWN,
            test -> test.stub(301, "text/plain", "")),
        new Case(
            "entity bomb",
            "UNEXPECTED_RESPONSE",
            "entity bomb",
            null,
            OWN,
            test -> test.stub(200, "application/xml", BOMB)),
        new Case(
            "external entity",
            "UNEXPECTED_RESPONSE",
            "document type declaration",
            null,
            OWN,
            test ->
                test.stub(
                    200,
                    "application/xml",
                    "<!DOCTYPE m SYSTEM \"file:///etc/passwd\"><manifest/>")),
        new Case(
            "UTF-16 bomb",
            "UNEXPECTED_RESPONSE",
            "document type declaration",
            null,
            OWN,
            test -> test.stub(200, "application/xml", BOMB.getBytes(StandardCharsets.UTF_16))),
        new Case(
            "huge manifest",
            "UNEXPECTED_RESPONSE",
            "more than 256 kB",
            null,
            OWN,
            test -> test.stub(200, "application/xml", "<m>" + "x".repeat(300_000) + "</m>")),
        new Case(
            "broken JSON",
            "UNEXPECTED_RESPONSE",
            "JSON that cannot be read",
            null,
            OWN,
            test -> test.stub(200, "application/json", "{\"id\":")),
        new Case(
            "consumer unknown", "OAUTH_PROBLEM", "consumer_key_unknown", OWN, test -> peer.url()),
        new Case(
            "key replaced",
            "OAUTH_SIGNATURE_INVALID",
            "Compare the key",
            OWN,
            test -> {
              test.register((RSAPublicKey) Keys.generate(2048).getPublic(), Map.of());
              return peer.url();
            }),
        new Case(
            "clock skew",
            "OAUTH_TIMESTAMP_REFUSED",
            "ahead of the clock there",
            OWN,
            test -> {
              test.register(Map.of());
              test.clock.advance(Duration.ofMinutes(20));
              return peer.url();
            }),
        new Case(
            "2LO off",
            "AUTH_LEVEL_UNSUPPORTED",
            "two-legged requests are off",
            TWO,
            test -> {
              test.register(Map.of());
              return peer.url();
            }),
        new Case(
            "impersonation off",
            "AUTH_LEVEL_UNSUPPORTED",
            "impersonation is off",
            AS,
            test -> {
              test.register(Map.of());
              return peer.url();
            }),
        new Case(
            "user unknown there",
            "OAUTH_PROBLEM",
            "there is no person 'carol'",
            AS,
            test -> {
              test.register(Map.of("impersonation", true));
              return peer.url();
            }));
  }

  @ParameterizedTest
  @MethodSource("cases")
  void testWhenSomethingIsWrongThenOneSentenceSaysItAndNothingIsLost(Case given) throws Exception {
    String url = given.setUp().url(this);
    Link link = add(url, given.levels());
    AccessToken kept = new AccessToken("t", Secret.of("s"), null, null);
    links.tokens().putAccessToken(link.applicationId(), "id-1", kept);

    LinkReport report = links.links().test(link, given.levels().impersonation() ? "carol" : null);

    assertThat(report.working()).isFalse();
    assertThat(report.findings())
        .filteredOn(finding -> finding.outcome() == LinkReport.Outcome.FAULT)
        .singleElement()
        .satisfies(
            finding -> {
              assertThat(finding.sentence()).contains(given.sentence());
              assertThat(finding.type()).isEqualTo(given.type());
              assertThat(finding.category()).isNotNull();
            });
    assertCallSays(given, link);
    assertThat(links.links().find("peer")).contains(link);
    assertThat(links.tokens().accessToken(link.applicationId(), "id-1")).isEqualTo(kept);
  }

  private void assertCallSays(Case given, Link link) {
    ApplicationLinkRequestFactory factory =
        links
            .links()
            .applicationLink(link)
            .actingAs(given.levels().impersonation() ? "carol" : "alice")
            .createAuthenticatedRequestFactory();
    Throwable thrown =
        catchThrowable(() -> factory.createRequest(Request.MethodType.GET, "/x").execute());
    String called = given.called();
    if (called == null) {
      assertThat(thrown).isNull();
    } else {
      assertThat(thrown).isInstanceOf(ResponseException.class).hasMessageContaining(called);
    }
  }

  @ParameterizedTest
  @MethodSource("cases")
  void guideWhenReadThenHasARowOfEachFaultWithItsSentences(Case given) throws Exception {
    assertThat(Files.readAllLines(GUIDE))
        .filteredOn(line -> line.startsWith("| " + given.name() + " |"))
        .singleElement()
        .asString()
        .contains(
            "`" + given.type() + "`",
            given.sentence(),
            given.called() == null ? "no fault" : given.called());
  }

  @Test
  void testWhenAllIsWellThenEveryWayIsFine() throws Exception {
    register(Map.of("impersonation", true, "twoLegged", true, "executeAs", "bob"));
    Link link = add(peer.url(), new Link.Levels(true, true, true));

    LinkReport report = links.links().test(link, "alice");

    assertThat(report.working()).as(report.toString()).isTrue();
    assertThat(report.toString())
        .contains("It runs as alice.", "It runs as bob.", "lets it ask people")
        .contains("alice has not allowed it yet");
    assertThat(report.fields()).isEmpty();
  }

  @Test
  void testWhenThePeerDoesNotKnowUsThenWhatToEnterThereIsSaid() throws Exception {
    Link link = add(peer.url(), OWN);

    LinkReport report = links.links().test(link, null);

    assertThat(report.fields())
        .contains(new LinkGuide.Field("Consumer Key", "onbehalf:test"))
        .contains(new LinkGuide.Field("Public Key", Keys.base64(links.identity().publicKey())))
        .contains(
            new LinkGuide.Field(
                "Consumer Callback URL",
                "https://ci.example.com/base/plugins/servlet/applinks/oauth/login-dance/access"));
  }

  @Test
  void callWhenTheKeyPairIsReplacedThenTheNextRequestUsesIt() throws Exception {
    register(Map.of("impersonation", true));
    Link link = add(peer.url(), AS);
    assertThat(links.links().test(link, "alice").working()).isTrue();

    links.identity().rotate();
    assertThat(links.links().test(link, "alice").working()).isFalse();
    peer.admin("DELETE", "/api/consumers/onbehalf%3Atest", Map.of());
    register(Map.of("impersonation", true));

    assertThat(links.links().test(link, "alice").working()).isTrue();
  }

  @Test
  void callWhenThePeerRedirectsIntoAPrivateNetworkThenRefused() throws Exception {
    location = "http://169.254.169.254/latest";
    Link link = add(stub(301, "text/plain", ""), AS);
    ApplicationLinkRequestFactory factory =
        links.links().applicationLink(link).actingAs("alice").createAuthenticatedRequestFactory();

    assertThatThrownBy(
            () ->
                factory
                    .createRequest(Request.MethodType.GET, "/x")
                    .setFollowRedirects(true)
                    .execute())
        .isInstanceOfSatisfying(
            ResponseException.class,
            e -> assertThat(e.getError()).isEqualTo(LinkError.ADDRESS_REFUSED));
  }

  @BeforeEach
  void open() {
    links =
        new TestLinks(
            database,
            clock,
            host -> {
              if (host.endsWith(".invalid")) {
                throw new UnknownHostException(host);
              }
              return InetAddress.getAllByName(host);
            },
            this::trust,
            new TestIdentity());
  }

  private HttpClient.Builder trust(HttpClient.Builder http) {
    return client == null ? http : http.sslContext(client);
  }

  private Link add(String url, Link.Levels levels) {
    LinkAdministration administration = links.links().administration();
    return administration.add(
        actor(),
        administration
            .newLink("peer", URI.create(url))
            .levels(levels)
            .privateAddresses(true)
            .build());
  }

  private void register(Map<String, Object> more) {
    register(links.identity().publicKey(), more);
  }

  private void register(RSAPublicKey key, Map<String, Object> more) {
    Map<String, Object> body = new HashMap<>(more);
    body.put("key", "onbehalf:test");
    body.put("publicKey", Keys.base64(key));
    body.put("callbacks", List.of(links.links().callback().orElseThrow()));
    peer.post("/api/consumers", body);
  }

  private static LinkAdministration.Actor actor() {
    return new LinkAdministration.Actor("admin", "request-1", null);
  }

  private static String closed() throws IOException {
    return "http://127.0.0.1:" + TestHttp.freePort();
  }

  private String stub(int status, String type, String body) throws IOException {
    return stub(status, type, body.getBytes(StandardCharsets.UTF_8));
  }

  private String stub(int status, String type, byte[] body) throws IOException {
    HttpServer stub =
        HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 0);
    return "http://127.0.0.1:" + serve(stub, status, type, body);
  }

  private String https() throws IOException {
    HttpsServer stub =
        HttpsServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 0);
    stub.setHttpsConfigurator(new HttpsConfigurator(server));
    return "https://127.0.0.1:" + serve(stub, 200, "application/xml", new byte[0]);
  }

  private int serve(HttpServer stub, int status, String type, byte[] body) {
    stub.createContext("/", exchange -> answer(exchange, status, type, body, location));
    stub.start();
    stubs.add(stub);
    return stub.getAddress().getPort();
  }

  private static void answer(
      HttpExchange exchange, int status, String type, byte[] body, String location)
      throws IOException {
    exchange.getResponseHeaders().set("Content-Type", type);
    if (status == 301) {
      exchange
          .getResponseHeaders()
          .set("Location", location + exchange.getRequestURI().getRawPath());
    }
    exchange.sendResponseHeaders(status, body.length == 0 ? -1 : body.length);
    exchange.getResponseBody().write(body);
    exchange.close();
  }
}
