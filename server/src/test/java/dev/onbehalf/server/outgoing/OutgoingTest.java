package dev.onbehalf.server.outgoing;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.onbehalf.applinks.ApplicationId;
import dev.onbehalf.applinks.ApplicationLinkDetails;
import dev.onbehalf.applinks.ApplicationLinks;
import dev.onbehalf.applinks.application.JiraApplicationType;
import dev.onbehalf.applinks.auth.AuthenticationProvider;
import dev.onbehalf.applinks.auth.OAuthAuthenticationProvider;
import dev.onbehalf.applinks.auth.TwoLeggedOAuthAuthenticationProvider;
import dev.onbehalf.applinks.auth.TwoLeggedOAuthWithImpersonationAuthenticationProvider;
import dev.onbehalf.server.access.Caller;
import dev.onbehalf.server.access.RequestAuthenticator;
import dev.onbehalf.server.access.SignedRequest;
import dev.onbehalf.server.access.Verdict;
import dev.onbehalf.server.audit.AuditEvent;
import dev.onbehalf.server.audit.AuditEvent.Outcome;
import dev.onbehalf.server.config.DatabaseConfig;
import dev.onbehalf.server.config.SessionConfig;
import dev.onbehalf.server.people.SignInPages;
import dev.onbehalf.server.people.StoredSessions;
import dev.onbehalf.server.people.TestPeople;
import dev.onbehalf.server.store.Database;
import dev.onbehalf.server.store.TinkSealer;
import dev.onbehalf.server.web.Pages;
import dev.onbehalf.server.web.Places;
import dev.onbehalf.server.web.Routes;
import dev.onbehalf.server.web.TestServer;
import dev.onbehalf.server.web.WebRequest;
import dev.onbehalf.server.web.WebResponse;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.URI;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse;
import java.nio.file.Path;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.TimeUnit;
import java.util.function.Predicate;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class OutgoingTest {
  private static final String TO = "/-/onbehalf/to/";

  private final TestPeople people = new TestPeople();
  private final List<AuditEvent> audited = new CopyOnWriteArrayList<>();
  private volatile Instant now = Instant.now();
  private final InstantSource clock = () -> now;
  @TempDir private Path data;

  @SuppressWarnings("NullAway.Init")
  private IssuePeer peer;

  @SuppressWarnings("NullAway.Init")
  private Database database;

  @SuppressWarnings("NullAway.Init")
  private PersonalTokens tokens;

  @SuppressWarnings("NullAway.Init")
  private StoredSessions sessions;

  @SuppressWarnings("NullAway.Init")
  private TestServer server;

  @BeforeEach
  void start() throws IOException {
    peer = new IssuePeer();
    database = Database.open(new DatabaseConfig(null, null, null, 2), data);
    TinkSealer sealer = TinkSealer.open(database, data);
    tokens = new PersonalTokens(database, sealer, people, clock);
    sessions =
        new StoredSessions(
            database,
            sealer,
            people,
            new SessionConfig(Duration.ofMinutes(30), Duration.ofHours(12)),
            Clock.systemUTC());
    Routes routes = new Routes();
    new Outgoing(
            new Outgoing.Parts(
                this::destination,
                tokens,
                null,
                new SignedByName(),
                (caller, application, method, path) ->
                    path.endsWith("/forbidden") ? "This is beyond what was granted." : null,
                Set.of("tracker"),
                sessions,
                new SignInPages(
                    sessions, people, sealer, new Pages(), audited::add, clock, List.of()),
                new Pages(),
                audited::add,
                clock,
                new Places(4, 2)))
        .addTo(routes);
    server = TestServer.start(routes, new Pages(), "/ci");
  }

  @AfterEach
  void stop() {
    server.close();
    database.close();
    peer.close();
  }

  /** Stands for the provider: the signature is what the header says. */
  private final class SignedByName implements RequestAuthenticator {
    @Override
    public boolean mayBeSigned(
        List<String> authorization, @Nullable String rawQuery, boolean formBody) {
      return authorization.stream().anyMatch(value -> value.startsWith("OAuth "));
    }

    @Override
    public Verdict authenticate(SignedRequest request, Predicate<String> admits) {
      String[] said = request.authorization().get(0).split(" ", -1);
      return said[1].equals("bad")
          ? new Verdict.Refused(WebResponse.empty(401), null, null, "signature_invalid", null)
          : new Verdict.Accepted(
              new Caller(
                  people.find("bob").orElseThrow(),
                  said[1],
                  Caller.Mode.valueOf(said[2]),
                  null,
                  "credential"));
    }

    @Override
    public boolean stands(Caller caller, String application) {
      return true;
    }
  }

  private Optional<Destinations.Destination> destination(String name) {
    return switch (name) {
      case "jira", "pages" ->
          Optional.of(link(name, TwoLeggedOAuthWithImpersonationAuthenticationProvider.class));
      case "other", "down" ->
          Optional.of(link(name, TwoLeggedOAuthWithImpersonationAuthenticationProvider.class));
      case "asks" -> Optional.of(link(name, OAuthAuthenticationProvider.class));
      case "fixed" -> Optional.of(link(name, TwoLeggedOAuthAuthenticationProvider.class));
      default -> Optional.empty();
    };
  }

  @SuppressWarnings("unchecked")
  private Destinations.Destination link(
      String name, Class<? extends AuthenticationProvider> provider) {
    return new Destinations.Destination(
        name,
        ApplicationLinks.builder()
            .link(
                ApplicationLinkDetails.builder(
                        new ApplicationId(name),
                        name,
                        new JiraApplicationType(),
                        name.equals("down") ? URI.create("http://127.0.0.1:1") : peer.url(),
                        IssuePeer.signer())
                    .authentication(provider)
                    .build())
            .build()
            .getApplicationLinks()
            .get(0),
        "/authorise/" + name,
        provider == OAuthAuthenticationProvider.class,
        name.equals("pages"));
  }

  private String token(String person) {
    return tokens.make(person, "laptop", Duration.ofDays(1)).value().reveal();
  }

  private HttpRequest.Builder request(String path) {
    return server.request("/ci" + TO + path);
  }

  private HttpResponse<String> asAlice(String method, String path, String body) {
    return server.send(
        request(path)
            .header("Authorization", "Bearer " + token("alice"))
            .method(method, BodyPublishers.ofString(body)));
  }

  private AuditEvent lastEvent() {
    return audited.get(audited.size() - 1);
  }

  @Test
  void relayWhenPersonalTokenIsShownThenActsAsItsPerson() {
    HttpResponse<String> answer = asAlice("GET", "jira/rest/api/2/issue/KEY-1?expand=a%2Cb", "");

    assertThat(answer.statusCode()).isEqualTo(200);
    assertThat(answer.body())
        .isEqualTo(
            "alice GET /jira/rest/api/2/issue/KEY-1?expand=a%2Cb&xoauth_requestor_id=alice ");
    assertThat(lastEvent().outcome()).isEqualTo(Outcome.ALLOWED);
    assertThat(lastEvent().action()).isEqualTo("link-call");
    assertThat(lastEvent().actedAs()).isEqualTo("alice");
    assertThat(lastEvent().path()).isEqualTo(TO + "jira/rest/api/2/issue/KEY-1");
    assertThat(lastEvent().detail()).contains("'laptop'", "'jira'", "status 200");
    assertThat(asAlice("GET", "jira/missing", "").statusCode()).isEqualTo(404);
    assertThat(asAlice("POST", "jira/comment", "{\"body\":\"x\"}").body()).contains("{\"body\"");
  }

  @Test
  void relayWhenHeadersCrossThenOnlyTheListedOnes() {
    HttpResponse<String> answer =
        server.send(
            request("jira/x")
                .header("Authorization", "Bearer " + token("alice"))
                .header("Cookie", "session=ours")
                .header("X-Forwarded-User", "bob")
                .header("Accept", "application/json")
                .header("If-None-Match", "\"6\""));

    assertThat(peer.headers.get(0).keySet())
        .contains("Accept", "If-none-match")
        .doesNotContain("Cookie", "X-forwarded-user");
    assertThat(String.valueOf(peer.headers.get(0).get("Authorization"))).startsWith("[OAuth ");
    assertThat(answer.headers().map())
        .doesNotContainKeys("set-cookie", "access-control-allow-origin");
    assertThat(answer.headers().allValues("content-security-policy"))
        .containsExactly("default-src 'none'; sandbox; frame-ancestors 'none'");
    assertThat(answer.headers().firstValue("etag")).contains("\"7\"");
    assertThat(answer.headers().firstValue("x-onbehalf-answer")).contains("peer");
    assertThat(asAlice("POST", "jira/created", "").headers().firstValue("location"))
        .contains(server.url().with(TO + "jira/rest/issue/1"));
    assertThat(asAlice("GET", "jira/elsewhere", "").headers().firstValue("location"))
        .contains("http://elsewhere.example/x");
    assertThat(asAlice("HEAD", "jira/x", "").statusCode()).isEqualTo(200);
  }

  @Test
  void relayWhenAnswerIsLongThenWhole() {
    assertThat(asAlice("GET", "jira/long", "").body()).hasSize(IssuePeer.LONG);
  }

  @Test
  void relayWhenAnswerIsTooLongThenBrokenOff() {
    Routes routes = new Routes();
    Trail trail = new Trail(audited::add, clock);
    Callers callers =
        new Callers(tokens, null, new SignedByName(), (c, a, m, p) -> null, Set.of(), sessions);
    routes.addTree(
        Outgoing.TO,
        new RelayEndpoint(this::destination, callers, trail, Places.standard(), 1_000_000));
    try (TestServer small = TestServer.start(routes, new Pages(), "")) {
      HttpRequest.Builder request =
          small.request(TO + "jira/long").header("Authorization", "Bearer " + token("alice"));

      assertThatThrownBy(() -> small.send(request)).isInstanceOf(UncheckedIOException.class);
    }
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "jira/../admin",
        "jira/%2e%2e/admin",
        "jira/a/..;/b",
        "jira/a%2f..%2fb",
        "jira//x",
        "jira/a%5Cb",
        "jira/%252e%252e/x",
        "jira/a;b"
      })
  void relayWhenPathIsAmbiguousThenRefused(String path) {
    String answer =
        server.raw(
            "GET /ci%s%s HTTP/1.1\r\nHost: x\r\nAuthorization: Bearer %s\r\nConnection: close\r\n\r\n"
                .formatted(TO, path, token("alice")));

    assertThat(answer).containsPattern("^HTTP/1.1 4");
    assertThat(peer.headers).isEmpty();
  }

  @ParameterizedTest
  @CsvSource({
    "jira/x?xoauth_requestor_id=bob, GET, 400",
    "nowhere/x, GET, 404",
    "jira/x, PATCH, 405",
    "jira/x, TRACE, 405",
    "fixed/x, GET, 409"
  })
  void relayWhenRequestCannotBeSentThenSaysWhy(String path, String method, int status) {
    String answer =
        server.raw(
            "%s /ci%s%s HTTP/1.1\r\nHost: x\r\nAuthorization: Bearer %s\r\nConnection: close\r\n\r\n"
                .formatted(method, TO, path, token("alice")));

    assertThat(answer).startsWith("HTTP/1.1 " + status);
    assertThat(peer.headers).isEmpty();
  }

  @Test
  void relayWhenPersonHasNotAuthorisedThenToldWhere() {
    HttpResponse<String> answer = asAlice("GET", "asks/x", "");

    assertThat(answer.statusCode()).isEqualTo(401);
    assertThat(answer.body())
        .contains("\"error\":\"authorisation-required\"")
        .contains("\"authorisationUrl\":\"" + server.url().with("/authorise/asks") + "\"");
    assertThat(lastEvent().problem()).isEqualTo("authorisation-required");
  }

  @Test
  void relayWhenAnotherPersonIsWantedThenRefused() {
    HttpRequest.Builder request =
        request("jira/x").header("Authorization", "Bearer " + token("alice"));

    assertThat(server.send(request.copy().header("X-Onbehalf-As", "alice")).statusCode())
        .isEqualTo(200);
    assertThat(server.send(request.header("X-Onbehalf-As", "bob")).statusCode()).isEqualTo(403);
    assertThat(lastEvent().problem()).isEqualTo("as-another");
  }

  @Test
  void relayWhenNobodyIsShownThenRefusedAndAudited() {
    assertThat(server.send(request("jira/x")).statusCode()).isEqualTo(401);
    for (String shown : List.of("Bearer obp_guess", "Bearer ", "Basic YTpi", "Bearer e.y.J")) {
      assertThat(server.send(request("jira/x").header("Authorization", shown)).statusCode())
          .isEqualTo(401);
    }
    assertThat(audited).hasSize(5).allMatch(event -> event.outcome() == Outcome.REFUSED);
    assertThat(peer.headers).isEmpty();
  }

  @Test
  void personalTokenWhenRevokedExpiredOrItsPersonIsGoneThenRefused() {
    PersonalTokens.Made made = tokens.make("alice", "short", Duration.ofMinutes(5));
    String later = token("bob");
    assertThat(tokens.find(made.value().reveal())).isPresent();
    assertThat(tokens.all("alice")).hasSize(1);
    now = now.plus(Duration.ofMinutes(6));
    assertThat(tokens.find(made.value().reveal())).isEmpty();
    assertThat(tokens.all("alice")).isEmpty();
    assertThat(tokens.purge(now)).isEqualTo(1);
    assertThat(tokens.find(later)).isPresent();
    people.replace("bob");
    assertThat(tokens.find(later)).isEmpty();
    String revoked = token("alice");
    assertThat(tokens.revoke(tokens.all("alice").get(0).id())).isPresent();
    assertThat(tokens.find(revoked)).isEmpty();
    assertThatThrownBy(() -> tokens.make("mallory", "x", Duration.ofDays(1)))
        .hasMessageContaining("no active person");
    assertThatThrownBy(() -> tokens.make("alice", "x", Duration.ofDays(400)))
        .hasMessageContaining("366 days");
  }

  private HttpRequest.Builder inSession(String method) {
    return inSession(method, "pages");
  }

  private HttpRequest.Builder inSession(String method, String link) {
    WebRequest signIn =
        new WebRequest(
            "r", "ci", server.url(), List.of(), "POST", "/", null, Map.of(), new byte[0], "::1");
    String cookie =
        sessions
            .signIn(signIn, people.find("alice").orElseThrow(), WebResponse.empty(200))
            .headers()
            .get(0)
            .getValue();
    return request(link + "/x")
        .header("Cookie", cookie.split(";", 2)[0])
        .method(method, BodyPublishers.noBody());
  }

  @Test
  void relayWhenBrowserIsSignedInThenOnlyFromPagesOfThisSite() {
    assertThat(server.send(inSession("GET")).body()).startsWith("alice GET");
    assertThat(server.send(inSession("POST")).statusCode()).isEqualTo(403);
    assertThat(server.send(inSession("POST").header("X-Atlassian-Token", "no-check")).statusCode())
        .isEqualTo(200);
    for (String[] foreign :
        new String[][] {
          {"Origin", "https://evil.example.com"},
          {"Origin", "null"},
          {"Sec-Fetch-Site", "cross-site"},
          {"Sec-Fetch-Site", "same-site"}
        }) {
      assertThat(
              server
                  .send(
                      inSession("GET")
                          .header("X-Atlassian-Token", "no-check")
                          .header(foreign[0], foreign[1]))
                  .statusCode())
          .isEqualTo(403);
    }
    assertThat(lastEvent().problem()).isEqualTo("cross-site");
  }

  @Test
  void relayWhenTheLinkIsNotForBrowsersThenASessionDoesNotAct() {
    HttpResponse<String> answer =
        server.send(inSession("GET", "jira").header("X-Atlassian-Token", "no-check"));

    assertThat(answer.statusCode()).isEqualTo(403);
    assertThat(answer.body()).contains("Browsers do not act through this link");
    assertThat(lastEvent().problem()).isEqualTo("browser");
    assertThat(peer.headers).isEmpty();
  }

  @Test
  void relayWhenThePeerIsDownThenSaysSo() {
    HttpResponse<String> answer = asAlice("GET", "down/x", "");

    assertThat(answer.statusCode()).isEqualTo(502);
    assertThat(answer.body()).contains("CONNECTION_REFUSED", "nothing listens there");
    assertThat(lastEvent().outcome()).isEqualTo(Outcome.FAILED);
  }

  @Test
  void relayWhenOnePersonOrPeerIsSlowThenOthersAreServed() throws Exception {
    List<CompletableFuture<HttpResponse<String>>> slow = new ArrayList<>();
    for (int i = 0; i < 2; i++) {
      slow.add(CompletableFuture.supplyAsync(() -> asAlice("GET", "jira/slow", "")));
    }
    peer.waiting.acquire(2);

    HttpResponse<String> again = asAlice("GET", "other/x", "");
    assertThat(again.statusCode()).isEqualTo(503);
    assertThat(again.headers().firstValue("Retry-After")).isPresent();
    assertThat(lastEvent().problem()).isEqualTo("busy");
    assertThat(signed("OAuth tracker IMPERSONATED", "jira/x").statusCode()).isEqualTo(503);
    assertThat(signed("OAuth tracker IMPERSONATED", "other/x").statusCode()).isEqualTo(200);

    peer.released.release(2);
    for (CompletableFuture<HttpResponse<String>> each : slow) {
      assertThat(each.get(30, TimeUnit.SECONDS).statusCode()).isEqualTo(200);
    }
    assertThat(asAlice("GET", "jira/x", "").statusCode()).isEqualTo(200);
  }

  private HttpResponse<String> signed(String authorization, String path) {
    return server.send(request(path).header("Authorization", authorization));
  }

  @Test
  void relayWhenConsumerSignedThenOnlyAListedOneByImpersonation() {
    HttpResponse<String> answer =
        signed("OAuth tracker IMPERSONATED", "jira/x?a=1&xoauth_requestor_id=bob&user_id=7");
    assertThat(answer.body()).startsWith("bob GET /jira/x?a=1&user_id=7&xoauth_requestor_id=bob");
    assertThat(lastEvent().consumer()).isEqualTo("tracker");

    assertThat(signed("OAuth other IMPERSONATED", "jira/x").statusCode()).isEqualTo(403);
    assertThat(signed("OAuth tracker THREE_LEGGED", "jira/x").statusCode()).isEqualTo(403);
    assertThat(signed("OAuth tracker TWO_LEGGED", "jira/x").statusCode()).isEqualTo(403);
    assertThat(signed("OAuth tracker IMPERSONATED", "jira/forbidden").statusCode()).isEqualTo(403);
    assertThat(signed("OAuth bad IMPERSONATED", "jira/x").statusCode()).isEqualTo(401);
    assertThat(lastEvent().problem()).isEqualTo("signature_invalid");
  }

  @Test
  void loginWhenCallbackIsNotOnTheOwnMachineThenRefused() {
    for (String callback : List.of("http://evil.example.com/", "https://127.0.0.1/", "x:y")) {
      HttpResponse<String> answer =
          server.send(
              server
                  .request("/ci/-/onbehalf/login/asks")
                  .header("Authorization", "Bearer " + token("alice"))
                  .POST(BodyPublishers.ofString("{\"callback\":\"" + callback + "\"}")));

      assertThat(answer.statusCode()).isEqualTo(400);
    }
    assertThat(
            server
                .send(
                    server.request("/ci/-/onbehalf/login/asks").POST(BodyPublishers.ofString("{}")))
                .statusCode())
        .isEqualTo(401);
  }

  @Test
  void loginWhenTheLinkIsUnknownOrTakesNoTokensThenRefusedAndAudited() {
    for (String[] refused :
        new String[][] {{"fixed", "409", "level-off"}, {"nowhere", "404", "link-unknown"}}) {
      HttpResponse<String> answer =
          server.send(
              server
                  .request("/ci/-/onbehalf/login/" + refused[0])
                  .header("Authorization", "Bearer " + token("alice"))
                  .POST(BodyPublishers.ofString("{}")));

      assertThat(answer.statusCode()).isEqualTo(Integer.parseInt(refused[1]));
      assertThat(lastEvent().action()).isEqualTo("link-authorise");
      assertThat(lastEvent().problem()).isEqualTo(refused[2]);
      assertThat(lastEvent().person()).isEqualTo("alice");
    }
    assertThat(peer.headers).isEmpty();
  }
}
