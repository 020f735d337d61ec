package dev.onbehalf.server.wire;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.atomic.AtomicInteger;
import org.jspecify.annotations.Nullable;

/** An application that keeps every request as its bytes came, and answers as it is told. */
public final class StubUpstream implements AutoCloseable {
  /** Answers one request; returns the bytes of the answer, or null to close the connection. */
  @FunctionalInterface
  public interface Script {
    @Nullable String answer(Wire.Message request, Wire wire) throws IOException;
  }

  private final ServerSocket server;
  private final ExecutorService threads = Executors.newCachedThreadPool();
  private final List<Wire.Message> requests = new CopyOnWriteArrayList<>();
  private final List<Socket> sockets = new CopyOnWriteArrayList<>();
  private final AtomicInteger connections = new AtomicInteger();
  private volatile Script script = (request, wire) -> ok("hello");
  private volatile boolean readBodies = true;

  public StubUpstream() throws IOException {
    this(new ServerSocket(0, 200, InetAddress.getLoopbackAddress()));
  }

  public StubUpstream(ServerSocket server) {
    this.server = server;
    threads.execute(this::accept);
  }

  public static String ok(String body) {
    return answer(200, body);
  }

  public static String answer(int status, String body, String... headers) {
    StringBuilder text = new StringBuilder("HTTP/1.1 " + status + " Some Reason\r\n");
    for (String header : headers) {
      text.append(header).append("\r\n");
    }
    return text.append("Content-Length: ")
        .append(body.length())
        .append("\r\n\r\n")
        .append(body)
        .toString();
  }

  public void script(Script answers) {
    script = answers;
  }

  public void answers(String answer) {
    script = (request, wire) -> answer;
  }

  /** Leaves bodies in the socket, for the script to read or not. */
  public void leaveBodies() {
    readBodies = false;
  }

  public int port() {
    return server.getLocalPort();
  }

  public int connections() {
    return connections.get();
  }

  public List<Wire.Message> requests() {
    return requests;
  }

  public Wire.Message last() {
    return requests.get(requests.size() - 1);
  }

  public void closeConnections() throws IOException {
    for (Socket socket : sockets) {
      socket.close();
    }
  }

  private void accept() {
    try {
      while (true) {
        Socket socket = server.accept();
        connections.incrementAndGet();
        sockets.add(socket);
        threads.execute(() -> serve(socket));
      }
    } catch (IOException e) {
      // Closed.
    }
  }

  private void serve(Socket socket) {
    try (Wire wire = new Wire(socket)) {
      socket.setSoTimeout(0);
      while (true) {
        Optional<Wire.Message> head = wire.head();
        if (head.isEmpty()) {
          return;
        }
        Wire.Message request = head.get();
        String body = readBodies ? wire.body(request, false) : "";
        request = new Wire.Message(request.start(), request.lines(), body);
        requests.add(request);
        String answer = script.answer(request, wire);
        if (answer == null) {
          return;
        }
        socket.getOutputStream().write(answer.getBytes(StandardCharsets.ISO_8859_1));
        socket.getOutputStream().flush();
        if (request.header("Connection").filter("close"::equalsIgnoreCase).isPresent()) {
          return;
        }
      }
    } catch (IOException | UncheckedIOException e) {
      // The other side went away.
    }
  }

  @Override
  public void close() throws IOException {
    server.close();
    closeConnections();
    threads.shutdownNow();
  }
}
