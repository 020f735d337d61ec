package dev.onbehalf.server.provider;

import static org.assertj.core.api.Assertions.assertThat;

import dev.onbehalf.server.people.SignInPages;
import dev.onbehalf.server.people.TestPeople;
import dev.onbehalf.server.provider.Peer.Family;
import dev.onbehalf.server.provider.Peer.Token;
import dev.onbehalf.server.web.Form;
import java.net.URI;
import java.net.URLEncoder;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse;
import java.nio.charset.StandardCharsets;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** A person's browser: it keeps cookies, follows nothing by itself and fills in forms. */
final class Browser {
  private static final Pattern HIDDEN =
      Pattern.compile("<input type=\"hidden\" name=\"([^\"]*)\" value=\"([^\"]*)\"");

  private final TestProvider provider;
  private final Map<String, String> cookies = new LinkedHashMap<>();

  Browser(TestProvider provider) {
    this.provider = provider;
  }

  HttpResponse<String> get(String path) {
    return send(provider.server().request(path));
  }

  HttpResponse<String> post(String path, Map<String, String> fields) {
    return send(
        provider
            .server()
            .request(path)
            .header("Content-Type", "application/x-www-form-urlencoded")
            .POST(BodyPublishers.ofString(form(fields))));
  }

  HttpResponse<String> send(HttpRequest.Builder request) {
    request.header("Accept", "text/html,application/xhtml+xml,*/*;q=0.8");
    if (!cookies.isEmpty()) {
      StringBuilder line = new StringBuilder();
      cookies.forEach(
          (name, value) ->
              line.append(line.isEmpty() ? "" : "; ").append(name).append('=').append(value));
      request.header("Cookie", line.toString());
    }
    HttpResponse<String> response = provider.server().send(request);
    for (String line : response.headers().allValues("set-cookie")) {
      String[] pair = line.substring(0, line.indexOf(';')).split("=", 2);
      if (line.endsWith("Max-Age=0")) {
        cookies.remove(pair[0]);
      } else {
        cookies.put(pair[0], pair[1]);
      }
    }
    return response;
  }

  Browser signIn(String person) {
    signIn(person, "/");
    return this;
  }

  /** Signs in and returns the answer, which leads to {@code returnTo}. */
  HttpResponse<String> signIn(String person, String returnTo) {
    Map<String, String> fields = hidden(get(SignInPages.SIGN_IN_PATH).body());
    fields.put("returnTo", returnTo);
    fields.put("name", person);
    fields.put("password", TestPeople.password(person));
    HttpResponse<String> response = post(SignInPages.SIGN_IN_PATH, fields);
    assertThat(response.statusCode()).isEqualTo(303);
    return response;
  }

  /** Opens the consent page, which must come. */
  Consent consent(Family family, Token token) {
    HttpResponse<String> page = get(family.authorize + "?oauth_token=" + token.value());
    assertThat(page.statusCode()).as(page.body()).isEqualTo(200);
    return new Consent(page, family.authorize);
  }

  Consent consent(Token token) {
    return consent(Family.ATLASSIAN, token);
  }

  /** A consent page as it is shown. */
  final class Consent {
    private final HttpResponse<String> page;
    private final String path;
    private final Map<String, String> fields;

    private Consent(HttpResponse<String> page, String path) {
      this.page = page;
      this.path = path;
      this.fields = hidden(page.body());
    }

    String body() {
      return page.body();
    }

    HttpResponse<String> page() {
      return page;
    }

    Map<String, String> fields() {
      return fields;
    }

    Consent choose(String name, String value) {
      assertThat(page.body()).contains("name=\"" + name + "\" value=\"" + value + "\"");
      fields.put(name, value);
      return this;
    }

    HttpResponse<String> decide(String decision) {
      fields.put("decision", decision);
      return post(path, fields);
    }

    Landing allow() {
      return new Landing(decide("allow"));
    }

    Landing deny() {
      return new Landing(decide("deny"));
    }
  }

  /** Where a decision sends the browser. */
  record Landing(HttpResponse<String> response) {
    String location() {
      assertThat(response.statusCode()).as(response.body()).isEqualTo(302);
      return response.headers().firstValue("Location").orElseThrow();
    }

    Form query() {
      return Form.parse(URI.create(location()).getRawQuery());
    }

    String verifier() {
      return query().value("oauth_verifier").orElseThrow();
    }
  }

  /** The form token of this browser's session, as every page for signed-in people has it. */
  String csrf(String path) {
    Matcher matcher = HIDDEN.matcher(get(path).body());
    assertThat(matcher.find()).isTrue();
    return matcher.group(2);
  }

  static Map<String, String> hidden(String page) {
    Map<String, String> fields = new LinkedHashMap<>();
    Matcher matcher = HIDDEN.matcher(page.substring(Math.max(0, page.indexOf("<main"))));
    while (matcher.find()) {
      fields.put(matcher.group(1), matcher.group(2).replace("&amp;", "&"));
    }
    return fields;
  }

  private static String form(Map<String, String> fields) {
    StringBuilder form = new StringBuilder();
    fields.forEach(
        (name, value) ->
            form.append(form.isEmpty() ? "" : "&")
                .append(URLEncoder.encode(name, StandardCharsets.UTF_8))
                .append('=')
                .append(URLEncoder.encode(value, StandardCharsets.UTF_8)));
    return form.toString();
  }
}
