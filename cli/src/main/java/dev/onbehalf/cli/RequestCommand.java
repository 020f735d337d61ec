package dev.onbehalf.cli;

import java.io.IOException;
import java.io.InputStream;
import java.io.PrintWriter;
import java.io.UncheckedIOException;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublisher;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.TreeMap;
import java.util.concurrent.Callable;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.Spec;
import tools.jackson.core.JacksonException;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;
import tools.jackson.databind.node.JsonNodeFactory;
import tools.jackson.databind.node.ObjectNode;

/** {@code onbehalf request LINK [METHOD] PATH}: like curl, with somebody's authority. */
@Command(
    name = "request",
    description = "Sends a request through a link as a person and prints the answer.")
final class RequestCommand implements Callable<Integer> {
  @Mixin ActingOptions acting;
  @Mixin Output output;
  @Spec CommandSpec spec;

  @Parameters(index = "0", paramLabel = "LINK", description = "Name or id of the link.")
  String link = "";

  @Parameters(
      index = "1..2",
      arity = "1..2",
      paramLabel = "[METHOD] PATH",
      hideParamSyntax = true,
      description = "GET, or POST with --data, where no method is given.")
  List<String> target = List.of();

  @Option(
      names = {"-d", "--data"},
      paramLabel = "TEXT",
      description = "The body; @FILE reads it from a file.")
  @Nullable String data;

  @Option(
      names = "--content-type",
      defaultValue = "application/json",
      description = "Type of the body (default: ${DEFAULT-VALUE}).")
  String contentType = "";

  @Override
  public Integer call() {
    String path = target.get(target.size() - 1);
    String method =
        target.size() == 2 ? target.get(0).toUpperCase(Locale.ROOT) : data == null ? "GET" : "POST";
    try (Acting client = acting.begin()) {
      HttpRequest.Builder request = client.through(link, path);
      if (data != null) {
        request.header("Content-Type", contentType);
      }
      HttpResponse<InputStream> response = client.send(request.method(method, body()));
      byte[] answer = read(response);
      boolean own = response.headers().firstValue("X-Onbehalf-Answer").orElse("").equals("own");
      if (own) {
        throw Acting.failure(response.statusCode(), json(answer));
      }
      print(response, answer);
      return response.statusCode() < 400 ? ExitCode.OK : ExitCode.FAILED;
    }
  }

  private BodyPublisher body() {
    String text = data;
    if (text == null) {
      return BodyPublishers.noBody();
    }
    try {
      return text.startsWith("@")
          ? BodyPublishers.ofByteArray(Files.readAllBytes(Path.of(text.substring(1))))
          : BodyPublishers.ofString(text);
    } catch (IOException e) {
      throw new CommandFailure(ExitCode.USAGE, "The file of --data cannot be read.", e);
    }
  }

  private static byte[] read(HttpResponse<InputStream> response) {
    try (InputStream in = response.body()) {
      return in.readAllBytes();
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  private static JsonNode json(byte[] answer) {
    try {
      return JsonMapper.shared().readTree(answer);
    } catch (JacksonException e) {
      return JsonNodeFactory.instance.objectNode();
    }
  }

  private void print(HttpResponse<InputStream> response, byte[] answer) {
    PrintWriter out = spec.commandLine().getOut();
    String text = new String(answer, StandardCharsets.UTF_8);
    if (!output.json) {
      if (response.statusCode() >= 400) {
        spec.commandLine().getErr().println("The peer answered " + response.statusCode() + ".");
        spec.commandLine().getErr().flush();
      }
      out.print(text);
      if (!text.isEmpty() && !text.endsWith("\n")) {
        out.println();
      }
      out.flush();
      return;
    }
    ObjectNode json = JsonNodeFactory.instance.objectNode();
    json.put("status", response.statusCode());
    ObjectNode headers = json.putObject("headers");
    Map<String, List<String>> sorted = new TreeMap<>(response.headers().map());
    sorted.forEach((name, values) -> headers.put(name, String.join(", ", values)));
    String type = response.headers().firstValue("Content-Type").orElse("");
    JsonNode parsed = type.contains("json") ? json(answer) : null;
    if (parsed == null) {
      json.put("body", text);
    } else {
      json.set("body", parsed);
    }
    out.println(Output.pretty(json));
    out.flush();
  }
}
