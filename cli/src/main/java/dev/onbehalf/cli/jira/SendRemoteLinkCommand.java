package dev.onbehalf.cli.jira;

import dev.onbehalf.delivery.RemoteLink;
import dev.onbehalf.delivery.Text;
import dev.onbehalf.delivery.ci.CiEnvironment;
import dev.onbehalf.delivery.ci.CiEnvironment.Fact;
import java.time.Instant;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;

@Command(
    name = "send-remote-link",
    sortOptions = false,
    description = "Links issues to a page: test results, coverage, a document.")
final class SendRemoteLinkCommand extends SendCommand {
  @Option(names = "--id", paramLabel = "ID", required = true, description = "Identifies the link.")
  private String id = "";

  @Option(names = "--title", paramLabel = "TEXT", required = true, description = "Its text.")
  private String title = "";

  @Option(names = "--url", paramLabel = "URL", required = true, description = "Where it leads.")
  private String url = "";

  @Option(
      names = "--type",
      paramLabel = "TYPE",
      defaultValue = "other",
      description =
          "document, alert, test, security, logFile, prototype, coverage, bugReport or other.")
  private String type = "other";

  @Option(names = "--description", paramLabel = "TEXT", description = "A description.")
  private @Nullable String description;

  @Option(
      names = "--status",
      paramLabel = "LOOK",
      defaultValue = "default",
      description = "default, inprogress, moved, new, removed, prototype or success.")
  private String status = "default";

  @Option(names = "--status-label", paramLabel = "TEXT", description = "The text of the status.")
  private @Nullable String statusLabel;

  @Option(
      names = "--service-id",
      split = ",",
      paramLabel = "ID",
      description = "A service the link belongs to; repeatable.")
  private List<String> serviceIds = new ArrayList<>();

  @Option(
      names = "--property",
      paramLabel = "KEY=VALUE",
      description = "Marks the report for a later deletion; repeatable, at most 5.")
  private Map<String, String> properties = new LinkedHashMap<>();

  @Option(names = "--dry-run", description = "Print the JSON that would be sent; send nothing.")
  private boolean dryRun;

  @Override
  int execute() {
    CiEnvironment ci = CiEnvironment.detect(environment());
    RemoteLink.Type kind =
        RemoteLink.Type.of(type)
            .orElseThrow(
                () -> new IllegalArgumentException("--type knows no '" + type + "'; see --help."));
    RemoteLink.Appearance look =
        RemoteLink.Appearance.of(status)
            .orElseThrow(
                () ->
                    new IllegalArgumentException(
                        "--status knows no '" + status + "'; see --help."));
    KeyOptions.Found found =
        keys.find(
            ci,
            directory(),
            KeyOptions.News.BUILD,
            ci.get(Fact.LAST_SUCCESSFUL_COMMIT).orElse(null));
    if (found.keys().isEmpty() && serviceIds.isEmpty()) {
      return nothingFound(found, dryRun);
    }
    RemoteLink.Builder link =
        RemoteLink.builder()
            .id(Text.fitId(id, 255))
            .displayName(Text.fit(title, 255))
            .url(url)
            .type(kind)
            .lastUpdated(Instant.now())
            .issueKeys(found.keys().keys())
            .serviceIds(serviceIds);
    RunIdentity.given(description).ifPresent(text -> link.description(Text.fit(text, 255)));
    RunIdentity.given(statusLabel).ifPresent(text -> link.status(look, Text.fit(text, 255)));
    return send(link.build(), found, dryRun, properties);
  }
}
