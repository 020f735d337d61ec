package dev.onbehalf.applinks;

import com.sun.net.httpserver.HttpExchange;
import com.sun.net.httpserver.HttpServer;
import dev.onbehalf.applinks.application.JiraApplicationType;
import dev.onbehalf.applinks.auth.OAuthAuthenticationProvider;
import dev.onbehalf.applinks.auth.TwoLeggedOAuthAuthenticationProvider;
import dev.onbehalf.applinks.auth.TwoLeggedOAuthWithImpersonationAuthenticationProvider;
import dev.onbehalf.oauth1.Keys;
import dev.onbehalf.oauth1.OAuthMessage;
import dev.onbehalf.oauth1.OAuthProblem;
import dev.onbehalf.oauth1.OAuthProblemException;
import dev.onbehalf.oauth1.ProblemResponse;
import dev.onbehalf.oauth1.Secret;
import dev.onbehalf.oauth1.SignatureMethod;
import dev.onbehalf.oauth1.SignatureVerifier;
import dev.onbehalf.oauth1.Signer;
import dev.onbehalf.oauth1.TimestampWindow;
import dev.onbehalf.oauth1.VerificationKey;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.security.KeyPair;
import java.security.interfaces.RSAPrivateCrtKey;
import java.security.interfaces.RSAPublicKey;
import java.time.InstantSource;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.atomic.AtomicInteger;
import org.jspecify.annotations.Nullable;

/** A real provider on a loopback port, as an Atlassian product answers; its switches are fields. */
final class TestPeer implements AutoCloseable {
  static final String CONSUMER = "tracker";
  private static final String SECRET = "shared & secret";
  private static final KeyPair PAIR = Keys.generate(2048);

  volatile boolean consumerKnown = true;
  volatile boolean threeLegged = true;
  volatile boolean twoLegged = true;
  volatile boolean impersonation = true;
  volatile boolean confirmsCallback = true;
  volatile boolean denied;
  volatile boolean expired;
  volatile InstantSource clock = InstantSource.system();
  volatile @Nullable Answer instead;

  /** How many of the next accepted requests get no answer. */
  final AtomicInteger drops = new AtomicInteger();

  final Set<String> people = Set.of("alice", "bob", "zo\u00eb & co");
  final List<Seen> seen = new CopyOnWriteArrayList<>();

  private final SignatureMethod method;
  private final HttpServer server;
  private final ExecutorService threads = Executors.newCachedThreadPool();
  private final Map<String, Grant> grants = new ConcurrentHashMap<>();
  private final AtomicInteger numbers = new AtomicInteger();
  private final Set<String> nonces = new HashSet<>();

  /** An answer in place of the peer's own. */
  record Answer(int status, Map<String, String> headers, String body) {}

  /** A request that was accepted. */
  record Seen(String method, String target, Map<String, List<String>> headers, String body) {}

  private record Grant(@Nullable String person, String secret, @Nullable String handle) {}

  TestPeer(SignatureMethod method) throws IOException {
    this.method = method;
    server = HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 0);
    server.setExecutor(threads);
    server.createContext("/", this::answer);
    server.start();
  }

  URI url() {
    return URI.create("http://127.0.0.1:" + server.getAddress().getPort() + "/base");
  }

  Signer signer() {
    return method.isRsa()
        ? Signer.rsa(method, CONSUMER, PAIR.getPrivate())
        : Signer.hmac(method, CONSUMER, Secret.of(SECRET));
  }

  static Secret privatePem() {
    return Keys.pem((RSAPrivateCrtKey) PAIR.getPrivate());
  }

  /** A link to this peer that may do everything. */
  ApplicationLinkDetails.Builder link() {
    return ApplicationLinkDetails.builder(
            new ApplicationId("5f0c1c52-0000-4000-8000-0123456789ab"),
            "CI",
            new JiraApplicationType(),
            url(),
            signer())
        .authentication(
            OAuthAuthenticationProvider.class,
            TwoLeggedOAuthAuthenticationProvider.class,
            TwoLeggedOAuthWithImpersonationAuthenticationProvider.class);
  }

  ApplicationLink linkFor(String person) {
    return only(ApplicationLinks.builder().link(link().build()).actingPerson(() -> person).build());
  }

  static ApplicationLink only(ApplicationLinks links) {
    return links.getApplicationLinks().get(0);
  }

  /** Lets a person decide; answers the verifier. */
  String allow(URI authorizationUrl, String person) {
    String token =
        LinkUrl.decode(authorizationUrl.getRawQuery()).stream()
            .filter(parameter -> parameter.name().equals("oauth_token"))
            .map(LinkUrl.Parameter::value)
            .findFirst()
            .orElseThrow();
    Grant waiting = Objects.requireNonNull(grants.get(token));
    grants.put(token, new Grant(person, waiting.secret(), null));
    return "code-" + token;
  }

  /** Takes back what people have granted. */
  void revokeAll() {
    grants.clear();
  }

  @Override
  public void close() {
    server.stop(0);
    threads.shutdownNow();
  }

  private void answer(HttpExchange exchange) throws IOException {
    try (exchange) {
      byte[] body = exchange.getRequestBody().readAllBytes();
      int before = seen.size();
      Answer answer = instead;
      if (answer == null) {
        answer = decide(exchange, body);
      } else {
        see(exchange, body);
      }
      if (seen.size() > before && drops.getAndUpdate(left -> Math.max(0, left - 1)) > 0) {
        throw new IOException("The connection is closed before an answer.");
      }
      answer.headers().forEach((name, value) -> exchange.getResponseHeaders().add(name, value));
      byte[] bytes = answer.body().getBytes(StandardCharsets.UTF_8);
      boolean none = bytes.length == 0 || exchange.getRequestMethod().equals("HEAD");
      exchange.sendResponseHeaders(answer.status(), none ? -1 : bytes.length);
      if (!none) {
        exchange.getResponseBody().write(bytes);
      }
    }
  }

  private Answer decide(HttpExchange exchange, byte[] body) {
    URI target = exchange.getRequestURI();
    String type = exchange.getRequestHeaders().getFirst("Content-Type");
    OAuthMessage message =
        OAuthMessage.parse(
            exchange.getRequestHeaders().getOrDefault("Authorization", List.of()),
            target.getRawQuery(),
            RequestBody.isForm(type) ? body : null);
    try {
      String path = target.getRawPath();
      String verb = exchange.getRequestMethod();
      if (path.endsWith("/oauth/request-token")) {
        verify(message, verb, path, "");
        return requestToken(message);
      }
      if (path.endsWith("/oauth/access-token")) {
        return accessToken(message, verb, path);
      }
      Object person = person(message, verb, path);
      if (person instanceof ProblemResponse off) {
        return new Answer(off.status(), Map.of("WWW-Authenticate", off.wwwAuthenticate()), "");
      }
      see(exchange, body);
      return resource(path, person.toString());
    } catch (OAuthProblemException e) {
      ProblemResponse problem = ProblemResponse.of(e, url().toString());
      return new Answer(
          problem.status(),
          Map.of(
              "WWW-Authenticate", problem.wwwAuthenticate(), "Content-Type", problem.contentType()),
          problem.body());
    }
  }

  private void see(HttpExchange exchange, byte[] body) {
    seen.add(
        new Seen(
            exchange.getRequestMethod(),
            exchange.getRequestURI().toString(),
            Map.copyOf(exchange.getRequestHeaders()),
            new String(body, StandardCharsets.UTF_8)));
  }

  private Answer resource(String path, String person) {
    if (path.endsWith("/moved")) {
      return new Answer(302, Map.of("Location", url() + "/me/api/json"), "");
    }
    if (path.endsWith("/missing")) {
      return new Answer(404, Map.of("Content-Type", "text/plain"), "no such thing");
    }
    return new Answer(
        200, Map.of("Content-Type", "application/json"), "{\"id\":\"" + person + "\"}");
  }

  private void verify(OAuthMessage message, String verb, String path, String tokenSecret) {
    new TimestampWindow(clock).check(message);
    VerificationKey key =
        method.isRsa()
            ? VerificationKey.rsa(method, (RSAPublicKey) PAIR.getPublic())
            : VerificationKey.hmac(method, Secret.of(SECRET), Secret.of(tokenSecret));
    if (!consumerKnown || !CONSUMER.equals(message.consumerKey())) {
      throw new OAuthProblemException(OAuthProblem.CONSUMER_KEY_UNKNOWN);
    }
    SignatureVerifier.verify(message, verb, List.of(url().resolve(path).toString()), key);
    synchronized (nonces) {
      if (!nonces.add(String.valueOf(message.nonce()))) {
        throw new OAuthProblemException(OAuthProblem.NONCE_USED);
      }
    }
  }

  private Answer requestToken(OAuthMessage message) {
    if (message.callback() == null) {
      throw OAuthProblemException.absent("oauth_callback");
    }
    String token = "request-" + numbers.incrementAndGet();
    grants.put(token, new Grant(null, "secret of " + token, null));
    return form(
        "oauth_token="
            + token
            + "&oauth_token_secret=secret+of+"
            + token
            + (confirmsCallback ? "&oauth_callback_confirmed=true" : ""));
  }

  private Answer accessToken(OAuthMessage message, String verb, String path) {
    String value = String.valueOf(message.token());
    Grant grant = grants.get(value);
    if (grant == null) {
      throw new OAuthProblemException(OAuthProblem.TOKEN_REJECTED);
    }
    verify(message, verb, path, grant.secret());
    if (denied) {
      throw new OAuthProblemException(OAuthProblem.PERMISSION_DENIED);
    }
    if (message.sessionHandle() != null) {
      if (!message.sessionHandle().equals(grant.handle())) {
        throw new OAuthProblemException(OAuthProblem.TOKEN_REJECTED);
      }
    } else if (grant.person() == null) {
      throw new OAuthProblemException(OAuthProblem.PERMISSION_UNKNOWN);
    } else if (!("code-" + value).equals(message.verifier())) {
      throw new OAuthProblemException(OAuthProblem.TOKEN_REJECTED);
    }
    grants.remove(value);
    expired = false;
    int number = numbers.incrementAndGet();
    String token = "access-" + number;
    grants.put(token, new Grant(grant.person(), grant.secret(), "handle-" + number));
    return form(
        LinkUrl.encode(
            List.of(
                new LinkUrl.Parameter("oauth_token", token),
                new LinkUrl.Parameter("oauth_token_secret", grant.secret()),
                new LinkUrl.Parameter("oauth_expires_in", "3600"),
                new LinkUrl.Parameter("oauth_session_handle", "handle-" + number))));
  }

  private static Answer form(String body) {
    return new Answer(200, Map.of("Content-Type", "text/plain"), body);
  }

  private Object person(OAuthMessage message, String verb, String path) {
    String token = message.token();
    if (token == null) {
      throw OAuthProblemException.absent("oauth_token");
    }
    if (token.isEmpty()) {
      verify(message, verb, path, "");
      String requestor = message.parameter("xoauth_requestor_id");
      if (requestor == null ? !twoLegged : !impersonation) {
        return ProblemResponse.levelOff(message, url().toString());
      }
      if (requestor != null && !people.contains(requestor)) {
        throw new OAuthProblemException(OAuthProblem.PERMISSION_DENIED);
      }
      return requestor == null ? "reader" : requestor;
    }
    Grant grant = grants.get(token);
    if (grant == null) {
      throw new OAuthProblemException(OAuthProblem.TOKEN_REJECTED);
    }
    verify(message, verb, path, grant.secret());
    if (expired) {
      throw new OAuthProblemException(OAuthProblem.TOKEN_EXPIRED);
    }
    if (!threeLegged) {
      throw new OAuthProblemException(OAuthProblem.PERMISSION_DENIED);
    }
    return Objects.requireNonNull(grant.person());
  }
}
