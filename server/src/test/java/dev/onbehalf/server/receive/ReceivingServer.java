package dev.onbehalf.server.receive;

import static org.assertj.core.api.Assertions.assertThat;

import dev.onbehalf.oauth1.Secret;
import dev.onbehalf.server.Onbehalf;
import dev.onbehalf.server.config.ConfigurationReader;
import dev.onbehalf.server.wire.TestHttp;
import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Clock;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/** A whole server that receives builds and deployments, and a client of it. */
final class ReceivingServer implements AutoCloseable {
  static final JsonMapper JSON = JsonMapper.shared();

  private final HttpClient http = HttpClient.newHttpClient();
  private final Onbehalf server;
  private final Secret adminToken;
  private final String url;

  ReceivingServer(Path data, Clock clock, String... settings) throws IOException {
    this(data, clock, null, settings);
  }

  /** Starts it behind another server, where that is given. */
  ReceivingServer(Path data, Clock clock, @Nullable Front front, String... settings)
      throws IOException {
    int port = TestHttp.freePort();
    if (front != null) {
      front.passTo(port);
    }
    url = "http://127.0.0.1:" + (front == null ? port : front.port());
    List<String> all = new ArrayList<>();
    all.addAll(
        List.of(
            "data=" + data,
            "listen=127.0.0.1:" + port,
            "admin=127.0.0.1:0",
            "receive.public-url=" + url,
            "receive.projects=ABC,DEF"));
    Stream.of(settings)
        .peek(
            setting -> {
              String key = setting.substring(0, setting.indexOf('=') + 1);
              all.removeIf(other -> other.startsWith(key));
            })
        .forEach(all::add);
    server = Onbehalf.start(ConfigurationReader.read(null, Map.of(), all).configuration(), clock);
    adminToken = Secret.of(Files.readString(data.resolve("admin.token")).strip());
  }

  String url() {
    return url;
  }

  /** A credential as its holder knows it. */
  record Client(String name, String id, String secret) {}

  Client credential(String name, String... scopes) {
    return credential(name, List.of(scopes), List.of());
  }

  Client credential(String name, List<String> scopes, List<String> projects) {
    JsonNode made =
        json(
            admin(
                "POST",
                "/api/credentials",
                JSON.writeValueAsString(
                    Map.of("name", name, "scopes", scopes, "projects", projects))),
            200);
    return new Client(name, made.path("clientId").asString(), made.path("secret").asString());
  }

  HttpResponse<String> admin(String method, String path, @Nullable String body) {
    return send(
        HttpRequest.newBuilder(server.adminUri().resolve(path))
            .header("Authorization", "Bearer " + adminToken.reveal())
            .method(method, body == null ? BodyPublishers.noBody() : BodyPublishers.ofString(body))
            .build());
  }

  HttpResponse<String> askToken(String id, String secret) {
    return send(
        HttpRequest.newBuilder(URI.create(url + "/oauth/token"))
            .header("Content-Type", "application/json")
            .POST(
                BodyPublishers.ofString(
                    JSON.writeValueAsString(
                        Map.of(
                            "audience",
                            "api.atlassian.com",
                            "grant_type",
                            "client_credentials",
                            "client_id",
                            id,
                            "client_secret",
                            secret))))
            .build());
  }

  String token(Client client) {
    return json(askToken(client.id(), client.secret()), 200).path("access_token").asString();
  }

  String cloudId() {
    return json(get("/_edge/tenant_info", null), 200).path("cloudId").asString();
  }

  /** Returns the path of an operation on a kind of data. */
  String path(String kind, String operation) {
    return "/jira/"
        + kind
        + (kind.equals("remotelinks") ? "/1.0/cloud/" : "/0.1/cloud/")
        + cloudId()
        + "/"
        + operation;
  }

  HttpResponse<String> get(String path, @Nullable String token) {
    return send("GET", path, token, null);
  }

  HttpResponse<String> send(
      String method, String path, @Nullable String token, @Nullable String body) {
    HttpRequest.Builder request =
        HttpRequest.newBuilder(URI.create(url + path)).timeout(Duration.ofSeconds(60));
    if (token != null) {
      request.header("Authorization", "Bearer " + token);
    }
    if (body != null) {
      request.header("Content-Type", "application/json; charset=utf-8");
    }
    return send(
        request
            .method(method, body == null ? BodyPublishers.noBody() : BodyPublishers.ofString(body))
            .build());
  }

  HttpResponse<String> send(HttpRequest request) {
    return TestHttp.send(http, request);
  }

  static JsonNode json(HttpResponse<String> response, int status) {
    assertThat(response.statusCode()).as(response.body()).isEqualTo(status);
    return JSON.readTree(response.body());
  }

  /** A bulk of one build. */
  static String build(String pipeline, long number, long sequence, String state, String... keys) {
    return """
        {"properties":{"source":"ci"},"builds":[{"pipelineId":"%s","buildNumber":%d,
        "updateSequenceNumber":%d,"displayName":"%s #%d","url":"https://ci.example.com/%d",
        "state":"%s","lastUpdated":"2026-01-05T10:11:12.345Z","issueKeys":%s}]}"""
        .formatted(
            pipeline,
            number,
            sequence,
            pipeline,
            number,
            number,
            state,
            JSON.writeValueAsString(keys));
  }

  @Override
  public void close() {
    server.close();
  }
}
