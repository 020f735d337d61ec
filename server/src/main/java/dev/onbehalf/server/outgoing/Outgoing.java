package dev.onbehalf.server.outgoing;

import dev.onbehalf.server.access.AccessPolicy;
import dev.onbehalf.server.access.RequestAuthenticator;
import dev.onbehalf.server.audit.AuditTrail;
import dev.onbehalf.server.build.BuildIdentity;
import dev.onbehalf.server.people.Sessions;
import dev.onbehalf.server.people.SignIn;
import dev.onbehalf.server.web.Methods;
import dev.onbehalf.server.web.Pages;
import dev.onbehalf.server.web.Places;
import dev.onbehalf.server.web.Routes;
import java.time.InstantSource;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/** Lets authenticated callers act through links over HTTP. */
public final class Outgoing {
  /** Below it lie the links by name, and below each the peer's paths. */
  public static final String TO = Routes.OWN_PREFIX + "/to/";

  /** Below it a person's own program authorises a link. */
  public static final String LOGIN = Routes.OWN_PREFIX + "/login/";

  /** Where a build exchanges its CI's token for a ticket. */
  public static final String BUILD_TOKEN = Routes.OWN_PREFIX + "/build/token";

  /** Page on which people make and end their own tokens. */
  public static final String PERSONAL_TOKENS = Routes.OWN_PREFIX + "/personal-tokens";

  private final Parts parts;

  /**
   * What requests through links need.
   *
   * @param builds who running builds are; null where builds may not act
   * @param consumers keys of the consumers that may act as people they name
   * @param places for requests that wait for linked applications
   */
  public record Parts(
      Destinations destinations,
      PersonalTokens tokens,
      @Nullable BuildIdentity builds,
      RequestAuthenticator authenticator,
      AccessPolicy policy,
      Set<String> consumers,
      Sessions sessions,
      SignIn signIn,
      Pages pages,
      AuditTrail audit,
      InstantSource clock,
      Places places) {}

  public Outgoing(Parts parts) {
    this.parts = parts;
  }

  /** Adds the endpoints. */
  public void addTo(Routes routes) {
    Callers callers =
        new Callers(
            parts.tokens(),
            parts.builds(),
            parts.authenticator(),
            parts.policy(),
            parts.consumers(),
            parts.sessions());
    Trail trail = new Trail(parts.audit(), parts.clock());
    routes.addTree(TO, new RelayEndpoint(parts.destinations(), callers, trail, parts.places()));
    routes.addTree(LOGIN, new LoginEndpoint(parts.destinations(), callers, trail, parts.places()));
    addPersonalTokens(routes);
    BuildIdentity builds = parts.builds();
    if (builds != null) {
      routes.add(BUILD_TOKEN, Methods.post(new ExchangeEndpoint(builds, trail)));
    }
  }

  /** Adds the page on which people make and end their own tokens, and nothing else. */
  public void addPersonalTokens(Routes routes) {
    PersonalTokensEndpoint own =
        new PersonalTokensEndpoint(
            parts.tokens(),
            parts.sessions(),
            parts.signIn(),
            parts.pages(),
            parts.audit(),
            parts.clock());
    routes.add(PERSONAL_TOKENS, Methods.get(own::list).andPost(own::change));
  }
}
