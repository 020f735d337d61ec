package dev.onbehalf.acceptance.durability;

import dev.onbehalf.acceptance.peers.Secrets;
import java.io.IOException;
import java.net.CookieManager;
import java.net.URI;
import java.net.URLEncoder;
import java.net.http.HttpClient;
import java.net.http.HttpClient.Redirect;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.nio.charset.StandardCharsets;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.StringJoiner;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** A person at a browser who allows what is asked. */
final class Person {
  private static final Pattern FORM =
      Pattern.compile("<main.*?<form[^>]*action=\"([^\"]*)\"[^>]*>(.*?)</form>", Pattern.DOTALL);
  private static final Pattern INPUT =
      Pattern.compile("<input\\b(?=[^>]*type=\"hidden\")[^>]*>", Pattern.DOTALL);
  private static final Pattern NAME = Pattern.compile("name=\"([^\"]*)\"");
  private static final Pattern VALUE = Pattern.compile("value=\"([^\"]*)\"");
  private static final Pattern CODE = Pattern.compile("<code>([^<]+)</code>");

  private final String name;
  private final CookieManager cookies = new CookieManager();
  private final HttpClient http =
      HttpClient.newBuilder()
          .version(HttpClient.Version.HTTP_1_1)
          .followRedirects(Redirect.NORMAL)
          .cookieHandler(cookies)
          .build();

  Person(String name) {
    this.name = name;
  }

  String name() {
    return name;
  }

  static String password(String name) {
    return Secrets.made("password", "pass phrase of " + name);
  }

  /** Signs in where asked to, allows, and answers the code shown. */
  String allow(URI authorization) throws IOException {
    HttpResponse<String> page = send(HttpRequest.newBuilder(authorization));
    if (page.body().contains("type=\"password\"")) {
      page = submit(page, Map.of("name", name, "password", password(name)));
    }
    HttpResponse<String> shown = submit(page, Map.of("decision", "allow"));
    Matcher code = CODE.matcher(shown.body());
    if (!code.find()) {
      throw new AssertionError(shown.statusCode() + ": " + shown.body());
    }
    return Secrets.made("verifier", code.group(1));
  }

  private HttpResponse<String> submit(HttpResponse<String> page, Map<String, String> more)
      throws IOException {
    Matcher form = FORM.matcher(page.body());
    if (!form.find()) {
      throw new AssertionError(page.statusCode() + ": " + page.body());
    }
    Map<String, String> fields = new LinkedHashMap<>();
    Matcher input = INPUT.matcher(form.group(2));
    while (input.find()) {
      Matcher field = NAME.matcher(input.group());
      Matcher value = VALUE.matcher(input.group());
      if (field.find() && value.find()) {
        fields.put(field.group(1), value.group(1).replace("&amp;", "&"));
      }
    }
    fields.putAll(more);
    StringJoiner body = new StringJoiner("&");
    fields.forEach((field, value) -> body.add(encode(field) + "=" + encode(value)));
    URI url = page.uri();
    return send(
        HttpRequest.newBuilder(url.resolve(form.group(1).replace("&amp;", "&")))
            .header("Content-Type", "application/x-www-form-urlencoded")
            .header("Origin", url.getScheme() + "://" + url.getRawAuthority())
            .POST(BodyPublishers.ofString(body.toString())));
  }

  private HttpResponse<String> send(HttpRequest.Builder request) throws IOException {
    try {
      HttpResponse<String> response =
          http.send(request.header("Accept", "text/html").build(), BodyHandlers.ofString());
      cookies
          .getCookieStore()
          .getCookies()
          .forEach(cookie -> Secrets.made("cookie", cookie.getValue()));
      return response;
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new AssertionError(e);
    }
  }

  private static String encode(String text) {
    return URLEncoder.encode(text, StandardCharsets.UTF_8);
  }
}
