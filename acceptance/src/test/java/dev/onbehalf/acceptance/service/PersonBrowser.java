package dev.onbehalf.acceptance.service;

import dev.onbehalf.acceptance.peers.Secrets;
import java.io.IOException;
import java.io.UncheckedIOException;
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
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import javax.net.ssl.SSLContext;
import org.jspecify.annotations.Nullable;

/** A script in a person's place: it reads the pages, keeps the cookies and posts the forms. */
final class PersonBrowser {
  private static final Pattern FORM =
      Pattern.compile("<form[^>]*action=\"([^\"]*)\"[^>]*>(.*?)</form>", Pattern.DOTALL);
  private static final Pattern INPUT = Pattern.compile("<input\\b[^>]*>");
  private static final Pattern ATTRIBUTE = Pattern.compile("([a-z]+)(?:=\"([^\"]*)\")?");
  private static final Pattern CODE = Pattern.compile("<code>([^<]+)</code>");

  private final HttpClient http;

  PersonBrowser() {
    this(null);
  }

  PersonBrowser(@Nullable SSLContext trusting) {
    HttpClient.Builder builder =
        HttpClient.newBuilder()
            .version(HttpClient.Version.HTTP_1_1)
            .followRedirects(Redirect.NORMAL)
            .cookieHandler(new CookieManager());
    http = trusting == null ? builder.build() : builder.sslContext(trusting).build();
  }

  /** A page with its address after redirects. */
  record Page(URI url, int status, String body) {}

  Page open(URI url) {
    return send(HttpRequest.newBuilder(url));
  }

  /** Posts the form inside {@code main} with what it already holds and the fields given. */
  Page submit(Page page, Map<String, String> fields) {
    Matcher form = FORM.matcher(page.body().substring(page.body().indexOf("<main")));
    if (!form.find()) {
      throw new AssertionError("no form at " + page.url() + ": " + page.body());
    }
    Map<String, String> all = new HashMap<>();
    Matcher input = INPUT.matcher(form.group(2));
    while (input.find()) {
      Map<String, String> attributes = attributes(input.group());
      String type = attributes.getOrDefault("type", "text");
      boolean holds = !type.equals("radio") && !type.equals("checkbox");
      if (holds || attributes.containsKey("checked")) {
        all.put(attributes.getOrDefault("name", ""), attributes.getOrDefault("value", ""));
      }
    }
    all.putAll(fields);
    List<String> pairs = new ArrayList<>();
    all.forEach((name, value) -> pairs.add(encode(name) + "=" + encode(value)));
    return send(
        HttpRequest.newBuilder(page.url().resolve(unescape(form.group(1))))
            .header("Content-Type", "application/x-www-form-urlencoded")
            .header("Origin", page.url().getScheme() + "://" + page.url().getRawAuthority())
            .POST(BodyPublishers.ofString(String.join("&", pairs))));
  }

  /** Posts nothing, as a script of the application's own pages would. */
  Page post(URI url) {
    return send(
        HttpRequest.newBuilder(url)
            .header("Origin", url.getScheme() + "://" + url.getRawAuthority())
            .POST(BodyPublishers.noBody()));
  }

  /** Signs in where asked to and allows; answers the code of the out-of-band page. */
  String allow(URI authorizationUrl, String person) {
    Page code = allowed(authorizationUrl, person);
    Matcher found = CODE.matcher(code.body());
    if (code.status() != 200 || !found.find()) {
      throw new AssertionError("no code page but " + code);
    }
    return Secrets.made("verifier", found.group(1));
  }

  /** Signs in where asked to and allows; answers the page this leads to. */
  Page allowed(URI authorizationUrl, String person) {
    Page page = open(authorizationUrl);
    if (page.body().contains("type=\"password\"")) {
      page = submit(page, Map.of("name", person, "password", OnbehalfProcess.passwordOf(person)));
    }
    return submit(page, Map.of("decision", "allow"));
  }

  private Page send(HttpRequest.Builder request) {
    try {
      HttpResponse<String> response =
          http.send(request.header("Accept", "text/html").build(), BodyHandlers.ofString());
      response.headers().allValues("Set-Cookie").forEach(PersonBrowser::remember);
      if (response.statusCode() >= 400) {
        Secrets.assertAbsent("the error page " + response.uri().getPath(), response.body());
      }
      return new Page(response.uri(), response.statusCode(), response.body());
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new AssertionError(e);
    }
  }

  private static void remember(String cookie) {
    Secrets.made("cookie", cookie.replaceFirst(";.*", "").replaceFirst("[^=]*=", ""));
  }

  private static Map<String, String> attributes(String tag) {
    Map<String, String> attributes = new HashMap<>();
    Matcher attribute = ATTRIBUTE.matcher(tag.substring("<input".length()));
    while (attribute.find()) {
      String value = attribute.group(2);
      attributes.put(attribute.group(1), value == null ? "" : unescape(value));
    }
    return attributes;
  }

  private static String encode(String text) {
    return URLEncoder.encode(text, StandardCharsets.UTF_8);
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
