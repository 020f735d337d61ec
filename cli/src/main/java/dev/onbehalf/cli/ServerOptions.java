package dev.onbehalf.cli;

import dev.onbehalf.oauth1.Secret;
import dev.onbehalf.server.admin.AdminToken;
import dev.onbehalf.server.config.Configuration;
import dev.onbehalf.server.config.ConfigurationReader;
import dev.onbehalf.server.config.EffectiveConfiguration;
import java.io.IOException;
import java.net.URI;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Option;

/** Which configuration, and so which server, a command is about. */
final class ServerOptions {
  private static final Path DEFAULT_FILE = Path.of("onbehalf.yaml");

  @Option(
      names = {"-c", "--config"},
      paramLabel = "FILE",
      description = "Configuration file (default: $ONBEHALF_CONFIG, else onbehalf.yaml if there).")
  @Nullable Path config;

  @Option(
      names = "--set",
      paramLabel = "KEY=VALUE",
      description = "Sets one option; goes before environment and file. May be repeated.")
  List<String> settings = new ArrayList<>();

  EffectiveConfiguration effective() {
    return ConfigurationReader.read(file(), System.getenv(), settings);
  }

  Configuration configuration() {
    return effective().configuration();
  }

  private @Nullable Path file() {
    if (config != null) {
      return config;
    }
    String named = System.getenv("ONBEHALF_CONFIG");
    if (named != null && !named.isEmpty()) {
      return Path.of(named);
    }
    return Files.exists(DEFAULT_FILE) ? DEFAULT_FILE : null;
  }

  /**
   * Returns a client of the running server: the one of this configuration, or, for a command on
   * another machine, of {@code ONBEHALF_ADMIN_URL} with the token in {@code
   * ONBEHALF_ADMIN_TOKEN_FILE} or {@code ONBEHALF_ADMIN_TOKEN}.
   */
  AdminClient client() {
    String url = System.getenv("ONBEHALF_ADMIN_URL");
    if (url != null && !url.isEmpty()) {
      return new AdminClient(URI.create(url), remoteToken());
    }
    Configuration configuration = configuration();
    return new AdminClient(
        URI.create("http://" + configuration.admin().host() + ":" + configuration.admin().port()),
        localToken(configuration.dataDirectory()));
  }

  /** Whether the server meant is one of another machine, not the one of this configuration. */
  boolean elsewhere() {
    String url = System.getenv("ONBEHALF_ADMIN_URL");
    return url != null && !url.isEmpty();
  }

  private static Secret localToken(Path dataDirectory) {
    try {
      return AdminToken.read(dataDirectory);
    } catch (IOException e) {
      throw new CommandFailure(
          ExitCode.UNREACHABLE,
          "There is no readable administrator token in "
              + dataDirectory
              + ": start the server there once with 'onbehalf serve', run this as its user, or"
              + " give --config.",
          e);
    }
  }

  private static Secret remoteToken() {
    String file = System.getenv("ONBEHALF_ADMIN_TOKEN_FILE");
    if (file != null && !file.isEmpty()) {
      try {
        return Secret.of(Files.readString(Path.of(file)).strip());
      } catch (IOException e) {
        throw new CommandFailure(
            ExitCode.CONFIGURATION, "The administrator token file " + file + " is unreadable.", e);
      }
    }
    String token = System.getenv("ONBEHALF_ADMIN_TOKEN");
    if (token == null || token.isEmpty()) {
      throw new CommandFailure(
          ExitCode.CONFIGURATION, "ONBEHALF_ADMIN_URL is set; set ONBEHALF_ADMIN_TOKEN_FILE too.");
    }
    return Secret.of(token);
  }
}
