package dev.onbehalf.server.gateway;

import static org.assertj.core.api.Assertions.assertThat;

import dev.onbehalf.server.config.ApplicationConfig.Adapter;
import dev.onbehalf.server.config.ApplicationConfig.SignIn;
import dev.onbehalf.server.wire.StubUpstream;
import dev.onbehalf.server.wire.Wire;
import java.io.IOException;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

class SessionAdapterTest {
  private StubUpstream upstream;
  private final Map<String, String> sessions = new ConcurrentHashMap<>();
  private final AtomicInteger opened = new AtomicInteger();

  @BeforeEach
  void open() throws IOException {
    upstream = new StubUpstream();
    upstream.script((request, wire) -> buildbot(request));
  }

  @AfterEach
  void close() throws IOException {
    upstream.close();
  }

  /** Reads the header on the front page only, as Buildbot does. */
  private String buildbot(Wire.Message request) {
    if (request.target().equals("/")) {
      String session = "s" + opened.incrementAndGet();
      sessions.put(session, request.header("X-Forwarded-User").orElse("anonymous"));
      return StubUpstream.answer(200, "", "Set-Cookie: TWISTED_SESSION=" + session + "; Path=/");
    }
    Optional<String> user =
        request
            .header("Cookie")
            .filter(cookie -> cookie.startsWith("TWISTED_SESSION="))
            .map(cookie -> sessions.get(cookie.replaceAll("TWISTED_SESSION=|;.*", "")));
    return user.map(StubUpstream::ok).orElseGet(() -> StubUpstream.answer(403, "who?"));
  }

  private TestGateway.Builder gateway() {
    return TestGateway.in(upstream).adapter(Adapter.SESSION).authenticator(new SignedAs());
  }

  @Test
  void getWhenSignedThenThePersonsSession() throws IOException {
    try (TestGateway gateway = gateway().start()) {
      for (String name : new String[] {"alice", "bob", "alice", "bob"}) {
        Wire.Message answer = Wire.get(gateway.port(), "/api", SignedAs.header(name));
        assertThat(answer.body()).isEqualTo(name);
        assertThat(answer.all("Set-Cookie")).isEmpty();
      }
      assertThat(opened).hasValue(2);
    }
  }

  @Test
  void getWhenSessionEndedThenOpenedAgainOnce() throws IOException {
    try (TestGateway gateway = gateway().start()) {
      Wire.get(gateway.port(), "/api", SignedAs.header("alice"));
      sessions.clear();
      assertThat(Wire.get(gateway.port(), "/api", SignedAs.header("alice")).body())
          .isEqualTo("alice");
      assertThat(opened).hasValue(2);
    }
  }

  @Test
  void getWhenUnsignedThenNoSession() throws IOException {
    try (TestGateway gateway = gateway().start()) {
      Wire.get(gateway.port(), "/api", SignedAs.header("alice"));
      assertThat(Wire.get(gateway.port(), "/api").status()).isEqualTo(403);
      assertThat(opened).hasValue(1);
    }
  }

  @Test
  void getWhenBrowserThenOneCookieLineWithTheSession() throws IOException {
    try (TestGateway gateway =
        gateway().signIn(SignIn.OPTIONAL).session("cookie", TestGateway.person("alice")).start()) {
      Wire.Message answer =
          Wire.get(
              gateway.port(),
              "/api",
              "Cookie: a=b; " + TestGateway.SESSION_COOKIE + "=cookie; TWISTED_SESSION=mine; c=d");
      assertThat(answer.body()).isEqualTo("alice");
      assertThat(upstream.last().all("Cookie")).containsExactly("TWISTED_SESSION=s1; a=b; c=d");
    }
  }
}
