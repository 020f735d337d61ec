package dev.onbehalf.server.link;

import static org.assertj.core.api.Assertions.assertThat;

import dev.onbehalf.server.wire.TestHttp;
import java.net.URI;
import java.net.URLEncoder;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse;
import java.nio.charset.StandardCharsets;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** A person's browser for several sites: it keeps cookies by origin and follows nothing itself. */
public final class TestBrowser {
  private static final Pattern HIDDEN =
      Pattern.compile("<input type=\"hidden\" name=\"([^\"]*)\" value=\"([^\"]*)\"");

  private final HttpClient http = HttpClient.newHttpClient();
  private final Map<String, Map<String, String>> cookies = new HashMap<>();
  private final String person;

  public TestBrowser(String person) {
    this.person = person;
  }

  public HttpResponse<String> open(String url) {
    return send(HttpRequest.newBuilder(URI.create(url)));
  }

  public HttpResponse<String> post(String url, Map<String, String> fields) {
    StringBuilder form = new StringBuilder();
    fields.forEach(
        (name, value) ->
            form.append(form.isEmpty() ? "" : "&")
                .append(name)
                .append('=')
                .append(URLEncoder.encode(value, StandardCharsets.UTF_8)));
    return send(
        HttpRequest.newBuilder(URI.create(url))
            .header("Content-Type", "application/x-www-form-urlencoded")
            .POST(BodyPublishers.ofString(form.toString())));
  }

  public TestBrowser signIn(TestInstance at) {
    String page = at.url() + "/-/onbehalf/sign-in";
    Map<String, String> fields = hidden(open(page).body());
    fields.put("returnTo", "/ci/");
    fields.put("name", person);
    fields.put("password", TestInstance.PASSWORD);
    assertThat(post(page, fields).statusCode()).isEqualTo(303);
    return this;
  }

  /** Decides on a consent page and returns where that leads. */
  public String decide(String consentUrl, String decision) {
    HttpResponse<String> page = open(consentUrl);
    assertThat(page.statusCode()).as(page.body()).isEqualTo(200);
    Map<String, String> fields = hidden(page.body());
    fields.put("decision", decision);
    int query = consentUrl.indexOf('?');
    return location(post(consentUrl.substring(0, query), fields));
  }

  public static String location(HttpResponse<String> response) {
    assertThat(response.statusCode()).as(response.body()).isBetween(302, 303);
    return response.headers().firstValue("Location").orElseThrow();
  }

  public static Map<String, String> hidden(String page) {
    Map<String, String> fields = new LinkedHashMap<>();
    Matcher matcher = HIDDEN.matcher(page.substring(Math.max(0, page.indexOf("<main"))));
    while (matcher.find()) {
      fields.put(matcher.group(1), matcher.group(2).replace("&amp;", "&"));
    }
    return fields;
  }

  private HttpResponse<String> send(HttpRequest.Builder request) {
    request.header("Accept", "text/html,application/xhtml+xml,*/*;q=0.8");
    Map<String, String> jar =
        cookies.computeIfAbsent(
            request.copy().build().uri().getAuthority(), origin -> new LinkedHashMap<>());
    if (!jar.isEmpty()) {
      request.header(
          "Cookie",
          String.join(
              "; ", jar.entrySet().stream().map(e -> e.getKey() + "=" + e.getValue()).toList()));
    }
    HttpResponse<String> response = TestHttp.send(http, request.build());
    for (String line : response.headers().allValues("set-cookie")) {
      String[] pair = line.substring(0, line.indexOf(';')).split("=", 2);
      if (line.endsWith("Max-Age=0")) {
        jar.remove(pair[0]);
      } else {
        jar.put(pair[0], pair[1]);
      }
    }
    return response;
  }
}
