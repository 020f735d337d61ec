package dev.onbehalf.server.monitor;

import com.sun.net.httpserver.HttpServer;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.charset.StandardCharsets;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/** Somebody's web address that is told what changed. */
final class HookReceiver implements AutoCloseable {
  private final HttpServer server;
  private final LinkedBlockingQueue<String> bodies = new LinkedBlockingQueue<>();
  volatile int status = 200;

  HookReceiver() throws IOException {
    server = HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 0);
    server.createContext(
        "/",
        exchange -> {
          String body =
              new String(exchange.getRequestBody().readAllBytes(), StandardCharsets.UTF_8);
          exchange.sendResponseHeaders(status, -1);
          exchange.close();
          bodies.add(body);
        });
    server.start();
  }

  String url() {
    return "http://127.0.0.1:" + server.getAddress().getPort() + "/services/T0/secret-of-the-hook";
  }

  /** Waits for the next thing told. */
  JsonNode next() throws InterruptedException {
    String body = bodies.poll(60, TimeUnit.SECONDS);
    if (body == null) {
      throw new AssertionError("Nothing was told.");
    }
    return JsonMapper.shared().readTree(body);
  }

  int waiting() {
    return bodies.size();
  }

  @Override
  public void close() {
    server.stop(0);
  }
}
