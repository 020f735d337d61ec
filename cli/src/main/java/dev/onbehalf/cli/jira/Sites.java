package dev.onbehalf.cli.jira;

import dev.onbehalf.cli.CommandFailure;
import dev.onbehalf.cli.ExitCode;
import dev.onbehalf.delivery.Secret;
import dev.onbehalf.delivery.send.Site;
import java.io.IOException;
import java.net.URI;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.jspecify.annotations.Nullable;
import tools.jackson.core.JacksonException;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/**
 * Reads the configured sites from the environment or a file; credentials come from nowhere else.
 */
final class Sites {
  private static final String PREFIX = "ONBEHALF_JIRA_";

  private final Map<String, String> environment;
  private final Path directory;

  Sites(Map<String, String> environment, Path directory) {
    this.environment = environment;
    this.directory = directory;
  }

  /** Returns the sites of that name, or all; throws {@link CommandFailure} where there are none. */
  List<Site> select(@Nullable Path sitesFile, List<String> names) {
    try {
      Path file = sitesFile;
      String configured = environment.get(PREFIX + "SITES_FILE");
      if (file == null && configured != null && !configured.isBlank()) {
        file = Path.of(configured);
      }
      return file == null ? fromEnvironment(names) : chosen(fromFile(file), names, file);
    } catch (IllegalArgumentException e) {
      throw new CommandFailure(ExitCode.CONFIGURATION, String.valueOf(e.getMessage()));
    }
  }

  private List<Site> fromEnvironment(List<String> names) {
    List<String> wanted = names;
    if (wanted.isEmpty()) {
      String site = environment.getOrDefault(PREFIX + "SITE", "");
      if (site.isBlank()) {
        throw new CommandFailure(
            ExitCode.CONFIGURATION,
            "No site is configured; set ONBEHALF_JIRA_SITE and its credential, or ONBEHALF_JIRA_SITES_FILE.");
      }
      wanted = List.of(site.strip());
    }
    if (wanted.size() > 1) {
      throw new CommandFailure(
          ExitCode.CONFIGURATION,
          "One credential in the environment serves one site; list several sites in a file and name it with --sites-file.");
    }
    String webhook = environment.getOrDefault(PREFIX + "WEBHOOK_URL", "");
    if (!webhook.isBlank()) {
      return List.of(
          Site.relay(wanted.get(0), URI.create(webhook.strip()), secret("WEBHOOK_SECRET")));
    }
    String clientId = environment.getOrDefault(PREFIX + "CLIENT_ID", "");
    if (clientId.isBlank()) {
      throw new CommandFailure(
          ExitCode.CONFIGURATION,
          "No credential is configured; set ONBEHALF_JIRA_CLIENT_ID and ONBEHALF_JIRA_CLIENT_SECRET or ONBEHALF_JIRA_CLIENT_SECRET_FILE.");
    }
    return List.of(direct(wanted.get(0), clientId, secret("CLIENT_SECRET")));
  }

  private Secret secret(String name) {
    String value = environment.getOrDefault(PREFIX + name, "");
    if (!value.isBlank()) {
      return Secret.of(value.strip());
    }
    String file = environment.getOrDefault(PREFIX + name + "_FILE", "");
    if (file.isBlank()) {
      throw new CommandFailure(
          ExitCode.CONFIGURATION,
          "The secret is missing; set %1$s%2$s or %1$s%2$s_FILE.".formatted(PREFIX, name));
    }
    return fromSecretFile(Path.of(file));
  }

  private List<Site> fromFile(Path file) {
    JsonNode json;
    try {
      json = JsonMapper.shared().readTree(Files.readAllBytes(directory.resolve(file)));
    } catch (IOException e) {
      throw new CommandFailure(
          ExitCode.CONFIGURATION, "The sites file %s cannot be read.".formatted(file));
    } catch (JacksonException e) {
      throw new CommandFailure(
          ExitCode.CONFIGURATION, "The sites file %s is not JSON.".formatted(file));
    }
    List<Site> sites = new ArrayList<>();
    for (JsonNode entry : json.path("sites")) {
      sites.add(entry(entry, file));
    }
    if (sites.isEmpty()) {
      throw new CommandFailure(
          ExitCode.CONFIGURATION, "The sites file %s lists no sites.".formatted(file));
    }
    return sites;
  }

  private Site entry(JsonNode entry, Path file) {
    String name =
        text(entry, "site")
            .orElseThrow(
                () ->
                    new CommandFailure(
                        ExitCode.CONFIGURATION,
                        "An entry of the sites file %s has no 'site'.".formatted(file)));
    Optional<String> webhook = text(entry, "webhookUrl");
    if (webhook.isPresent()) {
      return Site.relay(name, URI.create(webhook.get()), secretOf(entry, "webhookSecret", name));
    }
    Site site =
        direct(name, text(entry, "clientId").orElse(""), secretOf(entry, "clientSecret", name));
    return site.kind() == Site.Kind.CLOUD
        ? site.reachedBy(
            text(entry, "siteUrl").map(URI::create).orElse(null),
            text(entry, "apiUrl").map(URI::create).orElse(null))
        : site;
  }

  private Secret secretOf(JsonNode entry, String field, String site) {
    Optional<String> inline = text(entry, field);
    if (inline.isPresent()) {
      return Secret.of(inline.get());
    }
    Optional<String> file = text(entry, field + "File");
    if (file.isPresent()) {
      return fromSecretFile(Path.of(file.get()));
    }
    String value = text(entry, field + "Env").map(environment::get).orElse(null);
    if (value == null || value.isBlank()) {
      throw new CommandFailure(
          ExitCode.CONFIGURATION,
          "The site %s has no secret; give %2$s, %2$sFile or %2$sEnv.".formatted(site, field));
    }
    return Secret.of(value.strip());
  }

  private Secret fromSecretFile(Path file) {
    try {
      return Secret.of(Files.readString(directory.resolve(file)).strip());
    } catch (IOException | IllegalArgumentException e) {
      throw new CommandFailure(
          ExitCode.CONFIGURATION, "The secret file %s cannot be read or is empty.".formatted(file));
    }
  }

  private static Site direct(String name, String clientId, Secret secret) {
    return name.contains("://")
        ? Site.onbehalf(URI.create(name), clientId, secret)
        : Site.cloud(name, clientId, secret);
  }

  private static List<Site> chosen(List<Site> sites, List<String> names, Path file) {
    if (names.isEmpty()) {
      return sites;
    }
    List<Site> chosen = new ArrayList<>();
    for (String name : names) {
      String plain = plain(name);
      chosen.add(
          sites.stream()
              .filter(site -> site.name().equalsIgnoreCase(plain))
              .findFirst()
              .orElseThrow(
                  () ->
                      new CommandFailure(
                          ExitCode.CONFIGURATION,
                          "The sites file %s lists no site '%s'; it lists %s."
                              .formatted(file, name, sites.stream().map(Site::name).toList()))));
    }
    return chosen;
  }

  private static String plain(String name) {
    String host = name.contains("://") ? name.substring(name.indexOf("://") + 3) : name;
    String trimmed = host.endsWith("/") ? host.substring(0, host.length() - 1) : host;
    return trimmed;
  }

  private static Optional<String> text(JsonNode entry, String field) {
    return Optional.of(entry.path(field).asString("")).filter(text -> !text.isBlank());
  }
}
