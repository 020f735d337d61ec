package dev.onbehalf.cli.demo;

import java.io.IOException;
import java.net.CookieManager;
import java.net.URI;
import java.net.URLEncoder;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.nio.charset.StandardCharsets;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Collectors;

/** What a person does in a browser: opens our own pages, keeps cookies, submits their forms. */
final class DemoBrowser {
  private static final Pattern PRESET =
      Pattern.compile(
          "<input type=\"(?:hidden|radio)\" name=\"([^\"]*)\" value=\"([^\"]*)\"( checked)?");
  private static final Pattern ACTION = Pattern.compile("<form[^>]*action=\"([^\"]*)\"");
  private static final int MAXIMUM_REDIRECTS = 5;

  private final HttpClient http =
      HttpClient.newBuilder()
          .version(HttpClient.Version.HTTP_1_1)
          .cookieHandler(new CookieManager())
          .build();

  /** A page that was shown, or the redirect to another site that ended the visit. */
  record Page(URI url, int status, String body, String location) {}

  /** Opens a page, following redirects within its site. */
  Page open(URI url) throws IOException, InterruptedException {
    return follow(send(HttpRequest.newBuilder(url).GET()));
  }

  /** Submits the form of {@code page} with what it has preset and {@code fields}. */
  Page submit(Page page, Map<String, String> fields) throws IOException, InterruptedException {
    Map<String, String> all = new LinkedHashMap<>();
    String main = page.body().substring(Math.max(0, page.body().indexOf("<main")));
    Matcher preset = PRESET.matcher(main);
    while (preset.find()) {
      if (preset.group().contains("hidden") || preset.group(3) != null) {
        all.put(unescape(preset.group(1)), unescape(preset.group(2)));
      }
    }
    all.putAll(fields);
    Matcher action = ACTION.matcher(main);
    URI target = action.find() ? page.url().resolve(unescape(action.group(1))) : page.url();
    String form =
        all.entrySet().stream()
            .map(field -> encode(field.getKey()) + "=" + encode(field.getValue()))
            .collect(Collectors.joining("&"));
    return follow(
        send(
            HttpRequest.newBuilder(target)
                .header("Content-Type", "application/x-www-form-urlencoded")
                .header("Origin", page.url().getScheme() + "://" + page.url().getRawAuthority())
                .POST(BodyPublishers.ofString(form))));
  }

  private Page follow(Page first) throws IOException, InterruptedException {
    Page page = first;
    for (int i = 0; i < MAXIMUM_REDIRECTS && !page.location().isEmpty(); i++) {
      URI next = page.url().resolve(page.location());
      if (!next.getRawAuthority().equals(page.url().getRawAuthority())) {
        return page;
      }
      page = send(HttpRequest.newBuilder(next).GET());
    }
    return page;
  }

  private Page send(HttpRequest.Builder request) throws IOException, InterruptedException {
    HttpRequest built = request.header("Accept", "text/html").build();
    HttpResponse<String> response = http.send(built, BodyHandlers.ofString());
    return new Page(
        built.uri(),
        response.statusCode(),
        response.body(),
        response.headers().firstValue("Location").orElse(""));
  }

  static String encode(String text) {
    return URLEncoder.encode(text, StandardCharsets.UTF_8).replace("+", "%20");
  }

  private static String unescape(String text) {
    return text.replace("&quot;", "\"")
        .replace("&#34;", "\"")
        .replace("&#39;", "'")
        .replace("&lt;", "<")
        .replace("&gt;", ">")
        .replace("&amp;", "&");
  }
}
