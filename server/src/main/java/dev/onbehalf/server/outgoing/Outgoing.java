package dev.onbehalf.server.outgoing;

import dev.onbehalf.server.access.AccessPolicy;
import dev.onbehalf.server.access.RequestAuthenticator;
import dev.onbehalf.server.audit.AuditTrail;
import dev.onbehalf.server.build.BuildIdentity;
import dev.onbehalf.server.people.Sessions;
import dev.onbehalf.server.web.Methods;
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

  private final Parts parts;

  /**
   * What requests through links need.
   *
   * @param builds who running builds are; null where builds may not act
   * @param consumers keys of the consumers that may act as people they name
   */
  public record Parts(
      Destinations destinations,
      PersonalTokens tokens,
      @Nullable BuildIdentity builds,
      RequestAuthenticator authenticator,
      AccessPolicy policy,
      Set<String> consumers,
      Sessions sessions,
      AuditTrail audit,
      InstantSource clock) {}

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
    routes.addTree(TO, new RelayEndpoint(parts.destinations(), callers, trail));
    routes.addTree(LOGIN, new LoginEndpoint(parts.destinations(), callers, trail));
    BuildIdentity builds = parts.builds();
    if (builds != null) {
      routes.add(BUILD_TOKEN, Methods.post(new ExchangeEndpoint(builds, trail)));
    }
  }
}
