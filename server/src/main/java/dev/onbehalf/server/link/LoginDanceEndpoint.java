package dev.onbehalf.server.link;

import dev.onbehalf.applinks.AuthenticationResponseException;
import dev.onbehalf.applinks.LinkError;
import dev.onbehalf.applinks.LoginDance;
import dev.onbehalf.applinks.ResponseException;
import dev.onbehalf.server.audit.AuditEvent;
import dev.onbehalf.server.audit.AuditTrail;
import dev.onbehalf.server.people.Sessions;
import dev.onbehalf.server.people.Sessions.Session;
import dev.onbehalf.server.people.SignIn;
import dev.onbehalf.server.web.Form;
import dev.onbehalf.server.web.Pages;
import dev.onbehalf.server.web.Places;
import dev.onbehalf.server.web.WebException;
import dev.onbehalf.server.web.WebRequest;
import dev.onbehalf.server.web.WebResponse;
import dev.onbehalf.server.web.page.LinkPage;
import java.net.URI;
import java.net.URLEncoder;
import java.nio.charset.StandardCharsets;
import java.time.InstantSource;
import java.util.Objects;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/** The consumer's side of the dance in the browser ({@code docs/peer-facts.md} 1.11). */
final class LoginDanceEndpoint {
  static final String ACCESS_PATH = "/plugins/servlet/applinks/oauth/login-dance/access";
  private static final String LINK = "applicationLinkID";
  private static final String REDIRECT = "redirectUrl";
  private static final String STATE = "state";

  private final Links links;
  private final OwnSites sites;
  private final DanceState states;
  private final Sessions sessions;
  private final SignIn signIn;
  private final Pages pages;
  private final AuditTrail audit;
  private final InstantSource clock;
  private final Places places;

  LoginDanceEndpoint(
      Links links,
      OwnSites sites,
      DanceState states,
      Sessions sessions,
      SignIn signIn,
      Pages pages,
      AuditTrail audit,
      InstantSource clock,
      Places places) {
    this.links = links;
    this.sites = sites;
    this.states = states;
    this.sessions = sessions;
    this.signIn = signIn;
    this.pages = pages;
    this.audit = audit;
    this.clock = clock;
    this.places = places;
  }

  /** A person, a link they may authorise, and where they go then. */
  private record Visit(Session session, Link link, @Nullable String redirectUrl) {}

  WebResponse authorize(WebRequest request) {
    Optional<Session> session = sessions.find(request);
    if (session.isEmpty()) {
      return signIn.challenge(request, request.pathAndQuery());
    }
    Visit visit = visit(request, session.get());
    try (Places.Place place = place(visit)) {
      return WebResponse.redirect(dance(visit).start(callback(request, visit)).toString());
    } catch (ResponseException e) {
      return failed(request, visit, e);
    }
  }

  WebResponse access(WebRequest request) {
    Session session =
        sessions
            .find(request)
            .orElseThrow(
                () ->
                    new WebException(
                        401,
                        "You were signed out meanwhile",
                        "Nobody is signed in here any more, so nothing was stored.",
                        "Sign in and start the authorisation again."));
    Visit visit = visit(request, session);
    Form form = Form.query(request);
    String token = form.value("oauth_token").orElse("");
    if (!states.matches(form.value(STATE).orElse(""), session, visit.link(), visit.redirectUrl())) {
      record(request, visit, AuditEvent.Outcome.REFUSED, "foreign_session", null);
      return again(
          request,
          visit,
          403,
          "This authorisation began elsewhere",
          "It was started in another browser or session, or by somebody else, so nothing was"
              + " stored.",
          "Start it again here, if you want to allow it.");
    }
    if (token.isEmpty()) {
      return WebResponse.redirect(
          request.publicUrl().with(Links.authorizePath(visit.link(), visit.redirectUrl())));
    }
    try (Places.Place place = place(visit)) {
      dance(visit).finish(token, form.value("oauth_verifier").orElse(""));
    } catch (ResponseException e) {
      return failed(request, visit, e);
    }
    record(request, visit, AuditEvent.Outcome.ALLOWED, null, null);
    String redirectUrl = visit.redirectUrl();
    return redirectUrl == null
        ? show(
            request,
            visit,
            200,
            new LinkPage(
                "Done",
                "Your scripts and builds can act as you in " + visit.link().name() + " now.",
                "You can close this window.",
                "My links",
                MyLinksEndpoint.PATH,
                request.id()))
        : WebResponse.redirect(redirectUrl);
  }

  private Visit visit(WebRequest request, Session session) {
    Form form = Form.query(request);
    Link link =
        form.value(LINK)
            .flatMap(links::find)
            .filter(found -> found.levels().threeLegged())
            .orElseThrow(
                () ->
                    new WebException(
                        404,
                        "There is no such link",
                        "No application that people can authorise has this identifier.",
                        "Look at the page 'My links', or ask an administrator."));
    String redirectUrl =
        form.value(REDIRECT)
            .filter(given -> !given.isEmpty())
            .map(
                given ->
                    sites.own(request.publicUrl(), given).orElseThrow(LoginDanceEndpoint::foreign))
            .orElse(null);
    return new Visit(session, link, redirectUrl);
  }

  /** Takes the place of a visit that waits for the peer, as calls through the link do. */
  private Places.Place place(Visit visit) {
    return places
        .enter("person " + visit.session().person().name(), "link " + visit.link().name())
        .orElseThrow(
            () ->
                new WebException(
                    503,
                    visit.link().name() + " is slow just now",
                    "Too many requests wait for it, so this one was not sent.",
                    "Go back and try again in a moment."));
  }

  private static WebException foreign() {
    return new WebException(
        400,
        "That address is not one of ours",
        "The page to return to is on another site, so nothing was started.",
        "Whoever made this address must name a page of this server.");
  }

  private LoginDance dance(Visit visit) {
    return links
        .applicationLink(visit.link())
        .actingAs(visit.session().person().name())
        .loginDance();
  }

  private URI callback(WebRequest request, Visit visit) {
    String redirectUrl = visit.redirectUrl();
    return URI.create(
        request.publicUrl().with(ACCESS_PATH)
            + "?"
            + LINK
            + "="
            + visit.link().id()
            + (redirectUrl == null ? "" : "&" + REDIRECT + "=" + encode(redirectUrl))
            + "&"
            + STATE
            + "="
            + states.of(visit.session(), visit.link(), redirectUrl));
  }

  private WebResponse failed(WebRequest request, Visit visit, ResponseException failure) {
    String problem =
        failure instanceof AuthenticationResponseException refused ? refused.getProblem() : null;
    String kind = problem == null ? failure.getError().name() : problem;
    String sentence = Objects.requireNonNullElse(failure.getMessage(), kind);
    boolean refused = problem != null || failure.getError() == LinkError.LOCAL_AUTH_TOKEN_REQUIRED;
    record(
        request,
        visit,
        refused ? AuditEvent.Outcome.REFUSED : AuditEvent.Outcome.FAILED,
        kind,
        sentence);
    String name = visit.link().name();
    return switch (kind) {
      case "permission_denied" ->
          again(
              request,
              visit,
              403,
              "Not allowed",
              name + " was told that you do not allow it, so nothing can act as you there.",
              "Start again if that was a mistake. If you were not asked at all, an administrator of "
                  + name
                  + " must let this server ask people.");
      case "token_expired", "token_used", "permission_unknown" ->
          again(
              request,
              visit,
              409,
              "That took too long",
              "This authorisation is over, and nothing was stored.",
              "Start it again and decide within a few minutes.");
      case "token_rejected" ->
          again(
              request,
              visit,
              409,
              "That authorisation is not valid",
              name + " did not take the code it was given, and nothing was stored.",
              "Start it again.");
      case "LOCAL_AUTH_TOKEN_REQUIRED" ->
          again(
              request,
              visit,
              403,
              "This authorisation is not yours",
              "It was begun by somebody else, or you have begun another one since. Nothing was"
                  + " stored.",
              "Start it again as yourself.");
      case "parameter_rejected" ->
          again(
              request,
              visit,
              502,
              name + " does not let people return here",
              "It refuses the address of this server that people come back to.",
              "An administrator must register it there as a callback: "
                  + request.publicUrl().with(ACCESS_PATH));
      case "consumer_key_unknown", "consumer_key_rejected", "consumer_key_refused" ->
          show(
              request,
              visit,
              502,
              new LinkPage(
                  name + " does not know this server",
                  sentence,
                  "An administrator can see what to enter there: onbehalf link test "
                      + quoted(name),
                  null,
                  "",
                  request.id()));
      default ->
          again(
              request,
              visit,
              502,
              name + " gave no usable answer",
              sentence,
              "If it stays so, give this sentence to an administrator.");
    };
  }

  private WebResponse again(
      WebRequest request, Visit visit, int status, String title, String sentence, String remedy) {
    return show(
        request,
        visit,
        status,
        new LinkPage(
            title,
            sentence,
            remedy,
            "Start again",
            Links.authorizePath(visit.link(), visit.redirectUrl()),
            request.id()));
  }

  private WebResponse show(WebRequest request, Visit visit, int status, LinkPage page) {
    return pages.page(request, status, page, visit.session().viewer());
  }

  private void record(
      WebRequest request,
      Visit visit,
      AuditEvent.Outcome outcome,
      @Nullable String problem,
      @Nullable String sentence) {
    audit.record(
        AuditEvent.builder(clock.instant(), request.id(), "link-authorise", outcome)
            .consumer(visit.link().consumerKey())
            .person(visit.session().person().name())
            .application(request.application())
            .problem(problem)
            .detail(
                "Link '"
                    + visit.link().name()
                    + "' ("
                    + visit.link().id()
                    + ")."
                    + (sentence == null ? "" : " " + sentence))
            .remoteAddress(request.remoteAddress())
            .build());
  }

  private static String quoted(String name) {
    return name.indexOf(' ') < 0 ? name : "'" + name + "'";
  }

  private static String encode(String text) {
    return URLEncoder.encode(text, StandardCharsets.UTF_8);
  }
}
