package dev.onbehalf.server.monitor;

import dev.onbehalf.oauth1.Secret;
import java.io.IOException;
import java.net.ConnectException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;
import tools.jackson.core.JacksonException;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;
import tools.jackson.databind.node.JsonNodeFactory;
import tools.jackson.databind.node.ObjectNode;

/**
 * Does at the receiving site's public URL what a sender does ({@code docs/peer-facts.md} 2.1 to
 * 2.3): cloud id, token, submit a build, read it, delete it. Nothing is left behind.
 */
public final class ReceiveRoundTrip implements Check.Attempt {
  private static final JsonMapper JSON = JsonMapper.shared();
  private static final Duration TIMEOUT = Duration.ofSeconds(15);
  private static final String PIPELINE = "onbehalf-monitor";

  private final String url;
  private final Supplier<Client> client;
  private final String issueKey;
  private final InstantSource clock;
  private final HttpClient http =
      HttpClient.newBuilder()
          .followRedirects(HttpClient.Redirect.NEVER)
          .connectTimeout(TIMEOUT)
          .version(HttpClient.Version.HTTP_1_1)
          .build();

  /**
   * A credential of the server's own.
   *
   * @param id its client id
   * @param secret its secret
   */
  public record Client(String id, Secret secret) {}

  /**
   * Prepares the round trip.
   *
   * @param url the site's public URL
   * @param client gives the credential for each round trip
   * @param issueKey key that only this credential may report on
   */
  public ReceiveRoundTrip(
      String url, Supplier<Client> client, String issueKey, InstantSource clock) {
    this.url = url;
    this.client = client;
    this.issueKey = issueKey;
    this.clock = clock;
  }

  /** A step that failed; its message is the sentence. */
  private static final class StepException extends Exception {
    private static final long serialVersionUID = 1L;

    StepException(String sentence) {
      super(sentence, null, false, false);
    }
  }

  @Override
  public Check.Finding run() throws InterruptedException {
    try {
      Client sender = client.get();
      String cloudId =
          text(
              ask("its cloud id", "GET", "/_edge/tenant_info", null, null, 200),
              "cloudId",
              "its cloud id");
      ObjectNode grant =
          JsonNodeFactory.instance
              .objectNode()
              .put("audience", "api.atlassian.com")
              .put("grant_type", "client_credentials")
              .put("client_id", sender.id())
              .put("client_secret", sender.secret().reveal());
      Secret token =
          Secret.of(
              text(
                  ask("a token", "POST", "/oauth/token", null, grant, 200),
                  "access_token",
                  "a token"));
      String builds = "/jira/builds/0.1/cloud/" + cloudId + "/";
      String own = builds + "pipelines/" + PIPELINE + "/builds/1";
      long number = clock.millis();
      JsonNode submitted =
          ask("to take a build", "POST", builds + "bulk", token, build(number), 202);
      if (submitted.path("acceptedBuilds").size() != 1) {
        throw new StepException("It did not accept a build that is right: " + submitted + ".");
      }
      JsonNode read = ask("for the build", "GET", own, token, null, 200);
      if (read.path("updateSequenceNumber").asLong(0) != number) {
        throw new StepException("It gave another build back than the one it had accepted.");
      }
      ask("to delete the build", "DELETE", own, token, null, 202);
      ask("whether the build is gone", "GET", own, token, null, 404);
      return Check.Finding.works("Token, submit, read and delete work at " + url + ".");
    } catch (StepException e) {
      return Check.Finding.fails(String.valueOf(e.getMessage()));
    }
  }

  private ObjectNode build(long number) {
    ObjectNode body = JsonNodeFactory.instance.objectNode();
    ObjectNode build = body.putArray("builds").addObject();
    build
        .put("pipelineId", PIPELINE)
        .put("buildNumber", 1)
        .put("updateSequenceNumber", number)
        .put("displayName", "The server's look at itself")
        .put("url", url)
        .put("state", "successful")
        .put("lastUpdated", Instant.ofEpochMilli(number).toString())
        .putArray("issueKeys")
        .add(issueKey);
    return body;
  }

  private static String text(JsonNode answer, String field, String what) throws StepException {
    String text = answer.path(field).asString("");
    if (text.isEmpty()) {
      throw new StepException("Asked for " + what + ", it answered without one.");
    }
    return text;
  }

  private JsonNode ask(
      String what,
      String method,
      String path,
      @Nullable Secret token,
      @Nullable ObjectNode body,
      int expected)
      throws StepException, InterruptedException {
    HttpRequest.Builder request =
        HttpRequest.newBuilder(URI.create(url + path))
            .timeout(TIMEOUT)
            .header("Accept", "application/json")
            .method(
                method,
                body == null
                    ? BodyPublishers.noBody()
                    : BodyPublishers.ofString(JSON.writeValueAsString(body)));
    if (body != null) {
      request.header("Content-Type", "application/json");
    }
    if (token != null) {
      request.header("Authorization", "Bearer " + token.reveal());
    }
    HttpResponse<String> answer;
    try {
      answer = http.send(request.build(), BodyHandlers.ofString());
    } catch (IOException e) {
      throw new StepException(
          url
              + " cannot be reached from this machine ("
              + (e instanceof ConnectException ? "no connection" : e.toString())
              + "): see that its name and port lead here, and that Java trusts its certificate.");
    }
    if (answer.statusCode() != expected) {
      throw new StepException(
          "Asked "
              + what
              + ", "
              + url
              + " answered with status "
              + answer.statusCode()
              + " instead of "
              + expected
              + ": look at a proxy before it and at this server's log.");
    }
    try {
      return answer.body().isEmpty()
          ? JsonNodeFactory.instance.objectNode()
          : JSON.readTree(answer.body());
    } catch (JacksonException e) {
      throw new StepException(
          "Asked "
              + what
              + ", "
              + url
              + " answered with something that is no JSON: look at a proxy before it.");
    }
  }
}
