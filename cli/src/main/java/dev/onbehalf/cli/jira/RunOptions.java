package dev.onbehalf.cli.jira;

import dev.onbehalf.delivery.Text;
import dev.onbehalf.delivery.ci.CiEnvironment;
import dev.onbehalf.delivery.ci.CiEnvironment.Fact;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Optional;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Option;

/** The options that describe a run of a pipeline. */
final class RunOptions extends RunIdentity {
  @Option(names = "--pipeline-name", paramLabel = "NAME", description = "Names the pipeline.")
  private @Nullable String pipelineName;

  @Option(names = "--url", paramLabel = "URL", description = "Where people see the run.")
  private @Nullable String url;

  @Option(names = "--display-name", paramLabel = "TEXT", description = "What the run is called.")
  private @Nullable String displayName;

  @Option(names = "--label", paramLabel = "TEXT", description = "A short label, a version.")
  private @Nullable String label;

  @Option(names = "--description", paramLabel = "TEXT", description = "A description.")
  private @Nullable String description;

  @Option(
      names = "--property",
      paramLabel = "KEY=VALUE",
      description = "Marks the report for a later deletion; repeatable, at most 5.")
  Map<String, String> properties = new LinkedHashMap<>();

  @Option(names = "--dry-run", description = "Print the JSON that would be sent; send nothing.")
  boolean dryRun;

  String pipelineName(CiEnvironment ci) {
    return Text.fit(
        given(pipelineName).or(() -> ci.get(Fact.PIPELINE_NAME)).orElseGet(() -> pipelineId(ci)),
        NAME);
  }

  String url(CiEnvironment ci) {
    return needed(url, ci, Fact.BUILD_URL, "--url");
  }

  String displayName(String otherwise) {
    return Text.fit(given(displayName).orElse(otherwise), NAME);
  }

  Optional<String> label(CiEnvironment ci) {
    return given(label).or(() -> ci.get(Fact.BUILD_LABEL)).map(text -> Text.fit(text, NAME));
  }

  Optional<String> description() {
    return given(description).map(text -> Text.fit(text, NAME));
  }
}
