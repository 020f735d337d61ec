package dev.onbehalf.cli;

import dev.onbehalf.oauth1.Secret;
import java.io.IOException;
import java.io.InputStream;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.time.Duration;
import org.jspecify.annotations.Nullable;
import tools.jackson.core.JacksonException;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;
import tools.jackson.databind.node.JsonNodeFactory;
import tools.jackson.databind.node.ObjectNode;

/** Speaks to the public side of a server with somebody's token. */
final class Acting implements AutoCloseable {
  private static final String OWN = "/-/onbehalf";

  private final HttpClient http =
      HttpClient.newBuilder()
          .version(HttpClient.Version.HTTP_1_1)
          .connectTimeout(Duration.ofSeconds(10))
          .build();
  private final URI base;
  private final Secret token;
  private final @Nullable String person;
  private final @Nullable AdminClient admin;
  private final @Nullable String tokenId;

  /**
   * Prepares a client.
   *
   * @param admin ends the token afterwards; null where it is not ours to end
   * @param tokenId the token's id; null with {@code admin}
   */
  Acting(
      URI base,
      Secret token,
      @Nullable String person,
      @Nullable AdminClient admin,
      @Nullable String tokenId) {
    this.base = base;
    this.token = token;
    this.person = person;
    this.admin = admin;
    this.tokenId = tokenId;
  }

  /** Starts a request through a link, to a path with its query. */
  HttpRequest.Builder through(String link, String path) {
    String below = path.startsWith("/") ? path : "/" + path;
    HttpRequest.Builder request = request("/to/" + AdminClient.encode(link) + below);
    if (person != null) {
      request.header("X-Onbehalf-As", person);
    }
    return request;
  }

  /** Begins to authorise a link; returns the peer's page. */
  URI beginLogin(String link, @Nullable URI callback) {
    ObjectNode body = JsonNodeFactory.instance.objectNode();
    if (callback != null) {
      body.put("callback", callback.toString());
    }
    JsonNode answer = post("/login/" + AdminClient.encode(link), body);
    return URI.create(answer.path("authorisationUrl").asString());
  }

  /** Ends an authorisation; returns the person it counts for. */
  String finishLogin(String link, ObjectNode broughtBack) {
    return post("/login/" + AdminClient.encode(link) + "/finish", broughtBack)
        .path("person")
        .asString();
  }

  private JsonNode post(String path, ObjectNode body) {
    HttpResponse<InputStream> response =
        send(request(path).POST(BodyPublishers.ofString(body.toString())));
    try (InputStream in = response.body()) {
      JsonNode answer = JsonMapper.shared().readTree(in);
      if (response.statusCode() != 200) {
        throw failure(response.statusCode(), answer);
      }
      return answer;
    } catch (IOException | JacksonException e) {
      throw new CommandFailure(ExitCode.FAILED, "What answers at " + base + " is no Onbehalf.", e);
    }
  }

  /** Says in a sentence why the server refused. */
  static CommandFailure failure(int status, JsonNode answer) {
    String where = answer.path("authorisationUrl").asString("");
    return new CommandFailure(
        status == 404 ? ExitCode.NOT_FOUND : ExitCode.FAILED,
        answer.path("message").asString("The server answered " + status + ".")
            + (where.isEmpty() ? "" : " " + where));
  }

  private HttpRequest.Builder request(String path) {
    try {
      return HttpRequest.newBuilder(URI.create(base + OWN + path))
          .timeout(Duration.ofMinutes(2))
          .header("Authorization", "Bearer " + token.reveal());
    } catch (IllegalArgumentException e) {
      throw new CommandFailure(ExitCode.USAGE, "The path is malformed: percent-encode it.", e);
    }
  }

  HttpResponse<InputStream> send(HttpRequest.Builder request) {
    try {
      return http.send(request.build(), BodyHandlers.ofInputStream());
    } catch (IOException e) {
      throw new CommandFailure(
          ExitCode.UNREACHABLE,
          "No server answers at " + base + ": start it, or name its public URL with --server.",
          e);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new CommandFailure(ExitCode.FAILED, "Interrupted.", e);
    }
  }

  @Override
  public void close() {
    if (admin != null && tokenId != null) {
      admin.delete("/api/personal-tokens/" + AdminClient.encode(tokenId));
    }
  }
}
