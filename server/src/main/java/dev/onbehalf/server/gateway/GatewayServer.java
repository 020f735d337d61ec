package dev.onbehalf.server.gateway;

import dev.onbehalf.server.access.AccessPolicy;
import dev.onbehalf.server.access.ArrivalWitness;
import dev.onbehalf.server.access.RequestAuthenticator;
import dev.onbehalf.server.audit.AuditTrail;
import dev.onbehalf.server.config.ApplicationConfig;
import dev.onbehalf.server.config.Configuration;
import dev.onbehalf.server.config.TlsConfig;
import dev.onbehalf.server.gateway.upstream.UpstreamClient;
import dev.onbehalf.server.people.Sessions;
import dev.onbehalf.server.people.SignIn;
import dev.onbehalf.server.web.Routes;
import dev.onbehalf.server.web.WebAdapter;
import io.micrometer.core.instrument.Gauge;
import io.micrometer.core.instrument.MeterRegistry;
import java.io.IOException;
import java.time.Clock;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import org.eclipse.jetty.alpn.server.ALPNServerConnectionFactory;
import org.eclipse.jetty.http.HttpCompliance;
import org.eclipse.jetty.http.UriCompliance;
import org.eclipse.jetty.http.UriCompliance.Violation;
import org.eclipse.jetty.http2.server.HTTP2ServerConnectionFactory;
import org.eclipse.jetty.server.ConnectionFactory;
import org.eclipse.jetty.server.HttpConfiguration;
import org.eclipse.jetty.server.HttpConnectionFactory;
import org.eclipse.jetty.server.SecureRequestCustomizer;
import org.eclipse.jetty.server.Server;
import org.eclipse.jetty.server.SslConnectionFactory;
import org.eclipse.jetty.util.component.Graceful;
import org.eclipse.jetty.util.thread.QueuedThreadPool;

/** The public listener: a reverse proxy in front of the applications, and our own pages. */
public final class GatewayServer implements AutoCloseable {
  private static final int RESPONSE_HEADER_BYTES = 64 * 1024;

  /** One for each core: a request is read, checked, passed on and answered on its thread. */
  private static final int SELECTORS = Math.min(16, Runtime.getRuntime().availableProcessors());

  private static final int OTHER_THREADS = 60;
  private static final long IDLE_MILLIS = 60_000;
  private static final Duration STOP_GRACE = Duration.ofSeconds(10);
  private static final long STOP_LOOK_MILLIS = 50;
  private static final int MAX_STREAMS = 128;

  private final Server server;
  private final LoopConnector connector;
  private final Decisions decisions;
  private final OpenTunnels tunnels = new OpenTunnels();
  private final List<Application> applications = new ArrayList<>();

  /**
   * Prepares the listener, which {@link #start} opens.
   *
   * @param ownSites sites of ours beside the applications
   * @param witness looks at our own requests to public URLs
   * @param meters where requests are counted
   * @throws IllegalArgumentException with one sentence, if the configuration cannot be served
   */
  public GatewayServer(
      Configuration configuration,
      Routes routes,
      WebAdapter web,
      List<OwnSite> ownSites,
      Sessions sessions,
      SignIn signIn,
      RequestAuthenticator authenticator,
      AccessPolicy policy,
      AuditTrail audit,
      Clock clock,
      ArrivalWitness witness,
      MeterRegistry meters) {
    QueuedThreadPool threads = new QueuedThreadPool(SELECTORS + OTHER_THREADS, 4);
    threads.setName("gateway");
    server = new Server(threads);
    connector = new LoopConnector(server, SELECTORS, protocols(configuration, meters));
    connector.setHost(configuration.listen().address());
    connector.setPort(configuration.listen().port());
    connector.setIdleTimeout(IDLE_MILLIS);
    server.addConnector(connector);
    for (ApplicationConfig application : configuration.applications()) {
      applications.add(application(application, meters));
    }
    HeaderRules rules = new HeaderRules(configuration.applications());
    RateLimits limits = new RateLimits(configuration.limits(), audit, clock);
    decisions =
        new Decisions(
            authenticator,
            policy,
            sessions,
            signIn,
            audit,
            clock,
            new Exchange.Stages(
                new RequestHeaders(rules, sessions),
                new ResponseHeaders(rules, sessions),
                tunnels,
                clock),
            limits,
            configuration.limits().signedFormBytes());
    server.setHandler(
        new GatewayHandler(
            new Sites(applications),
            ownSites,
            new TrustedProxies(configuration.trustedProxies()),
            routes,
            web,
            limits,
            decisions,
            witness));
    server.setErrorHandler(new GatewayErrors());
    Gauge.builder("onbehalf.tunnels.open", tunnels, OpenTunnels::count)
        .description("WebSocket and other tunnels open that run as somebody.")
        .register(meters);
    Gauge.builder(
            "onbehalf.connections.open", connector, open -> open.getConnectedEndPoints().size())
        .description("Connections open to the public listener.")
        .register(meters);
  }

  private ConnectionFactory[] protocols(Configuration configuration, MeterRegistry meters) {
    HttpConfiguration http = http(configuration);
    HttpConnectionFactory http1 = new HttpConnectionFactory(http);
    TlsConfig tls = configuration.listen().tls();
    if (tls == null) {
      return new ConnectionFactory[] {http1};
    }
    http.addCustomizer(new SecureRequestCustomizer(false));
    TlsFiles files = new TlsFiles(tls);
    server.addBean(files);
    Gauge.builder("onbehalf.tls.certificate.expires", files, TlsFiles::expiresSeconds)
        .description("When the certificate of the listener ends, in seconds since 1970.")
        .baseUnit("seconds")
        .register(meters);
    HTTP2ServerConnectionFactory http2 = new HTTP2ServerConnectionFactory(http);
    http2.setConnectProtocolEnabled(false);
    http2.setMaxConcurrentStreams(MAX_STREAMS);
    http2.setStreamIdleTimeout(IDLE_MILLIS);
    ALPNServerConnectionFactory alpn = new ALPNServerConnectionFactory();
    alpn.setDefaultProtocol(http1.getProtocol());
    return new ConnectionFactory[] {
      new SslConnectionFactory(files.context(), alpn.getProtocol()), alpn, http2, http1
    };
  }

  private Application application(ApplicationConfig config, MeterRegistry meters) {
    return new Application(
        config,
        new UpstreamClient(
            config.upstreamSecure(),
            config.upstream().getHost(),
            config.upstreamPort(),
            config.connectTimeout(),
            config.responseTimeout(),
            RESPONSE_HEADER_BYTES,
            connector,
            server.getThreadPool(),
            server.getByteBufferPool()),
        meters);
  }

  private static HttpConfiguration http(Configuration configuration) {
    HttpConfiguration http = new HttpConfiguration();
    http.setRequestHeaderSize(configuration.limits().headerBytes());
    http.setResponseHeaderSize(8 * 1024);
    http.setMaxResponseHeaderSize(RESPONSE_HEADER_BYTES);
    http.setSendServerVersion(false);
    http.setSendDateHeader(false);
    // Jetty would remember header lines to parse them faster the next time: each connection's own
    // table, which every
    // signed request fills with a line that never comes again, and clearing it costs more than
    // verifying the signature.
    http.setHeaderCacheSize(0);
    http.setHttpCompliance(HttpCompliance.STRICT);
    http.setUriCompliance(
        UriCompliance.RFC3986.with(
            "GATEWAY",
            Violation.AMBIGUOUS_PATH_SEGMENT,
            Violation.AMBIGUOUS_EMPTY_SEGMENT,
            Violation.AMBIGUOUS_PATH_SEPARATOR,
            Violation.AMBIGUOUS_PATH_PARAMETER,
            Violation.AMBIGUOUS_PATH_ENCODING,
            Violation.UTF16_ENCODINGS,
            Violation.BAD_UTF8_ENCODING,
            Violation.TRUNCATED_UTF8_ENCODING,
            Violation.BAD_PERCENT_ENCODING,
            Violation.SUSPICIOUS_PATH_CHARACTERS));
    return http;
  }

  /**
   * Opens the listener.
   *
   * @throws IOException with one sentence, if the port is taken or may not be opened
   */
  public void start() throws IOException {
    try {
      for (Application application : applications) {
        application.client().start();
      }
      server.start();
      tunnels.start();
    } catch (IOException e) {
      throw e;
    } catch (Exception e) {
      throw new IOException("The gateway cannot start: " + e.getMessage(), e);
    }
  }

  /** Ends the tunnels that no longer may be open, without waiting for their turn. */
  void checkTunnels() {
    tunnels.check();
  }

  /** Returns the port it listens on. */
  public int port() {
    return connector.getLocalPort();
  }

  /** Lets requests under way finish for some seconds, then ends what is left and stops. */
  @Override
  public void close() throws IOException {
    close(STOP_GRACE);
  }

  void close(Duration grace) throws IOException {
    try {
      tunnels.close();
      letFinish(grace);
      server.stop();
      decisions.close();
      for (Application application : applications) {
        application.client().close();
      }
    } catch (Exception e) {
      throw new IOException("The gateway did not stop cleanly: " + e.getMessage(), e);
    }
  }

  /**
   * Takes no more connections and waits for those there are. Jetty's own word does not come where
   * an HTTP/2 session has failed a moment before, nor where a client stays in spite of a GOAWAY, so
   * it counts too that no connection is left, and in the end that time is up.
   */
  private void letFinish(Duration grace) throws InterruptedException, ExecutionException {
    long deadlineNanos = System.nanoTime() + grace.toNanos();
    CompletableFuture<Void> finished = Graceful.shutdown(server);
    while (System.nanoTime() - deadlineNanos < 0) {
      try {
        finished.get(STOP_LOOK_MILLIS, TimeUnit.MILLISECONDS);
        return;
      } catch (TimeoutException e) {
        if (connector.getConnectedEndPoints().isEmpty()) {
          return;
        }
      }
    }
  }
}
