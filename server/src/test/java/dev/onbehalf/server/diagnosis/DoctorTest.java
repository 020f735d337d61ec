package dev.onbehalf.server.diagnosis;

import static org.assertj.core.api.Assertions.assertThat;

import dev.onbehalf.oauth1.Secret;
import dev.onbehalf.server.Onbehalf;
import dev.onbehalf.server.admin.AdminToken;
import dev.onbehalf.server.config.ConfigurationReader;
import dev.onbehalf.server.wire.StubUpstream;
import dev.onbehalf.server.wire.Wire;
import java.io.IOException;
import java.net.InetAddress;
import java.net.Socket;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.time.ZoneOffset;
import java.time.format.DateTimeFormatter;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CountDownLatch;
import java.util.function.UnaryOperator;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/** What the doctor says about a running server with a proxy in front and two upstreams. */
class DoctorTest {
  @TempDir static Path directory;

  private static final HttpClient HTTP = HttpClient.newHttpClient();
  private static StubUpstream proxy;
  private static StubUpstream upstream;
  private static StubUpstream jenkins;
  private static Onbehalf server;

  @BeforeAll
  static void start() throws IOException {
    proxy = new StubUpstream();
    upstream = new StubUpstream();
    jenkins = new StubUpstream();
    server =
        Onbehalf.start(
            ConfigurationReader.read(
                    null,
                    Map.of("ONBEHALF_APPLICATIONS_JENKINS_SECRET", "what-only-both-of-them-know"),
                    List.of(
                        "data=" + directory.resolve("data"),
                        "listen=127.0.0.1:0",
                        "admin=127.0.0.1:0",
                        "trusted-proxies=127.0.0.1",
                        "applications.ci.public-url=http://localhost:" + proxy.port() + "/ci",
                        "applications.ci.upstream=http://127.0.0.1:" + upstream.port(),
                        "applications.jenkins.public-url=http://nowhere.invalid",
                        "applications.jenkins.upstream=http://127.0.0.1:" + jenkins.port() + "/j",
                        "applications.jenkins.adapter=jenkins"))
                .configuration(),
            Clock.systemUTC());
  }

  @AfterAll
  static void stop() throws IOException {
    server.close();
    proxy.close();
    upstream.close();
    jenkins.close();
  }

  @BeforeEach
  void behave() {
    proxy.script((request, wire) -> pass(request, "127.0.0.1", server.publicPort()));
    upstream.script((request, wire) -> StubUpstream.answer(200, "hello"));
    jenkins.script((request, wire) -> soundJenkins(request));
  }

  private static String soundJenkins(Wire.Message request) {
    return switch (request.target()) {
      case "/j/crumbIssuer/api/json" ->
          StubUpstream.answer(200, "{\"crumb\":\"c\",\"crumbRequestField\":\"Jenkins-Crumb\"}");
      case "/j/whoAmI/api/json" ->
          StubUpstream.answer(200, "{\"anonymous\":true,\"name\":\"anonymous\"}");
      default -> StubUpstream.answer(403, "sign in");
    };
  }

  @Test
  void runWhenAllIsSoundThenSaidSo() {
    List<JsonNode> findings = run();

    assertThat(of(findings, "public URL of ci"))
        .containsExactly(
            "fine: A request to http://localhost:" + proxy.port() + "/ci arrives as it was sent.");
    assertThat(of(findings, "upstream of ci")).singleElement().asString().startsWith("fine: ");
    assertThat(of(findings, "crumbs of jenkins"))
        .containsExactly("fine: The crumb issuer answers.");
    assertThat(of(findings, "identity header of jenkins"))
        .containsExactly(
            "fine: The upstream does not believe X-Forwarded-User without the gateway's secret when"
                + " it is called directly.");
    assertThat(findings).noneMatch(finding -> finding.path("severity").asString().equals("fault"));
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      quoteCharacter = '`',
      textBlock =
          """
          %252F | %2F   | decodes the path: '%252F' arrives as '%2F'
          %7E   | ~     | decodes the path and encodes it anew
          b//c  | b/c   | merges slashes
          c+d/  | c%20d/ | changes '+' in the path to '%20'
          %7Ee  | %7Ee/ | adds a slash to the end
          /ci/  | /     | changes the beginning of the path: '/ci/-/onbehalf/arrival' arrives as '/-/
          ?x=a+b%20c%2Fd&y= | `` | strips the query
          a+b%20c | a+b+c | changes the query
          """)
  void runWhenAProxyChangesTheTargetThenItsChangeIsNamed(
      String sent, String passed, String sentence) {
    inFront(request -> at(request, request.target().replace(sent, passed)));

    assertThat(of(run(), "public URL of ci"))
        .anySatisfy(text -> assertThat(text).startsWith("fault: ").contains(sentence));
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      textBlock =
          """
          X-Forwarded-Proto | https | fault: A proxy in front says that the request came by https
          X-Forwarded-Port  | 443   | warning: A proxy in front says that the request came to port 443
          Host              | inside | fault: A proxy in front does not keep the host
          """)
  void runWhenAProxySaysSomethingElseThenItIsNamed(String header, String value, String sentence) {
    inFront(request -> with(request, header, value));

    assertThat(of(run(), "public URL of ci"))
        .singleElement()
        .satisfies(text -> assertThat(text).startsWith(sentence));
  }

  @Test
  void runWhenAForwardedHeaderComesFromAnUntrustedAddressThenTheAddressIsNamed() {
    proxy.script(
        (request, wire) ->
            pass(with(request, "X-Forwarded-For", "10.1.2.3"), "127.0.0.2", server.publicPort()));

    assertThat(of(run(), "public URL of ci"))
        .singleElement()
        .satisfies(
            text ->
                assertThat(text)
                    .startsWith("fault: Forwarded headers (x-forwarded-for)")
                    .contains("127.0.0.2"));
  }

  @Test
  void runWhenThePublicUrlIsRedirectedThenTheOtherOneIsProposed() {
    proxy.script(
        (request, wire) ->
            StubUpstream.answer(301, "", "Location: https://ci.example.com" + request.target()));

    List<JsonNode> findings = run();

    assertThat(of(findings, "public URL of ci")).singleElement().asString().startsWith("fault: ");
    assertThat(findings.toString()).contains("Set public-url to https://ci.example.com/ci");
  }

  @Test
  void runWhenAProxyAnswersSpecialPathsItselfThenSaid() {
    proxy.script(
        (request, wire) ->
            request.target().contains("//")
                ? StubUpstream.answer(404, "not found")
                : pass(request, "127.0.0.1", server.publicPort()));

    assertThat(of(run(), "public URL of ci"))
        .singleElement()
        .satisfies(text -> assertThat(text).contains("itself, with status 404"));
  }

  @Test
  void runWhenTheNameDoesNotResolveThenAWarningOnly() {
    assertThat(of(run(), "public URL of jenkins"))
        .filteredOn(text -> text.contains("resolve"))
        .singleElement()
        .satisfies(text -> assertThat(text).startsWith("warning: ").contains("does not resolve"));
  }

  @ParameterizedTest
  @CsvSource({"-30,warning,30 s behind", "3600,fault,s ahead of", "0,fine,answers"})
  void runWhenAnUpstreamsClockIsOffThenBySoMuch(int seconds, String severity, String words) {
    upstream.script(
        (request, wire) ->
            StubUpstream.answer(
                200,
                "hello",
                "Date: "
                    + DateTimeFormatter.RFC_1123_DATE_TIME.format(
                        Instant.now().plusSeconds(seconds).atOffset(ZoneOffset.UTC))));

    assertThat(of(run(), "upstream of ci"))
        .singleElement()
        .satisfies(
            text ->
                assertThat(text.replaceAll("\\b(29|31) s", "30 s"))
                    .startsWith(severity)
                    .contains(words));
  }

  @Test
  void runWhenAnUpstreamBelievesAnybodyThenAFaultAndNoRealPersonIsNamed() {
    jenkins.requests().clear();
    jenkins.script(
        (request, wire) ->
            request.target().equals("/j/whoAmI/api/json")
                ? StubUpstream.answer(
                    200,
                    "{\"name\":\"" + request.header("X-Forwarded-User").orElse("anonymous") + "\"}")
                : soundJenkins(request));
    upstream.script(
        (request, wire) ->
            StubUpstream.answer(200, "Hello " + request.header("X-Forwarded-User").orElse("")));

    List<JsonNode> findings = run();

    assertThat(of(findings, "identity header of jenkins"))
        .singleElement()
        .satisfies(
            text -> assertThat(text).startsWith("fault: ").contains("believed without the secret"));
    assertThat(of(findings, "identity header of ci"))
        .singleElement()
        .satisfies(text -> assertThat(text).startsWith("note: ").contains("is believed"));
    assertThat(jenkins.requests())
        .allSatisfy(
            request -> {
              assertThat(request.toString()).doesNotContain("what-only-both-of-them-know");
              assertThat(request.header("X-Forwarded-User").orElse("onbehalf-doctor-"))
                  .startsWith("onbehalf-doctor-");
            });
  }

  @Test
  void runWhenAnUpstreamDoesNotTellThenAHint() {
    assertThat(of(run(), "identity header of ci"))
        .singleElement()
        .satisfies(
            text -> assertThat(text).startsWith("note: ").contains("cannot be told from here"));
  }

  @Test
  void runWhenJenkinsRedirectsElsewhereThenItsOwnUrlIsWrong() {
    jenkins.script(
        (request, wire) ->
            request.target().equals("/j/")
                ? StubUpstream.answer(302, "", "Location: http://old.example.com/login")
                : StubUpstream.answer(404, ""));

    List<JsonNode> findings = run();

    assertThat(of(findings, "upstream of jenkins"))
        .singleElement()
        .satisfies(
            text -> assertThat(text).startsWith("fault: ").contains("http://old.example.com"));
    assertThat(of(findings, "crumbs of jenkins"))
        .singleElement()
        .satisfies(text -> assertThat(text).startsWith("warning: Jenkins issues no crumbs"));
  }

  @Test
  void startWhenARunIsUnderWayThenConflict() throws Exception {
    CountDownLatch release = new CountDownLatch(1);
    upstream.script(
        (request, wire) -> {
          try {
            release.await();
          } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
          }
          return StubUpstream.answer(200, "hello");
        });
    assertThat(ask("POST").statusCode()).isEqualTo(200);

    HttpResponse<String> second = ask("POST");
    release.countDown();

    assertThat(second.statusCode()).isEqualTo(409);
    assertThat(second.body()).contains("at work already");
    await();
  }

  @Test
  void markWhenOldOrForgedThenNoTestimony() throws Exception {
    HttpRequest forged =
        HttpRequest.newBuilder(
                server
                    .adminUri()
                    .resolve(
                        "http://127.0.0.1:"
                            + server.publicPort()
                            + "/ci/-/onbehalf/arrival/"
                            + Instant.now().getEpochSecond()
                            + "-00-"
                            + "00".repeat(16)))
            .build();

    assertThat(HTTP.send(forged, BodyHandlers.ofString()).statusCode()).isEqualTo(404);
  }

  private static void inFront(UnaryOperator<Wire.Message> change) {
    proxy.script((request, wire) -> pass(change.apply(request), "127.0.0.1", server.publicPort()));
  }

  /** Passes a request on, from {@code source}, and returns the answer as it comes. */
  private static String pass(Wire.Message request, String source, int port) throws IOException {
    try (Wire gateway =
        new Wire(
            new Socket(InetAddress.getLoopbackAddress(), port, InetAddress.getByName(source), 0))) {
      gateway.send(request.start() + "\r\n" + String.join("\r\n", request.lines()) + "\r\n\r\n");
      return new String(
          gateway.socket().getInputStream().readAllBytes(), StandardCharsets.ISO_8859_1);
    }
  }

  private static Wire.Message with(Wire.Message request, String name, String value) {
    List<String> lines = new ArrayList<>(request.lines());
    lines.removeIf(line -> line.regionMatches(true, 0, name + ":", 0, name.length() + 1));
    lines.add(name + ": " + value);
    return new Wire.Message(request.start(), lines, request.body());
  }

  private static Wire.Message at(Wire.Message request, String target) {
    return new Wire.Message("GET " + target + " HTTP/1.1", request.lines(), request.body());
  }

  private static List<String> of(List<JsonNode> findings, String subject) {
    return findings.stream()
        .filter(finding -> finding.path("subject").asString().equals(subject))
        .map(
            finding -> finding.path("severity").asString() + ": " + finding.path("seen").asString())
        .toList();
  }

  private static List<JsonNode> run() {
    assertThat(ask("POST").statusCode()).isEqualTo(200);
    List<JsonNode> findings = new ArrayList<>();
    await().path("findings").forEach(findings::add);
    return findings;
  }

  private static JsonNode await() {
    while (true) {
      JsonNode state = JsonMapper.shared().readTree(ask("GET").body());
      if (!state.path("state").asString().equals("running")) {
        assertThat(state.path("state").asString()).isEqualTo("done");
        return state;
      }
      Thread.onSpinWait();
    }
  }

  private static HttpResponse<String> ask(String method) {
    try {
      Secret token = AdminToken.read(directory.resolve("data"));
      return HTTP.send(
          HttpRequest.newBuilder(server.adminUri().resolve("/api/doctor"))
              .timeout(Duration.ofMinutes(1))
              .header("Authorization", "Bearer " + token.reveal())
              .method(method, BodyPublishers.noBody())
              .build(),
          BodyHandlers.ofString());
    } catch (IOException e) {
      throw new AssertionError(e);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new AssertionError(e);
    }
  }
}
