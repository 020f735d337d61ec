package dev.onbehalf.server.monitor;

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
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/** A whole server with an application {@code ci}, and its administrator. */
final class WatchedServer implements AutoCloseable {
  private final HttpClient http = HttpClient.newHttpClient();
  private final Path data;
  private final int port;
  private final Onbehalf server;

  WatchedServer(Path data, String... settings) throws IOException {
    this(data, TestHttp.freePort(), settings);
  }

  WatchedServer(Path data, int port, String... settings) throws IOException {
    this.data = data;
    this.port = port;
    List<String> all =
        new ArrayList<>(
            List.of(
                "data=" + data,
                "listen=127.0.0.1:" + port,
                "admin=127.0.0.1:0",
                "links.private-networks=127.0.0.0/8",
                "applications.ci.public-url=http://localhost:" + port,
                "applications.ci.upstream=http://127.0.0.1:1"));
    all.addAll(List.of(settings));
    server =
        Onbehalf.start(
            ConfigurationReader.read(null, Map.of(), all).configuration(), Clock.systemUTC());
  }

  int port() {
    return port;
  }

  Secret token(String file) throws IOException {
    return Secret.of(Files.readString(data.resolve(file)).strip());
  }

  PrometheusText metrics() throws IOException {
    HttpResponse<String> answer = admin("GET", "/metrics", token("metrics.token"), null);
    assertThat(answer.statusCode()).as(answer.body()).isEqualTo(200);
    return PrometheusText.parse(answer.body());
  }

  HttpResponse<String> admin(String method, String path, @Nullable Object body) throws IOException {
    return admin(method, path, token("admin.token"), body);
  }

  JsonNode json(String method, String path, @Nullable Object body) throws IOException {
    HttpResponse<String> answer = admin(method, path, body);
    assertThat(answer.statusCode()).as(answer.body()).isEqualTo(200);
    return JsonMapper.shared().readTree(answer.body());
  }

  HttpResponse<String> admin(
      String method, String path, @Nullable Secret token, @Nullable Object body) {
    HttpRequest.Builder request =
        HttpRequest.newBuilder(server.adminUri().resolve(path))
            .method(
                method,
                body == null
                    ? BodyPublishers.noBody()
                    : BodyPublishers.ofString(JsonMapper.shared().writeValueAsString(body)));
    if (token != null) {
      request.header("Authorization", "Bearer " + token.reveal());
    }
    return send(request);
  }

  HttpResponse<String> get(String path, String... headers) {
    HttpRequest.Builder request =
        HttpRequest.newBuilder(URI.create("http://localhost:" + port + path));
    if (headers.length > 0) {
      request.headers(headers);
    }
    return send(request);
  }

  HttpResponse<String> send(HttpRequest.Builder request) {
    return TestHttp.send(http, request.build());
  }

  @Override
  public void close() {
    server.close();
  }
}
