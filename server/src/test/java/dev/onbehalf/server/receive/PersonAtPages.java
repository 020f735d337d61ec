package dev.onbehalf.server.receive;

import static org.assertj.core.api.Assertions.assertThat;

import dev.onbehalf.server.wire.TestHttp;
import java.net.CookieManager;
import java.net.URI;
import java.net.URLEncoder;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Map;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** A person with a browser of their own at the pages of a {@link ReceivingServer}. */
final class PersonAtPages {
  static final String PASSWORD = "a long pass phrase of mine";
  private static final Pattern CSRF = Pattern.compile("name=\"csrf\" value=\"([^\"]+)\"");

  private final HttpClient http =
      HttpClient.newBuilder().cookieHandler(new CookieManager()).build();
  private final String url;
  private String lastPage = "";

  private PersonAtPages(String url) {
    this.url = url;
  }

  /** Adds a person to the server and signs them in. */
  static PersonAtPages signedIn(ReceivingServer server, String name, String... groups) {
    HttpResponse<String> added =
        server.admin(
            "POST",
            "/api/users",
            ReceivingServer.JSON.writeValueAsString(
                Map.of("name", name, "password", PASSWORD, "groups", List.of(groups))));
    assertThat(added.statusCode()).as(added.body()).isEqualTo(200);
    PersonAtPages person = new PersonAtPages(server.url());
    person.get("/-/onbehalf/sign-in");
    assertThat(person.post("/-/onbehalf/sign-in", "name", name, "password", PASSWORD).statusCode())
        .isEqualTo(303);
    return person;
  }

  HttpResponse<String> get(String path, String... headers) {
    HttpRequest.Builder request = request(path).GET();
    for (int i = 0; i < headers.length; i += 2) {
      request.header(headers[i], headers[i + 1]);
    }
    HttpResponse<String> answer = TestHttp.send(http, request.build());
    lastPage = answer.body();
    return answer;
  }

  /** Opens a page that must be there and returns its HTML. */
  String page(String path) {
    HttpResponse<String> answer = get(path);
    assertThat(answer.statusCode()).as(answer.body()).isEqualTo(200);
    return answer.body();
  }

  /** Posts a form with the token of the last page that was opened. */
  HttpResponse<String> post(String path, String... namesAndValues) {
    Matcher token = CSRF.matcher(lastPage);
    return postWith(token.find() ? token.group(1) : "", path, namesAndValues);
  }

  HttpResponse<String> postWith(String csrf, String path, String... namesAndValues) {
    StringBuilder body = new StringBuilder("csrf=" + encoded(csrf));
    for (int i = 0; i < namesAndValues.length; i += 2) {
      body.append('&').append(namesAndValues[i]).append('=').append(encoded(namesAndValues[i + 1]));
    }
    return TestHttp.send(
        http,
        request(path)
            .header("Content-Type", "application/x-www-form-urlencoded")
            .POST(BodyPublishers.ofString(body.toString()))
            .build());
  }

  /** Returns the HTML without tags, its spaces made one. */
  static String text(String html) {
    return html.replaceAll("<[^>]*>", " ").replaceAll("\\s+", " ");
  }

  /** Returns the hidden fields of a name, in order. */
  static List<String> values(String html, String name) {
    return Pattern.compile("name=\"" + name + "\" value=\"([^\"]*)\"")
        .matcher(html)
        .results()
        .map(found -> found.group(1))
        .toList();
  }

  private HttpRequest.Builder request(String path) {
    return HttpRequest.newBuilder(URI.create(url + path))
        .header("Accept", "text/html,application/xhtml+xml,*/*;q=0.8");
  }

  private static String encoded(String text) {
    return URLEncoder.encode(text, StandardCharsets.UTF_8);
  }
}
