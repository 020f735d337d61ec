package dev.onbehalf.server.outgoing;

import dev.onbehalf.server.access.AccessPolicy;
import dev.onbehalf.server.access.Caller;
import dev.onbehalf.server.access.RequestAuthenticator;
import dev.onbehalf.server.access.SignedRequest;
import dev.onbehalf.server.access.Verdict;
import dev.onbehalf.server.build.BuildIdentity;
import dev.onbehalf.server.build.RefusedBuildException;
import dev.onbehalf.server.people.Sessions;
import dev.onbehalf.server.web.WebRequest;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * Says who asks for a request through a link: whoever shows a personal token, a running build, a
 * signed consumer that may act for others, or a person's browser.
 */
final class Callers {
  /** Header that a script in a page must set for requests that change something. */
  static final String SCRIPT_HEADER = "X-Atlassian-Token";

  private static final String SCRIPT_VALUE = "no-check";
  private static final String BEARER = "bearer ";
  private static final Set<String> SAFE = Set.of("GET", "HEAD", "OPTIONS");

  private final PersonalTokens tokens;
  private final @Nullable BuildIdentity builds;
  private final RequestAuthenticator authenticator;
  private final AccessPolicy policy;
  private final Set<String> consumers;
  private final Sessions sessions;

  Callers(
      PersonalTokens tokens,
      @Nullable BuildIdentity builds,
      RequestAuthenticator authenticator,
      AccessPolicy policy,
      Set<String> consumers,
      Sessions sessions) {
    this.tokens = tokens;
    this.builds = builds;
    this.authenticator = authenticator;
    this.policy = policy;
    this.consumers = Set.copyOf(consumers);
    this.sessions = sessions;
  }

  Acting authenticate(WebRequest request) throws RefusedCaller {
    List<String> authorization = request.headerValues("authorization");
    boolean signed = authenticator.mayBeSigned(authorization, request.rawQuery(), false);
    if (signed) {
      return signed(request);
    }
    return authorization.isEmpty() ? bySession(request) : byToken(request);
  }

  /** Returns who shows a personal token; nobody else counts. */
  Acting personal(WebRequest request) throws RefusedCaller {
    return personal(bearer(request));
  }

  private Acting byToken(WebRequest request) throws RefusedCaller {
    String token = bearer(request);
    if (token.startsWith(PersonalTokens.PREFIX)) {
      return personal(token);
    }
    if (builds == null) {
      throw unknown();
    }
    try {
      BuildIdentity.Caller build =
          token.startsWith(BuildIdentity.TICKET_PREFIX)
              ? builds.ofTicket(token)
              : builds.identify(token);
      return new Acting(build.person(), "build " + build.build(), null, build.limits()::refusal);
    } catch (RefusedBuildException e) {
      throw refused(e);
    }
  }

  /** Says in the words of this room why a build was refused. */
  static RefusedCaller refused(RefusedBuildException e) {
    int status =
        e.problem().equals(RefusedBuildException.BUSY)
            ? 503
            : e.problem().startsWith("build-token") ? 401 : 403;
    return new RefusedCaller(status, e.problem(), String.valueOf(e.getMessage()), e.detail());
  }

  private Acting personal(String token) throws RefusedCaller {
    PersonalTokens.Found found = tokens.find(token).orElseThrow(Callers::unknown);
    return new Acting(
        found.person(),
        "personal token '" + found.token().name() + "'",
        null,
        (link, method, path) -> null);
  }

  static String bearer(WebRequest request) throws RefusedCaller {
    List<String> authorization = request.headerValues("authorization");
    String value = authorization.size() == 1 ? authorization.get(0) : "";
    if (!value.toLowerCase(Locale.ROOT).startsWith(BEARER)) {
      throw unknown();
    }
    return value.substring(BEARER.length()).strip();
  }

  private Acting signed(WebRequest request) throws RefusedCaller {
    String application = request.application();
    Verdict verdict =
        authenticator.authenticate(
            SignedRequest.of(request, application == null ? "" : application));
    if (verdict instanceof Verdict.Refused refused) {
      throw new RefusedCaller(
          refused.response().status(),
          refused.problem(),
          "The signature was refused.",
          String.valueOf(refused.detail()),
          refused.consumerKey(),
          refused.person(),
          refused.response());
    }
    if (!(verdict instanceof Verdict.Accepted accepted)) {
      throw unknown();
    }
    Caller caller = accepted.caller();
    String refusal =
        caller.mode() != Caller.Mode.IMPERSONATED || !consumers.contains(caller.consumerKey())
            ? "This consumer may not act through links as people it names."
            : policy.refusal(
                caller, application == null ? "" : application, request.method(), request.path());
    if (refusal != null) {
      throw new RefusedCaller(
          403,
          "policy",
          refusal,
          "The option outgoing.consumers lists who may, and only by impersonation.",
          caller.consumerKey(),
          caller.person().name(),
          null);
    }
    return new Acting(
        caller.person(), "signature", caller.consumerKey(), (link, method, path) -> null);
  }

  private Acting bySession(WebRequest request) throws RefusedCaller {
    Optional<Sessions.Session> session = sessions.find(request);
    if (session.isEmpty()) {
      throw unknown();
    }
    boolean safe = SAFE.contains(request.method());
    boolean script = request.header(SCRIPT_HEADER).filter(SCRIPT_VALUE::equals).isPresent();
    if (foreign(request) || (!safe && !script)) {
      throw new RefusedCaller(
          403,
          "cross-site",
          "A page of this site sends this request with the header "
              + SCRIPT_HEADER
              + ": "
              + SCRIPT_VALUE
              + "; pages of other sites never.",
          "",
          null,
          session.get().person().name(),
          null);
    }
    return Acting.ofBrowser(session.get().person());
  }

  /** Whether the browser says that a page of another origin started the request. */
  private static boolean foreign(WebRequest request) {
    return request
            .header("Origin")
            .filter(origin -> !origin.equalsIgnoreCase(request.publicUrl().origin()))
            .isPresent()
        || request
            .header("Sec-Fetch-Site")
            .filter(site -> !site.equals("same-origin") && !site.equals("none"))
            .isPresent();
  }

  private static RefusedCaller unknown() {
    return new RefusedCaller(
        401,
        "unauthenticated",
        "Show a personal token, a running build's token or a signature, or sign in.",
        "");
  }
}
