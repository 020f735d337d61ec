package dev.onbehalf.server.web;

import dev.onbehalf.server.config.PublicUrl;
import dev.onbehalf.server.wire.TestHttp;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.net.Socket;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.Function;
import org.eclipse.jetty.server.Handler;
import org.eclipse.jetty.server.Request;
import org.eclipse.jetty.server.Response;
import org.eclipse.jetty.server.Server;
import org.eclipse.jetty.server.ServerConnector;
import org.eclipse.jetty.util.Callback;

/** A Jetty on a free port that serves routes through a {@link WebAdapter}. */
public final class TestServer implements AutoCloseable {
  private final Server server = new Server();
  private final ServerConnector connector = new ServerConnector(server);
  private final HttpClient client = HttpClient.newBuilder().build();
  private final AtomicInteger requests = new AtomicInteger();
  private final WebAdapter adapter;
  private final PublicUrl url;

  /** Starts with the context path and what builds the adapter. */
  TestServer(WebAdapter adapter, String contextPath, Function<String, String> publicUrl) {
    this.adapter = adapter;
    connector.setHost("127.0.0.1");
    server.addConnector(connector);
    server.setHandler(
        new Handler.Abstract() {
          @Override
          public boolean handle(Request request, Response response, Callback callback) {
            return serve(request, response, callback);
          }
        });
    try {
      connector.open();
      url =
          PublicUrl.parse(
              publicUrl.apply("http://127.0.0.1:" + connector.getLocalPort() + contextPath));
      server.start();
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    } catch (Exception e) {
      throw new IllegalStateException(e);
    }
  }

  /** Starts a server for {@code routes} at a context path, known by its own plain HTTP URL. */
  public static TestServer start(Routes routes, Pages pages, String contextPath) {
    return new TestServer(new WebAdapter(routes, pages, 4096), contextPath, own -> own);
  }

  /** Starts a server that is told another public URL, as behind a proxy that terminates TLS. */
  public static TestServer startAs(Routes routes, Pages pages, String publicUrl) {
    return new TestServer(new WebAdapter(routes, pages, 4096), "", own -> publicUrl);
  }

  private boolean serve(Request request, Response response, Callback callback) {
    String path = request.getHttpURI().getPath();
    String context = url.contextPath();
    if (!path.startsWith(context)) {
      return false;
    }
    String inContext = path.substring(context.length());
    Arrival arrival =
        new Arrival(
            "r" + requests.incrementAndGet(),
            "ci",
            url,
            List.of(url.with(inContext)),
            inContext,
            request.getHttpURI().getQuery(),
            "127.0.0.1");
    return adapter.handle(request, response, callback, arrival);
  }

  /** The URL under which it is known. */
  public PublicUrl url() {
    return url;
  }

  public int port() {
    return connector.getLocalPort();
  }

  /** Starts a request to a path, given with the context path. */
  public HttpRequest.Builder request(String path) {
    return HttpRequest.newBuilder(URI.create("http://127.0.0.1:" + port() + path))
        .timeout(Duration.ofSeconds(20));
  }

  /** Sends a request; redirects are not followed. */
  public HttpResponse<String> send(HttpRequest.Builder request) {
    return TestHttp.send(client, request.build());
  }

  /** Sends raw bytes and reads until the server closes the connection. */
  public String raw(String text) {
    try (Socket socket = new Socket(InetAddress.getLoopbackAddress(), port())) {
      socket.setSoTimeout(20_000);
      socket.getOutputStream().write(text.getBytes(StandardCharsets.ISO_8859_1));
      socket.getOutputStream().flush();
      return new String(socket.getInputStream().readAllBytes(), StandardCharsets.ISO_8859_1);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  @Override
  public void close() {
    try {
      server.stop();
    } catch (Exception e) {
      throw new IllegalStateException(e);
    } finally {
      adapter.close();
    }
  }
}
