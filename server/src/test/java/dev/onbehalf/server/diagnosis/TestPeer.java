package dev.onbehalf.server.diagnosis;

import java.io.BufferedInputStream;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;

/** A peer of the doctor's, an upstream or a proxy, that answers one request a connection. */
final class TestPeer implements AutoCloseable {
  /** Returns the bytes of an answer, as Latin-1. */
  @FunctionalInterface
  interface Script {
    String answer(Request request) throws IOException;
  }

  /** A request as its bytes came. */
  record Request(String target, List<String> headers) {
    Optional<String> header(String name) {
      return headers.stream()
          .filter(line -> line.regionMatches(true, 0, name + ":", 0, name.length() + 1))
          .map(line -> line.substring(name.length() + 1).strip())
          .findFirst();
    }

    Request with(String name, String value) {
      List<String> lines = new ArrayList<>(headers);
      lines.removeIf(line -> line.regionMatches(true, 0, name + ":", 0, name.length() + 1));
      lines.add(name + ": " + value);
      return new Request(target, lines);
    }

    Request at(String otherTarget) {
      return new Request(otherTarget, headers);
    }
  }

  private final ServerSocket server;
  private final ExecutorService threads = Executors.newCachedThreadPool();
  private final List<Request> requests = new CopyOnWriteArrayList<>();
  private volatile Script script = request -> answer(200, "hello");

  TestPeer() throws IOException {
    this(new ServerSocket(0, 50, InetAddress.getLoopbackAddress()));
  }

  TestPeer(ServerSocket server) {
    this.server = server;
    threads.execute(this::accept);
  }

  static String answer(int status, String body, String... headers) {
    StringBuilder text = new StringBuilder("HTTP/1.1 " + status + " Some Reason\r\n");
    for (String header : headers) {
      text.append(header).append("\r\n");
    }
    return text.append("Content-Length: ")
        .append(body.length())
        .append("\r\nConnection: close\r\n\r\n")
        .append(body)
        .toString();
  }

  /** Passes a request on, from {@code source}, and returns the answer as it comes. */
  static String pass(Request request, String source, int port) throws IOException {
    try (Socket socket =
        new Socket(InetAddress.getLoopbackAddress(), port, InetAddress.getByName(source), 0)) {
      String head =
          "GET "
              + request.target()
              + " HTTP/1.1\r\n"
              + String.join("\r\n", request.headers())
              + "\r\n\r\n";
      socket.getOutputStream().write(head.getBytes(StandardCharsets.ISO_8859_1));
      return new String(socket.getInputStream().readAllBytes(), StandardCharsets.ISO_8859_1);
    }
  }

  void script(Script answers) {
    script = answers;
  }

  int port() {
    return server.getLocalPort();
  }

  List<Request> requests() {
    return requests;
  }

  private void accept() {
    try {
      while (true) {
        Socket socket = server.accept();
        threads.execute(() -> serve(socket));
      }
    } catch (IOException e) {
      // Closed.
    }
  }

  private void serve(Socket accepted) {
    try (Socket socket = accepted) {
      InputStream in = new BufferedInputStream(socket.getInputStream());
      String start = line(in);
      List<String> headers = new ArrayList<>();
      for (String line = line(in); !line.isEmpty(); line = line(in)) {
        headers.add(line);
      }
      if (!start.startsWith("GET ")) {
        throw new IOException("not a GET: " + start);
      }
      Request request = new Request(start.split(" ", -1)[1], headers);
      requests.add(request);
      socket.getOutputStream().write(script.answer(request).getBytes(StandardCharsets.ISO_8859_1));
    } catch (IOException e) {
      // The other side went away.
    }
  }

  private static String line(InputStream in) throws IOException {
    ByteArrayOutputStream line = new ByteArrayOutputStream();
    int next;
    while ((next = in.read()) != '\n') {
      if (next < 0) {
        throw new IOException("closed");
      }
      line.write(next);
    }
    return line.toString(StandardCharsets.ISO_8859_1).stripTrailing();
  }

  @Override
  public void close() throws IOException {
    server.close();
    threads.shutdownNow();
  }
}
