package dev.onbehalf.server.outgoing;

import dev.onbehalf.applinks.ApplicationLinkRequest;
import dev.onbehalf.applinks.ApplicationLinkRequestFactory;
import dev.onbehalf.applinks.ApplicationLinkResponseHandler;
import dev.onbehalf.applinks.CredentialsRequiredException;
import dev.onbehalf.applinks.LinkError;
import dev.onbehalf.applinks.Request.MethodType;
import dev.onbehalf.applinks.Response;
import dev.onbehalf.applinks.ResponseException;
import dev.onbehalf.server.audit.AuditEvent.Outcome;
import dev.onbehalf.server.policy.CanonicalPath;
import dev.onbehalf.server.web.Places;
import dev.onbehalf.server.web.StreamingHandler;
import dev.onbehalf.server.web.WebRequest;
import dev.onbehalf.server.web.WebResponse;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.net.URI;
import java.net.URLDecoder;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/** Sends a request through a link as the caller and streams the peer's answer back. */
final class RelayEndpoint implements StreamingHandler {
  private static final String ACTION = "link-call";
  private static final String AS_HEADER = "X-Onbehalf-As";
  private static final long LONGEST_ANSWER = 256L * 1024 * 1024;
  private static final int BUFFER = 16 * 1024;

  /** The peer's pages are shown on our origin: nothing in them may run there. */
  private static final Map.Entry<String, String> HARMLESS =
      Map.entry("Content-Security-Policy", "default-src 'none'; sandbox; frame-ancestors 'none'");

  private final Destinations destinations;
  private final Callers callers;
  private final Trail trail;
  private final long longestAnswer;
  private final Places places;

  RelayEndpoint(Destinations destinations, Callers callers, Trail trail, Places places) {
    this(destinations, callers, trail, places, LONGEST_ANSWER);
  }

  RelayEndpoint(
      Destinations destinations, Callers callers, Trail trail, Places places, long longestAnswer) {
    this.places = places;
    this.destinations = destinations;
    this.callers = callers;
    this.trail = trail;
    this.longestAnswer = longestAnswer;
  }

  @Override
  public @Nullable WebResponse handle(WebRequest request, Outlet outlet) throws IOException {
    try {
      Acting acting = callers.authenticate(request);
      return new Call(request, outlet, acting).run();
    } catch (RefusedCaller e) {
      trail.refused(request, ACTION, e);
      return e.toAnswer();
    }
  }

  /** One request on its way. */
  private final class Call {
    private final WebRequest request;
    private final Outlet outlet;
    private final Acting acting;
    private final String linkName;
    private final String target;
    private @Nullable IOException broken;

    Call(WebRequest request, Outlet outlet, Acting acting) throws RefusedCaller {
      this.request = request;
      this.outlet = outlet;
      this.acting = acting;
      String rest = request.path().substring(Outgoing.TO.length());
      int slash = rest.indexOf('/');
      linkName = decode(slash < 0 ? rest : rest.substring(0, slash));
      target = slash < 0 ? "/" : rest.substring(slash);
    }

    private String decode(String segment) throws RefusedCaller {
      try {
        return URLDecoder.decode(segment.replace("+", "%2B"), StandardCharsets.UTF_8);
      } catch (IllegalArgumentException e) {
        throw acting.refused(400, "malformed", "The name of the link is malformed.");
      }
    }

    @Nullable WebResponse run() throws RefusedCaller, IOException {
      String wanted = request.header(AS_HEADER).orElse(acting.person().name());
      if (!wanted.equals(acting.person().name())) {
        throw acting.refused(
            403, "as-another", "This caller may not act as '" + printable(wanted) + "'.");
      }
      Destinations.Destination link =
          destinations
              .find(linkName)
              .orElseThrow(
                  () -> acting.refused(404, "link-unknown", "There is no link of this name."));
      CanonicalPath path = CanonicalPath.of(target);
      if (path.ambiguity() != null) {
        throw acting.refused(400, "ambiguous-path", path.ambiguity() + " Send it plainly.");
      }
      MethodType method = method();
      if (acting.browser() && !link.browsers()) {
        throw acting.refused(
            403,
            "browser",
            "Browsers do not act through this link; use a personal token, or have an administrator"
                + " switch --browser-sessions on.");
      }
      String refusal = acting.limits().refusal(link.name(), method.name(), path);
      if (refusal != null) {
        throw acting.refused(403, "policy", refusal);
      }
      try (Places.Place place = Waiting.enter(places, acting, link)) {
        return execute(link, prepared(link, method));
      } catch (CredentialsRequiredException e) {
        return unauthorised(link);
      } catch (ResponseException e) {
        return failed(link, e);
      } catch (IllegalArgumentException e) {
        throw acting.refused(400, "malformed", String.valueOf(e.getMessage()));
      }
    }

    private MethodType method() throws RefusedCaller {
      for (MethodType method : MethodType.values()) {
        if (method != MethodType.TRACE && method.name().equals(request.method())) {
          return method;
        }
      }
      throw acting.refused(405, "method", "Links take GET, HEAD, OPTIONS, POST, PUT and DELETE.");
    }

    private ApplicationLinkRequest prepared(Destinations.Destination link, MethodType method)
        throws CredentialsRequiredException, RefusedCaller {
      ApplicationLinkRequestFactory factory =
          link.link()
              .actingAs(acting.person().name())
              .createImpersonatingAuthenticatedRequestFactory();
      if (factory == null) {
        throw acting.refused(
            409,
            "level-off",
            "This link does not act as people; switch three-legged access or impersonation on.");
      }
      String query = query();
      ApplicationLinkRequest prepared =
          factory.createRequest(method, query.isEmpty() ? target : target + "?" + query);
      PassedHeaders.toPeer(request.headers())
          .forEach(header -> prepared.addHeader(header.getKey(), header.getValue()));
      byte[] body = request.body();
      if (body.length > 0) {
        String type = request.header("Content-Type").orElse("application/octet-stream");
        if (request.hasForm()) {
          prepared.setRequestBody(new String(body, StandardCharsets.UTF_8), type);
        } else {
          prepared.setRequestBody(() -> new ByteArrayInputStream(body), type);
        }
      }
      return prepared;
    }

    /** The query without what the caller's own signature put there. */
    private String query() {
      String raw = request.rawQuery();
      if (raw == null || acting.consumer() == null) {
        return raw == null ? "" : raw;
      }
      boolean named = raw.contains("xoauth_requestor_id=");
      List<String> kept = new ArrayList<>();
      for (String pair : raw.split("&", -1)) {
        String name = URLDecoder.decode(pair.split("=", 2)[0], StandardCharsets.UTF_8);
        boolean ours =
            name.startsWith("oauth_")
                || name.equals("xoauth_requestor_id")
                || (name.equals("user_id") && !named);
        if (!ours) {
          kept.add(pair);
        }
      }
      return String.join("&", kept);
    }

    private @Nullable WebResponse execute(
        Destinations.Destination link, ApplicationLinkRequest prepared)
        throws ResponseException, IOException {
      Optional<WebResponse> answer =
          prepared.execute(
              new ApplicationLinkResponseHandler<Optional<WebResponse>>() {
                @Override
                public Optional<WebResponse> handle(Response response) throws ResponseException {
                  return pass(link, response);
                }

                @Override
                public Optional<WebResponse> credentialsRequired(Response response) {
                  return Optional.of(unauthorised(link));
                }
              });
      if (broken != null) {
        throw broken;
      }
      return answer.orElse(null);
    }

    /** Empty where the answer was streamed. */
    private Optional<WebResponse> pass(Destinations.Destination link, Response response)
        throws ResponseException {
      int status = response.getStatusCode();
      note(Outcome.ALLOWED, null, link, "status " + status);
      List<Map.Entry<String, String>> headers =
          new ArrayList<>(PassedHeaders.fromPeer(response.getHeaders()));
      headers.add(HARMLESS);
      headers.add(Map.entry("X-Onbehalf-Answer", "peer"));
      String location = response.getHeader("Location");
      String followed = location == null ? null : here(link, location);
      if (followed != null) {
        headers.add(Map.entry("Location", followed));
      }
      if (status == 401) {
        headers.add(Map.entry("WWW-Authenticate", "Onbehalf"));
      }
      WebResponse head = new WebResponse(status, headers, new byte[0]);
      if (request.method().equals("HEAD") || status == 204 || status == 304) {
        return Optional.of(head);
      }
      try (InputStream body = response.getResponseBodyAsStream()) {
        copy(body, outlet.begin(head));
      } catch (IOException e) {
        broken = e;
      }
      return Optional.empty();
    }

    private void copy(InputStream from, OutputStream to) throws IOException {
      byte[] buffer = new byte[BUFFER];
      long left = longestAnswer;
      for (int read = from.read(buffer); read >= 0; read = from.read(buffer)) {
        left -= read;
        if (left < 0) {
          throw new IOException("The peer's answer is longer than " + longestAnswer + " bytes.");
        }
        to.write(buffer, 0, read);
      }
    }

    /**
     * An address below the link as it is reached here, another one in full, so that it never means
     * this server; null where it cannot be read.
     */
    private @Nullable String here(Destinations.Destination link, String location) {
      String base = link.link().getRpcUrl().toString();
      try {
        String absolute = URI.create(base + target).resolve(location).toString();
        return absolute.startsWith(base + "/")
            ? request
                .publicUrl()
                .with(
                    request.path().substring(0, request.path().length() - target.length())
                        + absolute.substring(base.length()))
            : absolute;
      } catch (IllegalArgumentException e) {
        return null;
      }
    }

    private WebResponse unauthorised(Destinations.Destination link) {
      String sentence =
          acting.person().name()
              + " has not authorised the link '"
              + link.name()
              + "', or must do so again.";
      note(Outcome.REFUSED, "authorisation-required", link, sentence);
      return Json.answer(
          401,
          Json.object()
              .put("error", "authorisation-required")
              .put("message", sentence + " Open the address in a browser.")
              .put("link", link.name())
              .put("person", acting.person().name())
              .put("authorisationUrl", request.publicUrl().with(link.authorisePath())));
    }

    private WebResponse failed(Destinations.Destination link, ResponseException e) {
      note(Outcome.FAILED, e.getError().name(), link, String.valueOf(e.getMessage()));
      return Json.error(
          e.getError() == LinkError.TIMEOUT ? 504 : 502,
          e.getError().name(),
          String.valueOf(e.getMessage()));
    }

    private void note(
        Outcome outcome, @Nullable String problem, Destinations.Destination link, String detail) {
      trail.note(
          request, ACTION, outcome, acting, problem, "the link '" + link.name() + "'; " + detail);
    }
  }

  private static String printable(String text) {
    String safe = text.replaceAll("[^ -~]", "?");
    return safe.length() > 100 ? safe.substring(0, 100) : safe;
  }
}
