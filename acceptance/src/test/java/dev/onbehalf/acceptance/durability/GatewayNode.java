package dev.onbehalf.acceptance.durability;

import dev.onbehalf.acceptance.peers.Ports;
import dev.onbehalf.acceptance.peers.Secrets;
import dev.onbehalf.acceptance.peers.ServerProcess;
import dev.onbehalf.acceptance.peers.Workspace;
import dev.onbehalf.acceptance.service.Command;
import dev.onbehalf.acceptance.service.OnbehalfProcess;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.Socket;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.ArrayList;
import java.util.List;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/** One node, run from the executable jar, that is killed and started again in its directory. */
final class GatewayNode implements AutoCloseable {
  private static final Pattern READY = Pattern.compile("Onbehalf is ready: ");
  private static final int SOCKET_MILLIS = 30_000;

  private final Path directory = Workspace.create("node");
  private final HttpClient http = HttpClient.newHttpClient();
  private final int port;
  private final int adminPort = Ports.free();
  private final @Nullable String databaseUrl;
  private @Nullable ServerProcess process;

  /**
   * Writes the configuration; {@link #start} starts the node.
   *
   * @param publicUrl what requests are signed for, the same for all nodes
   * @param databaseUrl null for the embedded database
   */
  GatewayNode(int port, String publicUrl, URI upstream, @Nullable String databaseUrl) {
    this.port = port;
    this.databaseUrl = databaseUrl;
    StringBuilder configuration = new StringBuilder();
    configuration
        .append("data: data\nlisten: 127.0.0.1:")
        .append(port)
        .append("\nadmin: 127.0.0.1:")
        .append(adminPort)
        .append("\napplications:\n  ci:\n    public-url: ")
        .append(publicUrl)
        .append("\n    upstream: ")
        .append(upstream)
        .append('\n');
    if (databaseUrl != null) {
      configuration.append("database:\n  url: ").append(databaseUrl).append('\n');
    }
    write("onbehalf.yaml", configuration.toString());
  }

  /** Adds to the configuration. */
  void configure(String yaml) {
    try {
      Files.writeString(directory.resolve("onbehalf.yaml"), yaml, StandardOpenOption.APPEND);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  /** What came back over a socket. */
  record Answer(int status, String text) {}

  Path data() {
    return directory.resolve("data");
  }

  void start() {
    process = run("serve");
    process.awaitLine(READY);
    OnbehalfProcess.rememberSecrets(data());
  }

  /** Ends the process as {@code kill -9} does. */
  void kill() {
    running().kill();
  }

  /** Ends the process as an init system does. */
  void stop() {
    running().terminate();
  }

  /** Runs a command to its end; it must succeed. */
  String command(String... arguments) {
    try (ServerProcess command = run(arguments)) {
      command.closeInput();
      int exit = command.awaitExit();
      if (exit != 0) {
        throw new AssertionError(String.join(" ", arguments) + ": " + exit + command.report());
      }
      return command.output();
    }
  }

  Path write(String name, String content) {
    try {
      return Files.writeString(directory.resolve(name), content);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  /** Asks the administrator API. */
  HttpResponse<String> administer(String method, String path, String body) throws IOException {
    String token = Files.readString(data().resolve("admin.token")).strip();
    HttpRequest request =
        HttpRequest.newBuilder(URI.create("http://127.0.0.1:" + adminPort + path))
            .header("Authorization", "Bearer " + token)
            .header("Content-Type", "application/json")
            .method(method, BodyPublishers.ofString(body))
            .build();
    try {
      return http.send(request, BodyHandlers.ofString());
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new AssertionError(e);
    }
  }

  /** Sends a request without a body exactly as given, whatever host it names. */
  Answer send(String method, String host, String target, String authorization) throws IOException {
    try (Socket socket = new Socket()) {
      socket.connect(new InetSocketAddress(InetAddress.getLoopbackAddress(), port), SOCKET_MILLIS);
      socket.setSoTimeout(SOCKET_MILLIS);
      String request =
          method
              + " "
              + target
              + " HTTP/1.1\r\nHost: "
              + host
              + "\r\nAuthorization: "
              + authorization
              + "\r\nContent-Length: 0\r\nConnection: close\r\n\r\n";
      socket.getOutputStream().write(request.getBytes(StandardCharsets.US_ASCII));
      byte[] bytes = socket.getInputStream().readAllBytes();
      String answer = new String(bytes, StandardCharsets.UTF_8);
      if (!answer.startsWith("HTTP/1.1 ") || !answer.contains("\r\n\r\n")) {
        throw new IOException("The connection ended early.");
      }
      return new Answer(Integer.parseInt(answer.substring(9, 12)), answer);
    }
  }

  @Override
  public void close() {
    if (process != null) {
      try {
        OnbehalfProcess.assertMetricsKeepSecrets(data(), process);
      } finally {
        process.close();
      }
      OnbehalfProcess.assertKeptSecrets(data(), process);
      if (databaseUrl != null && Secrets.assertAbsentFromTables(databaseUrl) == 0) {
        throw new AssertionError("There is no row to search for secrets.");
      }
    }
  }

  private ServerProcess running() {
    if (process == null) {
      throw new AssertionError("The node was not started.");
    }
    return process;
  }

  private ServerProcess run(String... arguments) {
    List<String> all = new ArrayList<>(List.of(arguments));
    all.addAll(List.of("-c", "onbehalf.yaml"));
    return Command.start(directory, all.toArray(String[]::new));
  }
}
