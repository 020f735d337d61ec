package dev.onbehalf.cli;

import dev.onbehalf.oauth1.Secret;
import java.io.IOException;
import java.net.URI;
import java.nio.file.Files;
import java.nio.file.Path;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.JsonNodeFactory;

/** As whom a command acts through a link: by a personal token, or by the administrator's word. */
final class ActingOptions {
  private static final int MINUTES = 10;

  @Mixin ServerOptions server;

  @Option(
      names = "--as",
      paramLabel = "USER",
      description = "As whom; an administrator needs no token of that person.")
  @Nullable String person;

  @Option(
      names = "--server",
      paramLabel = "URL",
      description = "Public URL of an application (default: the first of the configuration).")
  @Nullable URI url;

  @Option(
      names = "--token-file",
      paramLabel = "FILE",
      description = "File with a personal token, or with the token of a running build.")
  @Nullable Path tokenFile;

  /** Begins to act; what it needed for that ends with {@link Acting#close}. */
  Acting begin() {
    if (tokenFile != null) {
      return new Acting(base(), read(tokenFile), person, null, null);
    }
    if (person == null) {
      throw new CommandFailure(
          ExitCode.USAGE, "Say as whom with --as USER, or give your own token with --token-file.");
    }
    AdminClient admin = server.client();
    JsonNode made =
        admin.post(
            "/api/personal-tokens",
            JsonNodeFactory.instance
                .objectNode()
                .put("person", person)
                .put("name", "one command of the administrator")
                .put("seconds", MINUTES * 60));
    return new Acting(
        base(),
        Secret.of(made.path("value").asString()),
        person,
        admin,
        made.path("id").asString());
  }

  private URI base() {
    URI given = url;
    if (given == null) {
      given =
          server.configuration().applications().stream()
              .findFirst()
              .map(application -> URI.create(application.publicUrl().toString()))
              .orElseThrow(
                  () ->
                      new CommandFailure(
                          ExitCode.CONFIGURATION,
                          "The configuration has no application; name its URL with --server."));
    }
    return URI.create(given.toString().replaceFirst("/+$", ""));
  }

  /** Reads a token. */
  static Secret read(Path file) {
    try {
      return Secret.of(Files.readString(file).strip());
    } catch (IOException e) {
      throw new CommandFailure(
          ExitCode.CONFIGURATION, "The token file " + file + " cannot be read.", e);
    }
  }
}
