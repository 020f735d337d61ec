package dev.onbehalf.server.link;

import dev.onbehalf.applinks.ApplicationLink;
import dev.onbehalf.applinks.ApplicationLinkRequestFactory;
import dev.onbehalf.applinks.AuthenticationResponseException;
import dev.onbehalf.applinks.CredentialsRequiredException;
import dev.onbehalf.applinks.LinkError;
import dev.onbehalf.applinks.Request;
import dev.onbehalf.applinks.Response;
import dev.onbehalf.applinks.ResponseException;
import dev.onbehalf.applinks.ResponseTransportException;
import dev.onbehalf.applinks.auth.AuthenticationProvider;
import dev.onbehalf.applinks.auth.OAuthAuthenticationProvider;
import dev.onbehalf.applinks.auth.TwoLeggedOAuthAuthenticationProvider;
import dev.onbehalf.applinks.auth.TwoLeggedOAuthWithImpersonationAuthenticationProvider;
import java.net.URI;
import java.util.List;
import java.util.Locale;
import java.util.Objects;
import java.util.Optional;
import java.util.Set;
import java.util.TreeSet;
import java.util.UUID;
import org.jspecify.annotations.Nullable;

/** Tries every way of a link that is on ({@code docs/peer-facts.md} 1.13); changes nothing. */
final class LinkCheck {
  private static final String WHO_AM_I = "/plugins/servlet/applinks/whoami";
  private static final int LONGEST_NAME = 255;
  private static final Set<String> MENDED_AT_THE_PEER =
      Set.of("OAUTH_SIGNATURE_INVALID", "OAUTH_PROBLEM", "NO_REMOTE_APPLINK");

  private final Link link;
  private final ApplicationLink live;
  private final ApplicationLink trial;
  private final PeerDocuments documents;
  private final @Nullable UUID ourId;
  private final @Nullable URI callback;
  private final List<LinkGuide.Field> fields;
  private final LinkReport.Builder report = new LinkReport.Builder();

  /**
   * Prepares a test.
   *
   * @param live the link with the tokens people granted
   * @param trial the link with tokens of its own, for a dance that nobody ends
   * @param ourId by which the peer knows this server; null where it has no public URL
   * @param callback where people return to; null where this server has no public URL
   * @param fields what to enter at the peer if it does not know this server
   */
  LinkCheck(
      Link link,
      ApplicationLink live,
      ApplicationLink trial,
      PeerDocuments documents,
      @Nullable UUID ourId,
      @Nullable URI callback,
      List<LinkGuide.Field> fields) {
    this.link = link;
    this.live = live;
    this.trial = trial;
    this.documents = documents;
    this.ourId = ourId;
    this.callback = callback;
    this.fields = fields;
  }

  /** Runs the test; {@code person} is who acts where somebody must, null for nobody. */
  LinkReport run(@Nullable String person) {
    if (reached()) {
      if (link.levels().threeLegged()) {
        requestToken();
      }
      if (link.levels().threeLegged() && person != null) {
        call("as " + person + ", by their token", OAuthAuthenticationProvider.class, person);
      }
      if (link.levels().impersonation() && person != null) {
        call(
            "as " + person + ", by impersonation",
            TwoLeggedOAuthWithImpersonationAuthenticationProvider.class,
            person);
      }
      if (link.levels().twoLegged()) {
        call("two-legged", TwoLeggedOAuthAuthenticationProvider.class, null);
      }
      if (person == null && (link.levels().impersonation() || link.levels().threeLegged())) {
        report.note(
            "as a person", null, "Not tried, since nobody was named: add --as and a user name.");
      }
    }
    return report.build(report.hasFault() && report.has(MENDED_AT_THE_PEER) ? fields : List.of());
  }

  private boolean reached() {
    Optional<Manifest> manifest;
    try {
      manifest = documents.manifest(link.name(), link.rpcUrl());
    } catch (ResponseException e) {
      if (link.endpoints() == null || e instanceof ResponseTransportException) {
        fault("peer", e);
        return false;
      }
      manifest = Optional.empty();
    }
    if (manifest.isEmpty()) {
      report.note(
          "peer",
          "GENERIC_LINK",
          "It answers, and has no manifest: a generic application, of which nothing more can be"
              + " asked.");
      return true;
    }
    Manifest peer = manifest.get();
    report.fine(
        "peer",
        "It is '"
            + printable(peer.name())
            + "' ("
            + printable(peer.typeId())
            + (peer.version() == null ? "" : " " + printable(peer.version()))
            + ").");
    Set<String> legacy = new TreeSet<>(peer.inbound());
    legacy.retainAll(Manifest.LEGACY);
    if (!legacy.isEmpty()) {
      report.note(
          "legacy",
          "LEGACY_REMOVAL",
          "It still offers "
              + String.join(", ", legacy)
              + ". Edit the link there, choose OAuth, and have the old type removed; nothing here"
              + " uses it.");
    }
    if (ourId != null && peer.applinksVersion() != null) {
      levels(ourId);
    }
    return true;
  }

  private void levels(UUID id) {
    try {
      Optional<PeerDocuments.PeerLevels> there = documents.levels(link.name(), link.rpcUrl(), id);
      if (there.isEmpty()) {
        report.note(
            "link there",
            "NO_REMOTE_APPLINK",
            "It shows no link back to this server. If the tests below fail, enter there what is"
                + " printed at the end.");
        return;
      }
      Link.Levels theirs = there.get().incoming();
      String missing =
          link.levels().threeLegged() && !theirs.threeLegged()
              ? "three-legged access"
              : link.levels().impersonation() && !theirs.impersonation()
                  ? "impersonation"
                  : link.levels().twoLegged() && !theirs.twoLegged() ? "two-legged access" : "";
      if (missing.isEmpty()) {
        report.fine("levels", "What is on here is on there too.");
      } else {
        report.fault(
            "levels",
            "AUTH_LEVEL_MISMATCH",
            "Here "
                + missing
                + " is on, there it is off. Switch it on in the incoming part of its link.");
      }
    } catch (ResponseException e) {
      report.note("levels", null, "It does not tell which ways are on there.");
    }
  }

  private void requestToken() {
    try {
      if (callback == null) {
        trial.actingAs("nobody").loginDance().startOutOfBand();
      } else {
        trial.actingAs("nobody").loginDance().start(callback);
      }
      report.fine("request token", "It knows this server and lets it ask people.");
    } catch (ResponseException e) {
      fault("request token", e);
    }
  }

  private void call(
      String check, Class<? extends AuthenticationProvider> provider, @Nullable String person) {
    try {
      ApplicationLink acting = person == null ? live : live.actingAs(person);
      ApplicationLinkRequestFactory factory =
          Objects.requireNonNull(acting.createAuthenticatedRequestFactory(provider));
      Optional<String> name =
          factory.createRequest(Request.MethodType.GET, WHO_AM_I).executeAndReturn(this::nameThere);
      judge(check, provider, person, name);
    } catch (CredentialsRequiredException e) {
      report.note(
          check,
          "LOCAL_AUTH_TOKEN_REQUIRED",
          person + " has not allowed it yet. They do so on the page " + authorisePath() + ".");
    } catch (ResponseException e) {
      fault(check, e);
    }
  }

  private void judge(
      String check,
      Class<? extends AuthenticationProvider> provider,
      @Nullable String person,
      Optional<String> told) {
    String name = told.orElse("");
    if (told.isEmpty()) {
      report.note(
          check, null, "It did not refuse, but has no page that says as whom a request runs.");
    } else if (person == null) {
      report.fine(check, name.isEmpty() ? "It runs as nobody." : "It runs as " + name + ".");
    } else if (name.isEmpty()) {
      report.fault(
          check,
          "INSUFFICIENT_REMOTE_PERMISSION",
          "It ran the request as nobody: there is no person '"
              + person
              + "' there. Create them there, or act as somebody it knows.");
    } else if (name.equalsIgnoreCase(person) || provider == OAuthAuthenticationProvider.class) {
      report.fine(check, "It runs as " + name + ".");
    } else {
      report.fault(
          check,
          "INSUFFICIENT_REMOTE_PERMISSION",
          "It ran the request as '"
              + name
              + "' instead. Look at what its link's impersonation is set to.");
    }
  }

  /** Returns the name the peer tells; empty where it has no such page. */
  private Optional<String> nameThere(Response response) throws ResponseException {
    int status = response.getStatusCode();
    if (status == 404) {
      return Optional.empty();
    }
    String type = Objects.requireNonNullElse(response.getHeader("Content-Type"), "");
    if (status >= 300 && status < 400) {
      throw new ResponseException(
          LinkError.REDIRECTED,
          "The peer of the link '"
              + link.name()
              + "' redirects signed requests, and credentials do not follow. If it moved, correct"
              + " the link's URL; if it asks for a sign-in, let signed requests pass there.",
          null);
    }
    if (status != 200 || type.toLowerCase(Locale.ROOT).startsWith("text/html")) {
      throw new ResponseException(
          status == 200 ? LinkError.UNEXPECTED_RESPONSE : LinkError.UNEXPECTED_RESPONSE_STATUS,
          "The peer of the link '"
              + link.name()
              + "' answered a signed request with "
              + (status == 200 ? "a page for people" : "status " + status)
              + ". Look at what stands before it, such as a proxy or sign-in page.",
          null);
    }
    return Optional.of(printable(response.getResponseBodyAsString().strip()));
  }

  private void fault(String check, ResponseException failure) {
    String advice =
        failure instanceof AuthenticationResponseException refused ? refused.getAdvice() : null;
    report.fault(
        check,
        failure.getError(),
        failure.getMessage() + (advice == null ? "" : " It says: " + printable(advice)));
  }

  private String authorisePath() {
    return callback == null
        ? Links.MY_LINKS_PATH
        : callback.toString().split(LoginDanceEndpoint.ACCESS_PATH, 2)[0] + Links.MY_LINKS_PATH;
  }

  private static String printable(String text) {
    String safe = text.replaceAll("[^ -~\\p{L}\\p{N}]", "?");
    return safe.length() > LONGEST_NAME ? safe.substring(0, LONGEST_NAME) + "..." : safe;
  }
}
