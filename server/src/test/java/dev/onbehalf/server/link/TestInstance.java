package dev.onbehalf.server.link;

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
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/** A whole server with alice and bob, whose links may lead to loopback. */
public final class TestInstance implements AutoCloseable {
  public static final String PASSWORD = "a long password of this test";
  private static final Pattern KEY = Pattern.compile("<key>([^<]*)</key>");
  private static final Pattern PUBLIC_KEY = Pattern.compile("<publicKey>([^<]*)</publicKey>");

  private final HttpClient http = HttpClient.newHttpClient();
  private final Onbehalf server;
  private final Secret adminToken;
  private final String url;

  public TestInstance(Path data, Clock clock) throws IOException {
    this(data, clock, "http://127.0.0.1");
  }

  /** Starts one that is known by scheme and host {@code site}, with further settings. */
  public TestInstance(Path data, Clock clock, String site, String... settings) throws IOException {
    int port = TestHttp.freePort();
    url = site + ":" + port + "/ci";
    List<String> all = new ArrayList<>(List.of(settings));
    all.addAll(
        List.of(
            "data=" + data,
            "listen=127.0.0.1:" + port,
            "admin=127.0.0.1:0",
            "links.private-networks=127.0.0.0/8",
            "applications.ci.public-url=" + url,
            "applications.ci.upstream=http://127.0.0.1:1"));
    server = Onbehalf.start(ConfigurationReader.read(null, Map.of(), all).configuration(), clock);
    adminToken = Secret.of(Files.readString(data.resolve("admin.token")).strip());
    for (String name : List.of("alice", "bob")) {
      post("/api/users", Map.of("name", name, "password", PASSWORD));
    }
  }

  public String url() {
    return url;
  }

  public JsonNode post(String path, Object body) {
    return ok(admin("POST", path, body));
  }

  public HttpResponse<String> admin(String method, String path, Object body) {
    return send(
        HttpRequest.newBuilder(server.adminUri().resolve(path))
            .header("Authorization", "Bearer " + adminToken.reveal())
            .method(
                method,
                method.equals("GET")
                    ? BodyPublishers.noBody()
                    : BodyPublishers.ofString(JsonMapper.shared().writeValueAsString(body))));
  }

  public HttpResponse<String> get(String path) {
    return send(HttpRequest.newBuilder(URI.create(url + path)));
  }

  public HttpResponse<String> send(HttpRequest.Builder request) {
    return TestHttp.send(http, request.build());
  }

  /** Registers {@code other} here as a consumer, from what it publishes. */
  public String register(TestInstance other, Map<String, Object> more) {
    String info = other.get("/plugins/servlet/oauth/consumer-info").body();
    Map<String, Object> body = new java.util.HashMap<>(more);
    body.put("key", found(KEY, info));
    body.put("publicKey", found(PUBLIC_KEY, info));
    post("/api/consumers", body);
    return found(KEY, info);
  }

  private static String found(Pattern pattern, String text) {
    Matcher matcher = pattern.matcher(text);
    assertThat(matcher.find()).as(text).isTrue();
    return matcher.group(1);
  }

  private static JsonNode ok(HttpResponse<String> response) {
    assertThat(response.statusCode()).as(response.body()).isEqualTo(200);
    return JsonMapper.shared().readTree(response.body());
  }

  @Override
  public void close() {
    server.close();
  }
}
