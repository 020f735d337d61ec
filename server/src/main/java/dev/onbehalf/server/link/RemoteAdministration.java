package dev.onbehalf.server.link;

import dev.onbehalf.server.web.Routes;
import dev.onbehalf.server.web.WebException;
import dev.onbehalf.server.web.WebHandler;
import java.util.Optional;
import java.util.function.Function;
import java.util.regex.Pattern;

/**
 * Refuses what administrators of products try from there: to list, make or configure links of this
 * server ({@code docs/decisions/link.md}). Nothing of it reaches the application.
 */
final class RemoteAdministration {
  private static final String SERVLETS = "/plugins/servlet/applinks/";
  private static final String OAUTH = "/rest/applinks-oauth/";
  private static final Pattern RESOURCES =
      Pattern.compile(
          "/rest/applinks/(?:[0-9]\\.[0-9]|latest)/"
              + "(?:applicationlink|listApplicationlinks|authenticationinfo|applinks|entitylink"
              + "|permission|status)(?:[A-Za-z]*)(?:[/.].*)?");
  private static final Pattern CONFIGURATION =
      Pattern.compile(SERVLETS + "(?:listApplicationLinks|listEntityLinks|auth/conf)(?:/.*)?");

  private RemoteAdministration() {}

  /** Adds the refusals; {@code rest} finds what is answered below {@code /rest/applinks/}. */
  static void addTo(Routes routes, Function<String, Optional<WebHandler>> rest) {
    routes.addFamily(
        ManifestEndpoint.PREFIX,
        path -> rest.apply(path).or(() -> handler(RESOURCES.matcher(path).matches())));
    routes.addFamily(OAUTH, path -> handler(true));
    routes.addFamily(SERVLETS, path -> handler(CONFIGURATION.matcher(path).matches()));
  }

  private static Optional<WebHandler> handler(boolean refused) {
    return refused
        ? Optional.of(
            request -> {
              throw refusal();
            })
        : Optional.empty();
  }

  static WebException refusal() {
    return new WebException(
        403,
        "Links are not administered from here",
        "Links of this server are made and configured on its own machine alone, so nothing was"
            + " changed.",
        "Its administrator runs 'onbehalf link add' with your URL, and tells you what to enter at"
            + " your side.");
  }
}
