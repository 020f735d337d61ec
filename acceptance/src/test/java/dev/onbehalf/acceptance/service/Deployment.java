package dev.onbehalf.acceptance.service;

import dev.onbehalf.acceptance.clients.ClientLibrary.Settings;
import dev.onbehalf.acceptance.clients.ClientLibrary.Signing;
import dev.onbehalf.acceptance.clients.KeyPairPem;
import dev.onbehalf.acceptance.peers.EchoServer;
import dev.onbehalf.acceptance.peers.HudsonServer;
import dev.onbehalf.acceptance.peers.HudsonServer.Security;
import dev.onbehalf.acceptance.peers.Ports;
import dev.onbehalf.acceptance.peers.Secrets;
import java.net.URI;
import java.nio.file.Path;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.extension.ExtensionContext;
import org.junit.jupiter.api.extension.ExtensionContext.Namespace;
import org.junit.jupiter.api.extension.ParameterContext;
import org.junit.jupiter.api.extension.ParameterResolver;

/**
 * One Onbehalf for all test classes that ask for it, in front of Hudson, of an echo, and of what a
 * test starts on a port kept free for it.
 *
 * <p>People: {@code alice} and {@code carol} may build in Hudson, {@code bob} may look, {@code
 * reader} is whom two-legged requests run as. Consumers: {@link #RSA} and {@link #HMAC}, both with
 * every level on.
 */
public final class Deployment implements AutoCloseable {
  /** Key of the consumer that signs with {@code RSA-SHA1}. */
  public static final String RSA = "tracker";

  /** Key of the consumer that signs with {@code HMAC-SHA1}. */
  public static final String HMAC = "script";

  private static final String SECRET = Secrets.made("shared secret", "a shared secret & some more");
  private static final Namespace NAMESPACE = Namespace.create(Deployment.class);

  private final KeyPairPem pair = KeyPairPem.generate();
  private final HudsonServer hudson;
  private final EchoServer echo;
  private final int buildbotPort = Ports.free();
  private final int nginxPort = Ports.free();
  private final OnbehalfProcess onbehalf;

  private Deployment() {
    hudson = HudsonServer.startGuarded(Security.MATRIX_AND_CRUMBS);
    echo = EchoServer.start();
    try {
      onbehalf = start();
    } catch (RuntimeException | Error e) {
      echo.close();
      hudson.close();
      throw e;
    }
  }

  private OnbehalfProcess start() {
    int port = Ports.free();
    OnbehalfProcess started =
        OnbehalfProcess.start(
            port,
            Fronts.hudson("ci", "http://127.0.0.1:" + port, hudson, "    sign-in: optional\n")
                + """
                  echo:
                    public-url: http://localhost:%1$d/echo
                    upstream: %2$s
                  buildbot:
                    public-url: http://localhost:%1$d/buildbot
                    upstream: http://127.0.0.1:%3$d
                    adapter: session
                    user-header: X-Remote-User
                  front:
                    public-url: https://127.0.0.1:%4$d
                    upstream: %2$s
                    sign-in: required
                """
                    .formatted(port, echo.url(), buildbotPort, nginxPort));
    try {
      populate(started);
      return started;
    } catch (RuntimeException | Error e) {
      started.close();
      throw e;
    }
  }

  private void populate(OnbehalfProcess started) {
    started.addPerson("alice", "developers");
    started.addPerson("bob");
    started.addPerson("carol", "developers");
    started.addPerson("reader");
    addConsumer(
        started, RSA, "Issue tracker", "RSA-SHA1", "--public-key", "tracker.pem", pair.publicPem());
    addConsumer(
        started, HMAC, "Night script", "HMAC-SHA1", "--secret-file", "script.secret", SECRET);
  }

  private static void addConsumer(
      OnbehalfProcess started,
      String key,
      String name,
      String method,
      String option,
      String file,
      String content) {
    started.command(
        "consumer",
        "add",
        key,
        "--name",
        name,
        "--method",
        method,
        option,
        started.file(file, content).toString(),
        "--callback",
        "http://127.0.0.1:9/callback",
        "--execute-as",
        "reader",
        "--impersonation",
        "true");
  }

  /** The running service. */
  public OnbehalfProcess onbehalf() {
    return onbehalf;
  }

  /** The upstream of the application {@code ci}, which is {@link #ci}. */
  public HudsonServer hudson() {
    return hudson;
  }

  /** The upstream of the applications {@code echo} and {@code front}. */
  public EchoServer echoServer() {
    return echo;
  }

  /** An address in the application {@code ci}. */
  public URI ci(String path) {
    return onbehalf.at("127.0.0.1", path);
  }

  /** An address in the application {@code echo}. */
  public URI echo(String path) {
    return onbehalf.at("localhost", "/echo" + path);
  }

  /** An address in the application {@code buildbot}. */
  public URI buildbot(String path) {
    return onbehalf.at("localhost", "/buildbot" + path);
  }

  /** An address in the application {@code front}, which exists once nginx listens. */
  public URI front(String path) {
    return URI.create("https://127.0.0.1:" + nginxPort + path);
  }

  /** Where the upstream of {@code buildbot} must listen. */
  public int buildbotPort() {
    return buildbotPort;
  }

  /** Where nginx must listen for {@code front}. */
  public int nginxPort() {
    return nginxPort;
  }

  /** How a client of an application is set up; {@code base} is its address of the empty path. */
  public Settings settings(URI base, Signing signing, @Nullable Path authority) {
    boolean rsa = signing == Signing.RSA_SHA1;
    return new Settings(
        rsa ? RSA : HMAC,
        signing,
        rsa ? pair.privatePem() : SECRET,
        URI.create(base + "/plugins/servlet/oauth/request-token"),
        URI.create(base + "/plugins/servlet/oauth/authorize"),
        URI.create(base + "/plugins/servlet/oauth/access-token"),
        authority);
  }

  @Override
  public void close() {
    onbehalf.close();
    echo.close();
    hudson.close();
  }

  /** Hands the one deployment of the test run to constructors and methods. */
  public static final class Shared implements ParameterResolver {

    @Override
    public boolean supportsParameter(ParameterContext parameter, ExtensionContext context) {
      return parameter.getParameter().getType() == Deployment.class;
    }

    @Override
    public Deployment resolveParameter(ParameterContext parameter, ExtensionContext context) {
      return context
          .getRoot()
          .getStore(NAMESPACE)
          .computeIfAbsent(Deployment.class, type -> new Deployment(), Deployment.class);
    }
  }
}
