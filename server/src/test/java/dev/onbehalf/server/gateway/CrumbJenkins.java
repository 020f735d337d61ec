package dev.onbehalf.server.gateway;

import dev.onbehalf.server.wire.StubUpstream;
import dev.onbehalf.server.wire.Wire;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.atomic.AtomicInteger;

/**
 * Answers as Jenkins with its CSRF protection on: a crumb is good for the person, the session and
 * the client address it was issued to, and for no other.
 */
final class CrumbJenkins implements StubUpstream.Script {
  private final Map<String, String> ownerBySession = new ConcurrentHashMap<>();
  private final AtomicInteger sessions = new AtomicInteger();
  final AtomicInteger issued = new AtomicInteger();
  final AtomicInteger refused = new AtomicInteger();
  volatile boolean issues = true;

  /** Forgets every session, as a restart does. */
  void restart() {
    ownerBySession.clear();
  }

  @Override
  public String answer(Wire.Message request, Wire wire) {
    String user = request.header("X-Forwarded-User").orElse("anonymous");
    String owner = user + "@" + request.header("X-Forwarded-For").orElse("");
    if (request.target().equals("/crumbIssuer/api/json")) {
      if (!issues) {
        return StubUpstream.answer(404, "");
      }
      issued.incrementAndGet();
      String session = "s" + sessions.incrementAndGet();
      ownerBySession.put(session, owner);
      return StubUpstream.answer(
          200,
          "{\"_class\":\"x\",\"crumb\":\"crumb-of-"
              + session
              + "\",\"crumbRequestField\":\"Jenkins-Crumb\"}",
          "Content-Type: application/json",
          "Set-Cookie: JSESSIONID." + owner.hashCode() + "=" + session + "; Path=/; HttpOnly");
    }
    if (request.method().equals("GET") || !issues) {
      return StubUpstream.ok(user);
    }
    Optional<String> session =
        request.header("Cookie").map(cookie -> cookie.substring(cookie.indexOf('=') + 1));
    boolean good =
        session.isPresent()
            && owner.equals(ownerBySession.get(session.get()))
            && request.all("Jenkins-Crumb").equals(List.of("crumb-of-" + session.get()));
    if (!good) {
      refused.incrementAndGet();
      return StubUpstream.answer(403, "No valid crumb was included in the request");
    }
    return StubUpstream.answer(201, user, "Set-Cookie: JSESSIONID.new=leak");
  }
}
