package dev.onbehalf.server.provider;

import dev.onbehalf.oauth1.OAuthProblemException;
import dev.onbehalf.oauth1.ProblemResponse;
import dev.onbehalf.server.web.Pages;
import dev.onbehalf.server.web.WebRequest;
import dev.onbehalf.server.web.WebResponse;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;

/** The answers of a provider to programs ({@code docs/peer-facts.md} 1.9) and to people. */
final class Answers {
  private static final String TEXT = "text/plain; charset=utf-8";

  private Answers() {}

  static WebResponse problem(OAuthProblemException refusal, String realm) {
    return web(ProblemResponse.of(refusal, realm));
  }

  static WebResponse web(ProblemResponse response) {
    List<Map.Entry<String, String>> headers = new ArrayList<>();
    headers.add(Map.entry("WWW-Authenticate", response.wwwAuthenticate()));
    if (!response.contentType().isEmpty()) {
      headers.add(Map.entry("Content-Type", response.contentType()));
    }
    return new WebResponse(
        response.status(), headers, response.body().getBytes(StandardCharsets.UTF_8));
  }

  /** Says that the store or the directory cannot answer: never a success, and worth a retry. */
  static WebResponse unavailable() {
    return WebResponse.of(503, TEXT, "The service cannot check this now; try again shortly.\n")
        .with("Retry-After", "5");
  }

  static WebResponse failed() {
    return WebResponse.of(500, TEXT, "The service failed; its log says why.\n");
  }

  /** Shows a problem to a person, with the headers programs look at. */
  static WebResponse page(Pages pages, WebRequest request, OAuthProblemException refusal) {
    String sentence =
        switch (refusal.problem()) {
          case PARAMETER_ABSENT, PARAMETER_REJECTED ->
              "The application that sent you here sent an incomplete address.";
          case TOKEN_USED -> "This request for access was answered already.";
          case TOKEN_EXPIRED -> "This request for access is too old.";
          case PERMISSION_DENIED, CONSUMER_KEY_REJECTED ->
              "An administrator does not allow this application to ask for access.";
          default -> "This request for access is not known here.";
        };
    ProblemResponse wire = ProblemResponse.of(refusal, request.publicUrl().toString());
    return pages
        .error(
            request,
            wire.status(),
            "That request cannot be answered",
            sentence,
            "Go back to the application and start again.")
        .with("WWW-Authenticate", wire.wwwAuthenticate());
  }
}
