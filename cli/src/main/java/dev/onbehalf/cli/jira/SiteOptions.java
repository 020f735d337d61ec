package dev.onbehalf.cli.jira;

import dev.onbehalf.delivery.send.Sender;
import dev.onbehalf.delivery.send.Site;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Option;

/** The options of every command that talks to a site. */
class SiteOptions {
  @Option(
      names = "--site",
      paramLabel = "NAME",
      description = "Send to this configured site; repeatable. Default: all.")
  private List<String> names = new ArrayList<>();

  @Option(names = "--sites-file", paramLabel = "FILE", description = "JSON file of the sites.")
  private @Nullable Path sitesFile;

  @Option(
      names = "--patience",
      paramLabel = "SECONDS",
      defaultValue = "60",
      description = "How long to wait for a site in all (default ${DEFAULT-VALUE}).")
  private int patienceSeconds;

  @Option(
      names = "--timeout",
      paramLabel = "SECONDS",
      defaultValue = "30",
      description = "How long one exchange may take (default ${DEFAULT-VALUE}).")
  private int timeoutSeconds;

  @Option(names = "--proxy", paramLabel = "URL", description = "HTTP proxy, http://host:port.")
  private @Nullable String proxy;

  List<Site> sites(Map<String, String> environment, Path directory) {
    return new Sites(environment, directory).select(sitesFile, names);
  }

  Sender sender(Map<String, String> environment, Path directory, Map<String, String> properties) {
    return sender(environment, directory, properties, null);
  }

  final Sender sender(
      Map<String, String> environment,
      Path directory,
      Map<String, String> properties,
      @Nullable Path kept) {
    if (patienceSeconds < 0 || timeoutSeconds < 1) {
      throw new IllegalArgumentException("--patience must be at least 0, --timeout at least 1.");
    }
    Sender.Builder builder = Sender.builder();
    sites(environment, directory).forEach(builder::site);
    properties.forEach(builder::property);
    EnvironmentProxy.of(proxy, environment).ifPresent(builder::proxy);
    builder.patience(Duration.ofSeconds(patienceSeconds));
    builder.timeout(Duration.ofSeconds(timeoutSeconds));
    if (kept != null) {
      builder.spool(kept);
    }
    return builder.build();
  }
}
