package dev.onbehalf.server.link;

import dev.onbehalf.server.people.Sessions.Session;
import dev.onbehalf.server.store.Sealer;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.util.Base64;
import org.jspecify.annotations.Nullable;

/**
 * Binds a dance to the browser session it began in (RFC 5849 4.13): what comes back carries a keyed
 * hash of session, link and return address. The request token itself waits in the database.
 */
final class DanceState {
  private final Sealer sealer;

  DanceState(Sealer sealer) {
    this.sealer = sealer;
  }

  String of(Session session, Link link, @Nullable String redirectUrl) {
    byte[] hash =
        sealer.fingerprint(
            "link-dance",
            session.id() + "\n" + link.id() + "\n" + (redirectUrl == null ? "" : redirectUrl));
    return Base64.getUrlEncoder().withoutPadding().encodeToString(hash);
  }

  boolean matches(String given, Session session, Link link, @Nullable String redirectUrl) {
    return MessageDigest.isEqual(
        given.getBytes(StandardCharsets.UTF_8),
        of(session, link, redirectUrl).getBytes(StandardCharsets.UTF_8));
  }
}
