package dev.onbehalf.bench.receive;

import java.io.IOException;
import java.net.URI;
import java.net.URLEncoder;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.time.Instant;
import java.util.Map;
import java.util.StringJoiner;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/** A CI server that reports to a receiving site, and a person who looks at its pages. */
final class Sender {
  static final int PROJECTS = 40;

  private static final JsonMapper JSON = JsonMapper.shared();
  private static final Instant FIRST = Instant.parse("2025-01-01T00:00:00Z");
  private static final Duration TOKEN_LIFE = Duration.ofMinutes(10);
  private static final int ISSUES = 20_000;
  private static final int PIPELINES = 200;
  private static final String[] TYPES = {
    "production", "production", "staging", "staging", "testing", "testing", "development"
  };

  private final HttpClient http =
      HttpClient.newBuilder().version(HttpClient.Version.HTTP_1_1).build();
  private final String url;
  private final URI admin;
  private final String adminToken;
  private final String cloudId;
  private final String clientId;
  private final String credential;
  private final String cookie;
  private String token = "";
  private long tokenEndNanos;
  private int refusals;

  Sender(String url, URI admin, String adminToken) throws IOException, InterruptedException {
    this.url = url;
    this.admin = admin;
    this.adminToken = adminToken;
    cloudId =
        JSON.readTree(text("GET", url + "/_edge/tenant_info", null, null))
            .path("cloudId")
            .asString();
    JsonNode made =
        JSON.readTree(
            text(
                "POST",
                admin + "/api/credentials",
                adminToken,
                "{\"name\":\"ci\",\"scopes\":[\"builds\",\"deployments\"]}"));
    clientId = made.path("clientId").asString();
    credential =
        JSON.writeValueAsString(
            Map.of(
                "grant_type",
                "client_credentials",
                "client_id",
                clientId,
                "client_secret",
                made.path("secret").asString()));
    cookie = signIn();
  }

  private String signIn() throws IOException, InterruptedException {
    String password = "correct horse battery staple";
    text(
        "POST",
        admin + "/api/users",
        adminToken,
        JSON.writeValueAsString(Map.of("name", "alice", "password", password)));
    String address = url + "/-/onbehalf/sign-in";
    HttpResponse<String> form = send(HttpRequest.newBuilder(URI.create(address)));
    Matcher csrf = Pattern.compile("name=\"csrf\" value=\"([^\"]*)\"").matcher(form.body());
    if (!csrf.find()) {
      throw new IllegalStateException(form.body());
    }
    String body =
        "csrf="
            + URLEncoder.encode(csrf.group(1), StandardCharsets.UTF_8)
            + "&returnTo=%2Fissues&name=alice&password="
            + URLEncoder.encode(password, StandardCharsets.UTF_8);
    HttpResponse<String> in =
        send(
            HttpRequest.newBuilder(URI.create(address))
                .header("Content-Type", "application/x-www-form-urlencoded")
                .header("Cookie", cookies(form))
                .POST(BodyPublishers.ofString(body)));
    return cookies(in);
  }

  private static String cookies(HttpResponse<?> answer) {
    StringJoiner cookies = new StringJoiner("; ");
    for (String line : answer.headers().allValues("Set-Cookie")) {
      cookies.add(line.substring(0, line.indexOf(';')));
    }
    return cookies.toString();
  }

  /** Reports {@code count} builds from number {@code from} on. */
  void builds(long from, int count, long sequence) throws IOException, InterruptedException {
    StringJoiner elements =
        new StringJoiner(",", "{\"properties\":{\"source\":\"ci\"},\"builds\":[", "]}");
    for (long number = from; number < from + count; number++) {
      elements.add(
          """
          {"pipelineId":"app-%1$d","buildNumber":%2$d,"updateSequenceNumber":%3$d,"displayName":"app #%2$d",
           "description":"2 of 310 tests failed","url":"https://ci.example.com/job/app/%2$d/","state":"%4$s",
           "lastUpdated":"%5$s","issueKeys":["%6$s","%7$s"],
           "testInfo":{"totalNumber":310,"numberPassed":305,"numberFailed":2,"numberSkipped":3}}"""
              .formatted(
                  number % PIPELINES,
                  number,
                  sequence,
                  number % 9 == 0 ? "failed" : "successful",
                  at(number),
                  issue(number),
                  issue(number * 31)));
    }
    accepted(post("builds", elements), "acceptedBuilds", count);
  }

  /** Reports {@code count} deployments from number {@code from} on. */
  void deployments(long from, int count, long sequence) throws IOException, InterruptedException {
    StringJoiner elements =
        new StringJoiner(",", "{\"properties\":{\"source\":\"ci\"},\"deployments\":[", "]}");
    for (long number = from; number < from + count; number++) {
      int environment = (int) (number % TYPES.length);
      elements.add(
          """
          {"deploymentSequenceNumber":%1$d,"updateSequenceNumber":%2$d,"displayName":"app %1$d",
           "description":"Rolled out node by node","url":"https://ci.example.com/job/app/%1$d/",
           "state":"%3$s","lastUpdated":"%4$s",
           "pipeline":{"id":"app-%5$d","displayName":"App %5$d","url":"https://ci.example.com/job/app/"},
           "environment":{"id":"env-%6$d","displayName":"Environment %6$d","type":"%7$s"},
           "associations":[{"associationType":"issueIdOrKeys","values":["%8$s","%9$s"]}]}"""
              .formatted(
                  number,
                  sequence,
                  number % 11 == 0 ? "failed" : "successful",
                  at(number),
                  number % PIPELINES,
                  environment,
                  TYPES[environment],
                  issue(number),
                  issue(number * 17)));
    }
    accepted(post("deployments", elements), "acceptedDeployments", count);
  }

  static Instant at(long number) {
    return FIRST.plusSeconds(60 * number);
  }

  static String issue(long number) {
    long issue = number % ISSUES;
    return "P" + (10 + issue % PROJECTS) + "-" + (issue + 1);
  }

  private JsonNode post(String kind, StringJoiner elements)
      throws IOException, InterruptedException {
    String target = url + "/jira/" + kind + "/0.1/cloud/" + cloudId + "/bulk";
    return JSON.readTree(text("POST", target, token(), elements.toString()));
  }

  private static void accepted(JsonNode answer, String list, int count) {
    if (answer.path(list).size() != count) {
      throw new IllegalStateException(answer.toString());
    }
  }

  /** Reads one build back. */
  void read(long number) throws IOException, InterruptedException {
    String target =
        url
            + "/jira/builds/0.1/cloud/%s/pipelines/app-%d/builds/%d"
                .formatted(cloudId, number % PIPELINES, number);
    text("GET", target, token(), null);
  }

  /** Opens a page as somebody signed in; returns its HTML. */
  String page(String path) throws IOException, InterruptedException {
    HttpResponse<String> page =
        send(HttpRequest.newBuilder(URI.create(url + path)).header("Cookie", cookie));
    if (page.statusCode() != 200) {
      throw new IllegalStateException(path + ": " + page.statusCode());
    }
    return page.body();
  }

  /** Asks a query; returns its first 50 rows. */
  JsonNode query(String text, boolean issues) throws IOException, InterruptedException {
    String target =
        admin
            + "/api/query?q="
            + URLEncoder.encode(text, StandardCharsets.UTF_8).replace("+", "%20")
            + (issues ? "&show=issues" : "");
    return JSON.readTree(text("GET", target, adminToken, null));
  }

  /** Asks for a token in vain, each time from another address, since failures are limited. */
  void refused(String clientId) throws IOException, InterruptedException {
    refusals++;
    HttpResponse<String> answer =
        send(
            HttpRequest.newBuilder(URI.create(url + "/oauth/token"))
                .header("Content-Type", "application/json")
                .header(
                    "X-Forwarded-For", "10.0.%d.%d".formatted(refusals / 250, refusals % 250 + 1))
                .POST(
                    BodyPublishers.ofString(
                        JSON.writeValueAsString(
                            Map.of(
                                "grant_type",
                                "client_credentials",
                                "client_id",
                                clientId,
                                "client_secret",
                                "onbs_wrong")))));
    if (answer.statusCode() != 401) {
      throw new IllegalStateException(answer.statusCode() + " " + answer.body());
    }
  }

  String clientId() {
    return clientId;
  }

  private String token() throws IOException, InterruptedException {
    if (token.isEmpty() || System.nanoTime() - tokenEndNanos > 0) {
      token =
          JSON.readTree(text("POST", url + "/oauth/token", null, credential))
              .path("access_token")
              .asString();
      tokenEndNanos = System.nanoTime() + TOKEN_LIFE.toNanos();
    }
    return token;
  }

  private String text(String method, String target, @Nullable String bearer, @Nullable String body)
      throws IOException, InterruptedException {
    HttpRequest.Builder request =
        HttpRequest.newBuilder(URI.create(target))
            .header("Content-Type", "application/json")
            .method(method, body == null ? BodyPublishers.noBody() : BodyPublishers.ofString(body));
    if (bearer != null) {
      request.header("Authorization", "Bearer " + bearer);
    }
    HttpResponse<String> response = send(request);
    if (response.statusCode() >= 300) {
      throw new IllegalStateException(
          target + ": " + response.statusCode() + " " + response.body());
    }
    return response.body();
  }

  private HttpResponse<String> send(HttpRequest.Builder request)
      throws IOException, InterruptedException {
    return http.send(request.build(), BodyHandlers.ofString());
  }
}
