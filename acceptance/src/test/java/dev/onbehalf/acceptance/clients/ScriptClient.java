package dev.onbehalf.acceptance.clients;

import dev.onbehalf.acceptance.peers.Workspace;
import java.io.BufferedReader;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.io.Writer;
import java.lang.ProcessBuilder.Redirect;
import java.net.URI;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;
import tools.jackson.databind.node.ObjectNode;

/** A client library of another language, spoken to in lines of JSON. */
final class ScriptClient implements ClientLibrary {
  private static final JsonMapper JSON = JsonMapper.shared();

  private final String name;
  private final Process process;
  private final Writer commands;
  private final BufferedReader answers;
  private final Path errors;

  private ScriptClient(
      String name, List<String> command, Map<String, String> environment, Settings settings) {
    this.name = name;
    Path directory = Workspace.create(name);
    this.errors = directory.resolve("errors.txt");
    ProcessBuilder builder =
        new ProcessBuilder(command)
            .directory(directory.toFile())
            .redirectError(Redirect.to(errors.toFile()));
    builder.environment().putAll(environment);
    try {
      process = builder.start();
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
    commands = process.outputWriter();
    answers = process.inputReader();
    ObjectNode line = JSON.createObjectNode();
    line.put("consumer", settings.consumer());
    line.put("signing", settings.signing().method());
    line.put("credential", settings.credential());
    line.put("request", settings.requestToken().toString());
    line.put("authorize", settings.authorize().toString());
    line.put("access", settings.accessToken().toString());
    Path authority = settings.authority();
    line.put("authority", authority == null ? null : authority.toString());
    write(line);
  }

  /** A script for the Python of Debian. */
  static ScriptClient python(String script, Settings settings) {
    return new ScriptClient(
        script, List.of("/usr/bin/python3", "-B", script(script + ".py")), Map.of(), settings);
  }

  /** A script for Node, with the packages of {@code npm/package-lock.json}. */
  static ScriptClient node(String script, Settings settings) {
    Path authority = settings.authority();
    Map<String, String> environment =
        authority == null ? Map.of() : Map.of("NODE_EXTRA_CA_CERTS", authority.toString());
    String modules = Workspace.target().resolve("npm/node_modules").toString();
    return new ScriptClient(
        script,
        List.of("node", "--no-deprecation", script(script + ".js")),
        merge(environment, Map.of("NODE_PATH", modules)),
        settings);
  }

  @Override
  public Token requestToken(String callback) {
    ObjectNode line = command("request_token");
    line.put("callback", callback);
    return token(ask(line));
  }

  @Override
  public URI authorizationUrl(Token requestToken) {
    ObjectNode line = command("authorization_url");
    line.put("token", requestToken.value());
    return URI.create(ask(line).get("url").asString());
  }

  @Override
  public Token accessToken(Token requestToken, String verifier) {
    ObjectNode line = command("access_token");
    line.put("token", requestToken.value());
    line.put("secret", requestToken.secret());
    line.put("verifier", verifier);
    return token(ask(line));
  }

  @Override
  public Answer call(String method, URI url, Token token) {
    return send(method, url, token.value(), token.secret());
  }

  @Override
  public Answer callTwoLegged(String method, URI url) {
    return send(method, url, null, null);
  }

  @Override
  public void close() {
    try {
      commands.close();
      process.waitFor();
    } catch (IOException e) {
      process.destroyForcibly();
    } catch (InterruptedException e) {
      process.destroyForcibly();
      Thread.currentThread().interrupt();
    }
  }

  private Answer send(String method, URI url, @Nullable String token, @Nullable String secret) {
    ObjectNode line = command("call");
    line.put("method", method);
    line.put("url", url.toString());
    line.put("token", token);
    line.put("secret", secret);
    JsonNode answer = ask(line);
    if (!answer.has("status")) {
      throw new AssertionError(name + " failed: " + answer);
    }
    return new Answer(answer.get("status").asInt(), answer.get("body").asString());
  }

  private static ObjectNode command(String name) {
    ObjectNode line = JSON.createObjectNode();
    line.put("do", name);
    return line;
  }

  private JsonNode ask(ObjectNode line) {
    write(line);
    try {
      String answer = answers.readLine();
      if (answer == null) {
        throw new AssertionError(name + " ended; see " + errors);
      }
      return JSON.readTree(answer);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  private void write(ObjectNode line) {
    try {
      commands.write(line + "\n");
      commands.flush();
    } catch (IOException e) {
      throw new UncheckedIOException(name + " does not listen; see " + errors, e);
    }
  }

  private static Token token(JsonNode answer) {
    if (answer.has("refused")) {
      throw new RefusedException(answer.get("refused").asString());
    }
    return new Token(answer.get("token").asString(), answer.get("secret").asString());
  }

  private static String script(String file) {
    return Workspace.base().resolve("src/clients").resolve(file).toString();
  }

  private static Map<String, String> merge(Map<String, String> one, Map<String, String> other) {
    Map<String, String> all = new HashMap<>(one);
    all.putAll(other);
    return all;
  }
}
