package dev.onbehalf.server.admin;

import dev.onbehalf.server.config.AdminConfig;
import dev.onbehalf.server.config.PublicUrl;
import dev.onbehalf.server.web.Arrival;
import dev.onbehalf.server.web.RequestIds;
import dev.onbehalf.server.web.WebAdapter;
import dev.onbehalf.server.web.WebHandler;
import java.io.IOException;
import java.util.List;
import org.eclipse.jetty.server.Handler;
import org.eclipse.jetty.server.HttpConfiguration;
import org.eclipse.jetty.server.HttpConnectionFactory;
import org.eclipse.jetty.server.Request;
import org.eclipse.jetty.server.Response;
import org.eclipse.jetty.server.Server;
import org.eclipse.jetty.server.ServerConnector;
import org.eclipse.jetty.util.Callback;
import org.eclipse.jetty.util.thread.QueuedThreadPool;

/** The administrator listener: nothing of it is reachable on the public one. */
final class AdminServer implements AutoCloseable {
  private static final int THREADS = 8;

  private final Server server;
  private final ServerConnector connector;

  private AdminServer(Server server, ServerConnector connector) {
    this.server = server;
    this.connector = connector;
  }

  /**
   * Starts the listener.
   *
   * @throws IOException with one sentence if the port cannot be bound
   */
  static AdminServer start(AdminConfig config, WebAdapter adapter, WebHandler handler)
      throws IOException {
    QueuedThreadPool threads = new QueuedThreadPool(THREADS, 2);
    threads.setName("admin");
    threads.setDaemon(true);
    Server server = new Server(threads);
    HttpConfiguration http = new HttpConfiguration();
    http.setSendServerVersion(false);
    ServerConnector connector =
        new ServerConnector(server, null, null, null, 1, 1, new HttpConnectionFactory(http));
    connector.setHost(config.address());
    connector.setPort(config.port());
    server.addConnector(connector);
    server.setHandler(new Handling(adapter, handler));
    try {
      connector.open();
      server.start();
    } catch (Exception e) {
      stop(server);
      throw new IOException(
          "The administration cannot listen on "
              + config.address()
              + ":"
              + config.port()
              + ": "
              + e.getMessage()
              + ". Set the option admin to a free port.",
          e);
    }
    return new AdminServer(server, connector);
  }

  int port() {
    return connector.getLocalPort();
  }

  @Override
  public void close() {
    stop(server);
  }

  private static void stop(Server server) {
    try {
      server.stop();
    } catch (Exception e) {
      throw new IllegalStateException("The administration listener did not stop.", e);
    }
  }

  private static final class Handling extends Handler.Abstract {
    private final WebAdapter adapter;
    private final WebHandler handler;

    Handling(WebAdapter adapter, WebHandler handler) {
      this.adapter = adapter;
      this.handler = handler;
    }

    @Override
    public boolean handle(Request request, Response response, Callback callback) {
      int port = Request.getLocalPort(request);
      PublicUrl url = new PublicUrl("http", Request.getLocalAddr(request), port, "");
      Arrival arrival =
          new Arrival(
              RequestIds.next(),
              null,
              url,
              List.of(),
              request.getHttpURI().getPath(),
              request.getHttpURI().getQuery(),
              Request.getRemoteAddr(request));
      adapter.handle(request, response, callback, arrival, handler);
      return true;
    }
  }
}
