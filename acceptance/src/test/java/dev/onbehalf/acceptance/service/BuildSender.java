package dev.onbehalf.acceptance.service;

import static org.assertj.core.api.Assertions.assertThat;

import dev.onbehalf.acceptance.peers.Secrets;
import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.util.Map;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;
import tools.jackson.databind.json.JsonMapper;

/**
 * A build server that sends to the receiving site.
 *
 * @param url the site's public URL
 */
record BuildSender(String url, String clientId, String secret) {
  private static final JsonMapper JSON = JsonMapper.shared();
  private static final HttpClient HTTP = HttpClient.newHttpClient();

  /** Makes its credential, as an administrator would. */
  static BuildSender create(OnbehalfProcess onbehalf, String url, String name) {
    String made = onbehalf.command("credential", "create", name);
    return new BuildSender(
        url,
        found(made, "Client id: (\\S+)"),
        Secrets.made("client secret", found(made, "shown this once: (\\S+)")));
  }

  private static String found(String text, String pattern) {
    Matcher matcher = Pattern.compile(pattern).matcher(text);
    assertThat(matcher.find()).as(text).isTrue();
    return matcher.group(1);
  }

  /** Sends the JSON of a bulk, which must be accepted; returns the answer. */
  String send(String path, String bulk) throws IOException, InterruptedException {
    return post(path, token(), bulk);
  }

  private String token() throws IOException, InterruptedException {
    String answer =
        post(
            "/oauth/token",
            null,
            JSON.writeValueAsString(
                Map.of(
                    "grant_type",
                    "client_credentials",
                    "client_id",
                    clientId,
                    "client_secret",
                    secret)));
    return JSON.readTree(answer).path("access_token").asString();
  }

  private String post(String path, @Nullable String token, String body)
      throws IOException, InterruptedException {
    HttpRequest.Builder request =
        HttpRequest.newBuilder(URI.create(url + path))
            .header("Content-Type", "application/json")
            .POST(BodyPublishers.ofString(body));
    if (token != null) {
      request.header("Authorization", "Bearer " + token);
    }
    HttpResponse<String> answer = HTTP.send(request.build(), BodyHandlers.ofString());
    assertThat(answer.statusCode()).as(answer.body()).isEqualTo(token == null ? 200 : 202);
    return answer.body();
  }

  @Override
  public String toString() {
    return "BuildSender[" + clientId + "]";
  }
}
