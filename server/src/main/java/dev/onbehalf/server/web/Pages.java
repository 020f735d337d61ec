package dev.onbehalf.server.web;

import dev.onbehalf.server.web.page.ErrorPage;
import gg.jte.ContentType;
import gg.jte.TemplateEngine;
import gg.jte.output.Utf8ByteOutput;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * Turns pages into HTML answers within the shared layout. Templates are compiled with the build and
 * escape by context.
 */
public final class Pages {
  private static final String TEMPLATES = "dev.onbehalf.server.web.templates";
  private static final String HTML = "text/html; charset=utf-8";
  private static final String TEXT = "text/plain; charset=utf-8";

  private final TemplateEngine engine =
      TemplateEngine.createPrecompiled(null, ContentType.Html, null, TEMPLATES);
  private final Assets assets = new Assets();

  /** Adds the stylesheet and the icon to {@code routes}. */
  public void addTo(Routes routes) {
    assets.addTo(routes);
  }

  /**
   * Shows a page.
   *
   * @param viewer who is signed in; null for nobody
   */
  public WebResponse page(WebRequest request, int status, Page page, @Nullable Viewer viewer) {
    String context = request.publicUrl().contextPath();
    Frame frame =
        new Frame(
            page.title(),
            context,
            context + assets.stylePath(),
            context + assets.iconPath(),
            request.application(),
            viewer);
    Utf8ByteOutput output = new Utf8ByteOutput();
    engine.render(page.template() + ".jte", Map.of("frame", frame, "page", page), output);
    return new WebResponse(status, List.of(Map.entry("Content-Type", HTML)), output.toByteArray());
  }

  /**
   * Shows a page whose form may lead to one more origin, such as a consumer's callback.
   *
   * @param formOrigin origin such as {@code https://jira.example.com}; null for none
   * @throws IllegalArgumentException if it is not a plain origin
   */
  public WebResponse page(
      WebRequest request, int status, Page page, Viewer viewer, @Nullable String formOrigin) {
    WebResponse response = page(request, status, page, viewer);
    if (formOrigin == null) {
      return response;
    }
    checkOrigin(formOrigin);
    return response.with(SecurityHeaders.POLICY_NAME, SecurityHeaders.policy(formOrigin));
  }

  /**
   * Shows a page, without forms, that pages of other origins may show in a frame.
   *
   * @param origins who may, such as {@code https://jira.example.com}
   * @throws IllegalArgumentException if one is not a plain origin
   */
  public WebResponse framed(WebRequest request, Page page, List<String> origins) {
    origins.forEach(Pages::checkOrigin);
    return page(request, 200, page, null)
        .with(SecurityHeaders.POLICY_NAME, SecurityHeaders.framedPolicy(origins))
        .with(SecurityHeaders.FRAME_OPTIONS_NAME, SecurityHeaders.NONE);
  }

  private static void checkOrigin(String origin) {
    if (!origin.matches("[a-zA-Z][a-zA-Z0-9+.-]*://[a-zA-Z0-9.:\\[\\]_-]+")) {
      throw new IllegalArgumentException("Not an origin: '" + origin + "'.");
    }
  }

  /**
   * Says what went wrong: as a page to browsers, as plain text to everybody else.
   *
   * @param remedy what the person can do about it; empty for nothing
   */
  public WebResponse error(
      WebRequest request, int status, String title, String sentence, String remedy) {
    if (wantsHtml(request)) {
      return page(request, status, new ErrorPage(title, sentence, remedy, request.id()), null);
    }
    String text = remedy.isEmpty() ? sentence : sentence + " " + remedy;
    return WebResponse.of(status, TEXT, text + "\nRequest: " + request.id() + "\n");
  }

  /** Whether the client names HTML among what it accepts, as browsers do and programs do not. */
  public static boolean wantsHtml(WebRequest request) {
    return request.headerValues("accept").stream()
        .anyMatch(value -> value.contains("text/html") || value.contains("application/xhtml+xml"));
  }
}
