package dev.onbehalf.server.jira;

import dev.onbehalf.server.config.PublicUrl;
import dev.onbehalf.server.web.Methods;
import dev.onbehalf.server.web.Routes;
import dev.onbehalf.server.web.WebResponse;
import java.util.Map;

/** The icons that issues show beside our links; anybody may have them, on pages of any origin. */
final class Icons {
  private static final String PREFIX = Routes.OWN_PREFIX + "/icons/";
  private static final String HEAD =
      "<svg xmlns=\"http://www.w3.org/2000/svg\" width=\"16\" height=\"16\" viewBox=\"0 0 16 16\""
          + " fill=\"none\" stroke-width=\"2\" stroke-linecap=\"round\" stroke-linejoin=\"round\">";
  private static final Map<String, String> DRAWINGS =
      Map.of(
          "build",
          "<rect x=\"2\" y=\"2\" width=\"12\" height=\"12\" rx=\"2\" stroke=\"#0f6b62\"/>"
              + "<path d=\"M5 6h6M5 10h4\" stroke=\"#0f6b62\"/>",
          "deployment",
          "<path d=\"M8 14V3M4 7l4-4 4 4\" stroke=\"#0f6b62\"/>",
          "good",
          "<circle cx=\"8\" cy=\"8\" r=\"7\" fill=\"#1a7f37\"/>"
              + "<path d=\"M5 8.500l2 2 4-5\" stroke=\"#fff\"/>",
          "bad",
          "<circle cx=\"8\" cy=\"8\" r=\"7\" fill=\"#c1272d\"/>"
              + "<path d=\"M5.500 5.500l5 5M10.500 5.500l-5 5\" stroke=\"#fff\"/>",
          "busy",
          "<circle cx=\"8\" cy=\"8\" r=\"7\" fill=\"#0b62c4\"/>"
              + "<path d=\"M8 4v4l3 2\" stroke=\"#fff\"/>",
          "plain",
          "<circle cx=\"8\" cy=\"8\" r=\"7\" fill=\"#5b6570\"/><path d=\"M5 8h6\""
              + " stroke=\"#fff\"/>");

  private Icons() {}

  static void addTo(Routes routes) {
    DRAWINGS.forEach(
        (name, drawing) ->
            routes.add(
                path(name),
                Methods.get(
                    request ->
                        WebResponse.of(200, "image/svg+xml", HEAD + drawing + "</svg>")
                            .with("Cache-Control", "public, max-age=86400")
                            .with("Cross-Origin-Resource-Policy", "cross-origin"))));
  }

  private static String path(String name) {
    return PREFIX + name + ".svg";
  }

  static String url(PublicUrl site, String name) {
    return site.with(path(name));
  }
}
