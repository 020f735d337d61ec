package dev.onbehalf.cli;

import java.awt.Desktop;
import java.awt.GraphicsEnvironment;
import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.io.PrintWriter;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.concurrent.Callable;
import java.util.concurrent.TimeoutException;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.Spec;
import tools.jackson.databind.node.JsonNodeFactory;
import tools.jackson.databind.node.ObjectNode;

/** {@code onbehalf login LINK}: lets a person authorise a link from the terminal. */
@Command(
    name = "login",
    description = "Authorises a link: opens or prints the peer's page and waits for the answer.")
final class LoginCommand implements Callable<Integer> {
  @Mixin ActingOptions acting;
  @Spec CommandSpec spec;

  @Parameters(paramLabel = "LINK", description = "Name or id of the link.")
  String link = "";

  @Option(
      names = "--code",
      description = "Asks for the code the peer shows, where no browser can come back here.")
  boolean code;

  @Option(names = "--no-browser", description = "Prints the address and opens no browser.")
  boolean noBrowser;

  @Option(
      names = "--wait",
      paramLabel = "SECONDS",
      defaultValue = "300",
      description = "How long to wait for the browser (default: ${DEFAULT-VALUE}).")
  int waitSeconds;

  @Override
  public Integer call() {
    try (Acting client = acting.begin()) {
      String person = code ? byCode(client) : byLoopback(client);
      out().println(person + " has authorised the link '" + link + "'.");
      out().flush();
      return ExitCode.OK;
    }
  }

  private String byCode(Acting client) {
    show(client.beginLogin(link, null));
    out().println("Type the code you are shown:");
    out().flush();
    String typed;
    try {
      typed =
          new BufferedReader(new InputStreamReader(System.in, StandardCharsets.UTF_8)).readLine();
    } catch (IOException e) {
      throw new CommandFailure(ExitCode.FAILED, "The code cannot be read.", e);
    }
    if (typed == null || typed.isBlank()) {
      throw new CommandFailure(ExitCode.USAGE, "No code was typed; start again.");
    }
    return client.finishLogin(link, object().put("code", typed.strip()));
  }

  private String byLoopback(Acting client) {
    LoopbackCallback back;
    try {
      back = LoopbackCallback.listen();
    } catch (IOException e) {
      throw new CommandFailure(
          ExitCode.FAILED, "No loopback port can be listened on; use --code.", e);
    }
    try (back) {
      show(client.beginLogin(link, back.url()));
      return client.finishLogin(link, back.await(Duration.ofSeconds(waitSeconds)));
    } catch (TimeoutException e) {
      throw new CommandFailure(
          ExitCode.FAILED,
          "No browser came back in " + waitSeconds + " s; start again, or use --code.",
          e);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new CommandFailure(ExitCode.FAILED, "Interrupted.", e);
    }
  }

  private void show(URI page) {
    out().println("Allow it at " + page);
    out().flush();
    if (noBrowser || GraphicsEnvironment.isHeadless() || !Desktop.isDesktopSupported()) {
      return;
    }
    try {
      Desktop.getDesktop().browse(page);
    } catch (IOException | UnsupportedOperationException e) {
      out().println("No browser can be opened here; open the address yourself.");
    }
  }

  private static ObjectNode object() {
    return JsonNodeFactory.instance.objectNode();
  }

  private PrintWriter out() {
    return spec.commandLine().getOut();
  }
}
