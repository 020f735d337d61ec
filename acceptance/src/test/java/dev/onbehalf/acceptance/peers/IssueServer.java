package dev.onbehalf.acceptance.peers;

import com.sun.net.httpserver.HttpExchange;
import com.sun.net.httpserver.HttpServer;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;

/** A small issue tracker that knows its users by header: it keeps comments and says whose. */
public final class IssueServer implements AutoCloseable {
  private static final String COMMENT = "/rest/api/2/issue/KEY-1/comment";

  private final List<String> comments = new CopyOnWriteArrayList<>();
  private final HttpServer server;

  private IssueServer(HttpServer server) {
    this.server = server;
  }

  /** Starts it on a free port. */
  public static IssueServer start() {
    try {
      IssueServer issues =
          new IssueServer(
              HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 0));
      issues.server.createContext("/", issues::answer);
      issues.server.start();
      return issues;
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  /** Where it listens. */
  public URI url() {
    return URI.create("http://127.0.0.1:" + server.getAddress().getPort());
  }

  /** What was commented so far: who, a colon, the text as it came. */
  public List<String> comments() {
    return comments;
  }

  private void answer(HttpExchange exchange) throws IOException {
    try (exchange) {
      String user = String.valueOf(exchange.getRequestHeaders().getFirst("X-Forwarded-User"));
      String body = new String(exchange.getRequestBody().readAllBytes(), StandardCharsets.UTF_8);
      boolean comment =
          exchange.getRequestMethod().equals("POST")
              && exchange.getRequestURI().getRawPath().endsWith(COMMENT);
      if (comment) {
        comments.add(user + ": " + body);
      }
      byte[] answer = ("{\"author\":\"" + user + "\"}").getBytes(StandardCharsets.UTF_8);
      exchange.getResponseHeaders().set("Content-Type", "application/json");
      exchange.sendResponseHeaders(comment ? 201 : 200, answer.length);
      exchange.getResponseBody().write(answer);
    }
  }

  @Override
  public void close() {
    server.stop(0);
  }
}
