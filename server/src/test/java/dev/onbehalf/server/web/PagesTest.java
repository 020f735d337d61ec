package dev.onbehalf.server.web;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.onbehalf.server.config.PublicUrl;
import dev.onbehalf.server.web.page.DeniedPage;
import dev.onbehalf.server.web.page.PanelPage;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.MethodSource;
import org.junit.jupiter.params.provider.ValueSource;

class PagesTest {
  private final Pages pages = new Pages();

  static Set<String> exhibits() {
    return PageGallery.exhibits().keySet();
  }

  private static WebRequest request(Map<String, List<String>> headers) {
    return new WebRequest(
        "r1",
        "ci",
        PublicUrl.parse("https://ci.example.com/ci"),
        List.of(),
        "GET",
        "/-/onbehalf/",
        null,
        headers,
        new byte[0],
        "127.0.0.1");
  }

  private String show(String name) {
    PageGallery.Exhibit exhibit = Objects.requireNonNull(PageGallery.exhibits().get(name));
    WebResponse response = pages.page(request(Map.of()), 200, exhibit.page(), exhibit.viewer());
    return new String(response.body(), StandardCharsets.UTF_8);
  }

  @ParameterizedTest
  @MethodSource("exhibits")
  void pageWhenShownThenNothingThePolicyForbids(String name) {
    String html = show(name);

    assertThat(html)
        .contains("<!doctype html>", "<html lang=\"en\">", "name=\"viewport\"", "<h1>")
        .doesNotContain("<script")
        .doesNotContain("<style")
        .doesNotContain("style=")
        .doesNotContainPattern("<[^>]* on[a-z]+=")
        .doesNotContain("javascript:")
        .doesNotContain("null");
    assertThat(html.length()).isLessThan(20_000);
  }

  @ParameterizedTest
  @MethodSource("exhibits")
  void pageWhenItHasAFormThenItPostsATokenOrOnlyAsksBelowTheContextPath(String name) {
    for (String form : show(name).split("<form", -1)) {
      if (!form.startsWith(" ")) {
        continue;
      }
      assertThat(form).containsPattern("^[^>]*method=\"(post|get)\"[^>]*action=\"/ci/[^\"]*\"");
      if (form.contains("method=\"get\"")) {
        assertThat(form).doesNotContain("name=\"csrf\"");
      } else {
        assertThat(form).contains("name=\"csrf\"");
      }
    }
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "consent-hostile",
        "tokens-withdrawn",
        "issue-hostile",
        "credentials-hostile",
        "credential-problem",
        "credential-form-problem",
        "environment-hostile",
        "environments-hostile",
        "pipeline-hostile",
        "board-hostile",
        "panel-issue-hostile",
        "panel-project-hostile"
      })
  void pageWhenNameHostileThenIsolatedClippedAndEscaped(String name) {
    String html = show(name);

    assertThat(html)
        .contains("<bdi>&lt;b&gt;Jira&lt;/b&gt;\uFFFD\uFFFDevil\uFFFD")
        .doesNotContain("\u202E", "\u2066", "\u200F", "\u0000", "\r")
        .doesNotContain("<b>");
  }

  @Test
  void pageWhenNoChoicesThenNoRadioButtons() {
    assertThat(show("consent")).doesNotContain("radio");
    assertThat(show("consent-choices").split("type=\"radio\"", -1)).hasSize(7);
    assertThat(show("consent-choices").split(" checked", -1)).hasSize(3);
  }

  @Test
  void pageWhenFormMayLeadToACallbackThenPolicyNamesItsOrigin() {
    WebResponse response =
        pages.page(
            request(Map.of()),
            200,
            new DeniedPage("Jira"),
            new Viewer("Alice", "t"),
            "https://jira.example.com:8443");

    assertThat(response.headers())
        .contains(
            Map.entry(
                "Content-Security-Policy",
                "default-src 'none'; style-src 'self'; img-src 'self'; form-action 'self'"
                    + " https://jira.example.com:8443; frame-ancestors 'none'; base-uri 'none'"));
  }

  @Test
  void pageWhenItMayBeFramedThenByTheseOriginsAndWithoutAForm() {
    WebResponse response =
        pages.framed(
            request(Map.of()),
            new PanelPage("ABC-1", "/issues/ABC-1", null, null),
            List.of("https://jira.example.com", "http://wiki.example.com:8090"));

    assertThat(SecurityHeaders.complete(response))
        .contains(
            Map.entry(
                "Content-Security-Policy",
                "default-src 'none'; style-src 'self'; form-action 'none'; frame-ancestors"
                    + " https://jira.example.com http://wiki.example.com:8090; base-uri 'none'"))
        .noneMatch(header -> header.getKey().equals("X-Frame-Options"));
    assertThatThrownBy(
            () ->
                pages.framed(
                    request(Map.of()),
                    new PanelPage("ABC-1", "/issues/ABC-1", null, null),
                    List.of("https://a.example; script-src *")))
        .isInstanceOf(IllegalArgumentException.class);
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "",
        "*",
        "https://*",
        "https://a.example; script-src *",
        "https://a.example/path",
        "https://a.example https://b.example",
        "'unsafe-inline'",
        "https://a.example\r\nX: y"
      })
  void pageWhenOriginIsNotOneThenRefuses(String origin) {
    assertThatThrownBy(
            () ->
                pages.page(
                    request(Map.of()),
                    200,
                    new DeniedPage("Jira"),
                    new Viewer("Alice", "t"),
                    origin))
        .isInstanceOf(IllegalArgumentException.class);
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "text/html,application/xhtml+xml,*/*;q=0.8|text/html; charset=utf-8",
        "*/*|text/plain; charset=utf-8",
        "application/json|text/plain; charset=utf-8",
      })
  void errorWhenClientAcceptsHtmlThenPageElseText(String accept, String contentType) {
    WebResponse response =
        pages.error(
            request(Map.of("accept", List.of(accept))), 404, "Not found", "No page.", "Check.");

    assertThat(response.headers()).contains(Map.entry("Content-Type", contentType));
    assertThat(new String(response.body(), StandardCharsets.UTF_8))
        .contains("No page.", "Check.", "r1");
  }
}
