package dev.onbehalf.delivery.rules;

import dev.onbehalf.delivery.Build;
import dev.onbehalf.delivery.Deployment;
import dev.onbehalf.delivery.FoundKeys;
import dev.onbehalf.delivery.InvalidReportException;
import dev.onbehalf.delivery.IssueKeys;
import dev.onbehalf.delivery.Report;
import dev.onbehalf.delivery.Text;
import java.util.ArrayList;
import java.util.List;

/** Applies rules to events; what no rule names is not reported. Immutable. */
public final class EventRules {
  private static final int NAME = 255;

  private final List<Rule> rules;
  private final EnvironmentTypes types;
  private final IssueKeys keys;

  /**
   * Takes the rules, all of which are tried on every event, how environments get their type, and
   * how issue keys are found.
   */
  public EventRules(List<Rule> rules, EnvironmentTypes types, IssueKeys keys) {
    this.rules = List.copyOf(rules);
    this.types = types;
    this.keys = keys;
  }

  /**
   * What became of an event.
   *
   * @param reports what to send, builds before deployments
   * @param keys the issue keys found
   * @param reason why there is nothing to send; empty where there is
   */
  public record Applied(List<Report> reports, FoundKeys keys, String reason) {
    public Applied {
      reports = List.copyOf(reports);
    }
  }

  /** Returns the reports an event makes. */
  public Applied apply(CiEvent event) {
    FoundKeys found = keys.find(event.texts());
    List<Rule> matching = rules.stream().filter(rule -> rule.matches(event)).toList();
    if (matching.isEmpty()) {
      String what = event.stage() == null ? "" : ", stage '" + event.stage() + "'";
      return new Applied(
          List.of(), found, "No rule matches job '" + event.job() + "'" + what + ".");
    }
    if (found.isEmpty()) {
      return new Applied(List.of(), found, "No issue key was found.");
    }
    List<Report> reports = new ArrayList<>();
    try {
      if (matching.stream().anyMatch(rule -> !rule.isDeployment())) {
        reports.add(build(event, found));
      }
      matching.stream()
          .filter(Rule::isDeployment)
          .map(rule -> rule.environment(event))
          .filter(name -> name != null)
          .distinct()
          .forEach(name -> reports.add(deployment(event, found, name)));
    } catch (InvalidReportException e) {
      throw new IllegalArgumentException(e.getMessage(), e);
    }
    String reason = reports.isEmpty() ? "The rule's envName is empty." : "";
    return new Applied(reports, found, reason);
  }

  private static Build build(CiEvent event, FoundKeys found) {
    String name = event.stage() == null ? event.job() : event.job() + " / " + event.stage();
    Build.Builder build =
        Build.builder()
            .pipelineId(Text.fitId(name, NAME))
            .buildNumber(event.run().number())
            .displayName(Text.fit(name + " #" + event.run().number(), NAME))
            .label("#" + event.run().number())
            .url(event.run().url())
            .state(event.state().build())
            .lastUpdated(event.state().since())
            .issueKeys(found.keys());
    if (event.tests() != null) {
      build.testInfo(event.tests());
    }
    if (event.commit() != null) {
      build.commit(event.commit().id(), event.commit().repositoryUrl());
    }
    return build.build();
  }

  private Deployment deployment(CiEvent event, FoundKeys found, String environment) {
    String title = event.job() + " #" + event.run().number() + " to " + environment;
    return Deployment.builder()
        .deploymentSequenceNumber(event.run().number())
        .displayName(Text.fit(title, NAME))
        .description(Text.fit(title, NAME))
        .label("#" + event.run().number())
        .url(event.run().url())
        .state(event.state().deployment())
        .lastUpdated(event.state().since())
        .pipeline(Text.fitId(event.job(), NAME), Text.fit(event.job(), NAME), event.run().jobUrl())
        .environment(
            Text.fitId(environment, NAME), Text.fit(environment, NAME), types.typeOf(environment))
        .issueKeys(found.keys())
        .build();
  }
}
