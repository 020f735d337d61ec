package dev.onbehalf.server.outgoing;

import dev.onbehalf.applinks.LoginDance;
import dev.onbehalf.applinks.ResponseException;
import dev.onbehalf.server.audit.AuditEvent.Outcome;
import dev.onbehalf.server.web.Places;
import dev.onbehalf.server.web.WebHandler;
import dev.onbehalf.server.web.WebRequest;
import dev.onbehalf.server.web.WebResponse;
import java.net.URI;
import java.net.URLDecoder;
import java.nio.charset.StandardCharsets;
import java.util.Optional;
import java.util.Set;
import tools.jackson.databind.node.ObjectNode;

/**
 * Lets a person's own program authorise a link: {@code POST …/login/LINK} begins, with a loopback
 * address as {@code callback} or none for a code, and {@code POST …/login/LINK/finish} ends it.
 */
final class LoginEndpoint implements WebHandler {
  private static final String ACTION = "link-authorise";
  private static final String BEGUN = "link-authorise-begin";
  private static final String FINISH = "/finish";
  private static final Set<String> LOOPBACK = Set.of("127.0.0.1", "[::1]", "localhost");

  private final Destinations destinations;
  private final Callers callers;
  private final Trail trail;
  private final Places places;

  LoginEndpoint(Destinations destinations, Callers callers, Trail trail, Places places) {
    this.places = places;
    this.destinations = destinations;
    this.callers = callers;
    this.trail = trail;
  }

  @Override
  public WebResponse handle(WebRequest request) {
    if (!request.method().equals("POST")) {
      return Json.error(405, "method", "Use POST here.").with("Allow", "POST");
    }
    try {
      Acting acting = callers.personal(request);
      String rest = request.path().substring(Outgoing.LOGIN.length());
      boolean finish = rest.endsWith(FINISH);
      String name = finish ? rest.substring(0, rest.length() - FINISH.length()) : rest;
      Destinations.Destination link =
          find(name)
              .orElseThrow(
                  () -> acting.refused(404, "link-unknown", "There is no link of this name."));
      if (!link.threeLegged()) {
        throw acting.refused(
            409,
            "level-off",
            "People do not authorise the link '"
                + link.name()
                + "': three-legged access is off. An administrator can switch it on.");
      }
      try (Places.Place place = Waiting.enter(places, acting, link)) {
        return answer(request, acting, link, finish);
      }
    } catch (RefusedCaller e) {
      trail.refused(request, ACTION, e);
      return e.toAnswer();
    }
  }

  private WebResponse answer(
      WebRequest request, Acting acting, Destinations.Destination link, boolean finish) {
    LoginDance dance = link.link().actingAs(acting.person().name()).loginDance();
    try {
      return finish ? finish(request, acting, link, dance) : begin(request, acting, link, dance);
    } catch (ResponseException e) {
      trail.note(
          request,
          ACTION,
          Outcome.FAILED,
          acting,
          e.getError().name(),
          "the link '" + link.name() + "'; " + e.getMessage());
      return Json.error(502, e.getError().name(), String.valueOf(e.getMessage()));
    } catch (IllegalArgumentException e) {
      return Json.error(400, "malformed", String.valueOf(e.getMessage()));
    }
  }

  private Optional<Destinations.Destination> find(String name) {
    try {
      return destinations.find(URLDecoder.decode(name.replace("+", "%2B"), StandardCharsets.UTF_8));
    } catch (IllegalArgumentException e) {
      return Optional.empty();
    }
  }

  private WebResponse begin(
      WebRequest request, Acting acting, Destinations.Destination link, LoginDance dance)
      throws ResponseException {
    String callback = Json.body(request).path("callback").asString("");
    URI page;
    if (callback.isEmpty()) {
      page = dance.startOutOfBand();
    } else {
      URI url = URI.create(callback);
      if (!"http".equals(url.getScheme()) || !LOOPBACK.contains(String.valueOf(url.getHost()))) {
        throw new IllegalArgumentException(
            "The callback must be an http address of the program's own machine, such as"
                + " http://127.0.0.1:8000/.");
      }
      page = dance.start(url);
    }
    trail.note(request, BEGUN, Outcome.ALLOWED, acting, null, "the link '" + link.name() + "'");
    return Json.answer(200, Json.object().put("authorisationUrl", page.toString()));
  }

  private WebResponse finish(
      WebRequest request, Acting acting, Destinations.Destination link, LoginDance dance)
      throws ResponseException {
    ObjectNode body = Json.body(request);
    if (body.has("code")) {
      dance.finish(body.path("code").asString(""));
    } else {
      dance.finish(body.path("token").asString(""), body.path("verifier").asString(""));
    }
    trail.note(request, ACTION, Outcome.ALLOWED, acting, null, "the link '" + link.name() + "'");
    return Json.answer(
        200, Json.object().put("link", link.name()).put("person", acting.person().name()));
  }
}
