package dev.onbehalf.acceptance.service;

import dev.onbehalf.acceptance.peers.Ports;
import dev.onbehalf.acceptance.peers.Secrets;
import dev.onbehalf.acceptance.peers.ServerProcess;
import dev.onbehalf.acceptance.peers.Workspace;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/** One running Onbehalf, started from the executable jar and administered by its commands. */
public final class OnbehalfProcess implements AutoCloseable {
  static final Pattern READY =
      Pattern.compile("Onbehalf is ready: public https?://.*, administration http://");
  private static final Pattern ADMINISTRATION =
      Pattern.compile("Onbehalf is ready: .*, administration (http://[^\\s]+)");
  private static final String CONFIGURATION = "onbehalf.yaml";

  private final Path directory;
  private final int port;
  private final ServerProcess process;
  private @Nullable CommandInProcess commands;

  private OnbehalfProcess(Path directory, int port, ServerProcess process) {
    this.directory = directory;
    this.port = port;
    this.process = process;
  }

  /**
   * Starts the service and waits until it is ready.
   *
   * @param port where the public listener is bound, see {@link Ports#free()}
   * @param applications the YAML blocks below {@code applications:}, indented by two
   */
  public static OnbehalfProcess start(int port, String applications) {
    Path directory = Workspace.create("onbehalf");
    write(
        directory.resolve(CONFIGURATION),
        """
        data: data
        listen: 127.0.0.1:%d
        admin: 127.0.0.1:%d
        monitor:
          checks: off
        applications:
        %s\
        """
            .formatted(port, Ports.free(), applications));
    ServerProcess process = Command.start(directory, "serve", "-c", CONFIGURATION);
    try {
      process.awaitLine(READY);
    } catch (RuntimeException | Error e) {
      process.close();
      throw e;
    }
    rememberSecrets(directory.resolve("data"));
    return new OnbehalfProcess(directory, port, process);
  }

  /**
   * Starts a service that receives builds and deployments at {@code http://localhost:PORT}.
   *
   * @param options further YAML lines below {@code receive:}, not indented
   */
  public static OnbehalfProcess startReceiving(int port, String options) {
    return start(
        port,
        """
          ci:
            public-url: http://127.0.0.1:%1$d
            upstream: http://127.0.0.1:9
        receive:
          public-url: http://localhost:%1$d
        """
                .formatted(port)
            + options.indent(2));
  }

  /** The port of the public listener. */
  public int port() {
    return port;
  }

  /** The directory with the configuration file, in which commands run. */
  public Path directory() {
    return directory;
  }

  /**
   * Runs a command that must succeed; answers what it printed.
   *
   * @throws AssertionError when it exits with anything but 0
   */
  public String command(String... arguments) {
    Command.Result result = tryCommand(arguments);
    if (result.exit() != 0) {
      throw new AssertionError(
          String.join(" ", arguments) + " exited with " + result.exit() + ": " + result.err());
    }
    return result.out();
  }

  /** Adds a person whose password is {@link #passwordOf}. */
  public void addPerson(String name, String... groups) {
    Path file = write(directory.resolve(name + ".password"), passwordOf(name) + "\n");
    List<String> arguments =
        new ArrayList<>(List.of("user", "add", name, "--password-file", file.toString()));
    arguments.addAll(
        List.of("--display-name", Character.toUpperCase(name.charAt(0)) + name.substring(1)));
    for (String group : groups) {
      arguments.addAll(List.of("--group", group));
    }
    command(arguments.toArray(String[]::new));
  }

  /** Adds people without groups. */
  public void addPeople(String... names) {
    for (String name : names) {
      addPerson(name);
    }
  }

  /** The password a person was added with. */
  public static String passwordOf(String name) {
    return Secrets.made("password", "the pass phrase of " + name);
  }

  /** Writes a file beside the configuration. */
  public Path file(String name, String content) {
    return write(directory.resolve(name), content);
  }

  /** From now on runs commands in this Java; files they name must be named in full. */
  void runCommandsInProcess() {
    commands = new CommandInProcess(Command.jar());
  }

  Command.Result tryCommand(String... arguments) {
    List<String> all = new ArrayList<>(List.of(arguments));
    if (commands != null) {
      all.addAll(List.of("-c", directory.resolve(CONFIGURATION).toString()));
      return commands.run(all);
    }
    all.addAll(List.of("-c", CONFIGURATION));
    return Command.run(directory, all.toArray(String[]::new));
  }

  /** What the service has logged so far. */
  public String log() {
    return process.report();
  }

  /** Asks the service to stop, as an init system would; answers its exit code. */
  public int stop() {
    assertMetricsKeepSecrets(directory.resolve("data"), process);
    return process.terminate();
  }

  @Override
  public void close() {
    if (commands != null) {
      commands.close();
    }
    try {
      assertMetricsKeepSecrets(directory.resolve("data"), process);
    } finally {
      process.close();
    }
    assertKeptSecrets(directory.resolve("data"), process);
  }

  /** Remembers the secrets that a service made for its data directory. */
  public static void rememberSecrets(Path data) {
    Secrets.made("administrator token", read(data.resolve("admin.token")).strip());
    Secrets.made("metrics token", read(data.resolve("metrics.token")).strip());
    Secrets.made("keyset", read(data.resolve("keyset")).strip());
  }

  /**
   * Searches the metrics page of a service, unless it has ended.
   *
   * @throws AssertionError if a secret is on it, or there is none
   */
  public static void assertMetricsKeepSecrets(Path data, ServerProcess process) {
    if (!process.alive()) {
      return;
    }
    Matcher address = ADMINISTRATION.matcher(process.report());
    String url = null;
    while (address.find()) {
      url = address.group(1);
    }
    HttpResponse<String> answer;
    try {
      answer =
          HttpClient.newHttpClient()
              .send(
                  HttpRequest.newBuilder(URI.create(url + "/metrics"))
                      .header(
                          "Authorization", "Bearer " + read(data.resolve("metrics.token")).strip())
                      .build(),
                  BodyHandlers.ofString());
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new AssertionError(e);
    }
    if (answer.statusCode() != 200 || !answer.body().contains("onbehalf_audit_queue")) {
      throw new AssertionError("There are no metrics to search: " + answer.body());
    }
    Secrets.assertAbsent("the metrics of the service", answer.body());
  }

  /**
   * Searches what a service that has ended left behind.
   *
   * @throws AssertionError if a secret is in its log or in a file that is not the secret's own
   */
  public static void assertKeptSecrets(Path data, ServerProcess process) {
    Secrets.assertAbsent("the log of the service", process.report());
    Secrets.assertAbsent(data, Set.of("admin.token", "metrics.token", "keyset"));
  }

  URI at(String host, String path) {
    return URI.create("http://" + host + ":" + port + path);
  }

  private static String read(Path file) {
    try {
      return Files.readString(file);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  static Path write(Path file, String content) {
    try {
      return Files.writeString(file, content);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }
}
