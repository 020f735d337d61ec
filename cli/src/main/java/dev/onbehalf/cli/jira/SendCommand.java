package dev.onbehalf.cli.jira;

import dev.onbehalf.cli.CommandFailure;
import dev.onbehalf.cli.ExitCode;
import dev.onbehalf.delivery.FoundKeys;
import dev.onbehalf.delivery.Report;
import dev.onbehalf.delivery.send.DeliveryException;
import dev.onbehalf.delivery.send.Rejection;
import dev.onbehalf.delivery.send.SendResult;
import dev.onbehalf.delivery.send.Sender;
import dev.onbehalf.delivery.send.SiteResult;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import picocli.CommandLine.Mixin;
import tools.jackson.databind.json.JsonMapper;
import tools.jackson.databind.node.ArrayNode;
import tools.jackson.databind.node.JsonNodeFactory;
import tools.jackson.databind.node.ObjectNode;

/** What the commands share that send a report: the search for keys, the result, the exit code. */
abstract class SendCommand extends JiraSubcommand {
  @Mixin
  @SuppressWarnings("NullAway.Init")
  SendOptions site;

  @Mixin
  @SuppressWarnings("NullAway.Init")
  KeyOptions keys;

  /** Sends, or prints what would be sent; returns the exit code. */
  int send(Report report, KeyOptions.Found found, boolean dryRun, Map<String, String> properties) {
    found.warnings().forEach(this::warn);
    try (Sender sender = site.sender(environment(), directory(), properties)) {
      if (dryRun) {
        printJson(sender.preview(List.of(report)));
        return 0;
      }
      SendResult result = sender.send(report);
      if (json()) {
        printJson(json(found, result));
      } else {
        result.sites().forEach(each -> print(each, found.keys()));
      }
      return exitCode(result);
    }
  }

  /** There is no key to send a report for. */
  int nothingFound(KeyOptions.Found found, boolean dryRun) {
    found.warnings().forEach(this::warn);
    String text = "No issue key was found; nothing is sent.";
    if (json() && !dryRun) {
      printJson(json(found, new SendResult(List.of())));
    } else {
      warn(text);
    }
    if (site.strict) {
      throw new CommandFailure(ExitCode.FAILED, text);
    }
    return 0;
  }

  private void print(SiteResult result, FoundKeys found) {
    String name = result.site() + ": ";
    for (String report : result.accepted()) {
      out().println(Printable.line(name + "accepted " + report + forKeys(result, found)));
    }
    for (Rejection rejection : result.rejected()) {
      out()
          .println(
              Printable.line(
                  name
                      + "rejected "
                      + rejection.report()
                      + ": "
                      + String.join("; ", rejection.reasons())));
    }
    if (!result.unknownIssueKeys().isEmpty()) {
      warn(name + "unknown issue keys " + String.join(", ", result.unknownIssueKeys()));
    }
    if (!result.unknownAssociations().isEmpty()) {
      warn(name + "unknown associations " + String.join(", ", result.unknownAssociations()));
    }
    result
        .problem()
        .ifPresent(
            problem ->
                warn(
                    name
                        + switch (result.outcome()) {
                          case SPOOLED -> "kept for later. ";
                          case NOT_SENT -> "NOT sent and not kept. ";
                          default -> "";
                        }
                        + problem.getMessage()));
  }

  private static String forKeys(SiteResult result, FoundKeys found) {
    List<String> known = new ArrayList<>(found.keys());
    known.removeAll(result.unknownIssueKeys());
    return known.isEmpty() ? "" : " for " + String.join(", ", known);
  }

  private int exitCode(SendResult result) {
    int worst = 0;
    for (SiteResult each : result.sites()) {
      int code =
          switch (each.outcome()) {
            case ACCEPTED -> 0;
            case ACCEPTED_IN_PART -> site.strict ? ExitCode.FAILED : 0;
            case REJECTED -> ExitCode.FAILED;
            case SPOOLED -> kept(each);
            case NOT_SENT -> each.problem().map(JiraSubcommand::codeOf).orElse(1);
          };
      worst = worst == 0 ? code : code == 0 ? worst : Math.min(worst, code);
    }
    return worst;
  }

  private int kept(SiteResult result) {
    boolean person =
        result.problem().stream()
            .anyMatch(problem -> problem.kind() != DeliveryException.Kind.UNREACHABLE);
    if (person) {
      return ExitCode.CONFIGURATION;
    }
    return site.strict ? ExitCode.FAILED : 0;
  }

  static ObjectNode json(KeyOptions.Found found, SendResult result) {
    ObjectNode json = json(found);
    ArrayNode sites = json.putArray("sites");
    for (SiteResult each : result.sites()) {
      ObjectNode entry = sites.addObject();
      entry.put("site", each.site());
      entry.put("outcome", each.outcome().name().toLowerCase(Locale.ROOT));
      each.accepted().forEach(entry.putArray("accepted")::add);
      ArrayNode rejected = entry.putArray("rejected");
      for (Rejection rejection : each.rejected()) {
        ObjectNode item = rejected.addObject().put("report", rejection.report());
        rejection.reasons().forEach(item.putArray("reasons")::add);
      }
      each.unknownIssueKeys().forEach(entry.putArray("unknownIssueKeys")::add);
      each.unknownAssociations().forEach(entry.putArray("unknownAssociations")::add);
      each.problem()
          .ifPresent(
              problem ->
                  entry
                      .putObject("problem")
                      .put("kind", problem.kind().name().toLowerCase(Locale.ROOT))
                      .put("message", problem.getMessage()));
    }
    return json;
  }

  static ObjectNode json(KeyOptions.Found found) {
    ObjectNode json = JsonNodeFactory.instance.objectNode();
    FoundKeys keys = found.keys();
    keys.keys().forEach(json.putArray("issueKeys")::add);
    ArrayNode list = json.putArray("found");
    for (FoundKeys.Key key : keys.found()) {
      list.addObject()
          .put("key", key.key())
          .put("source", key.source().word())
          .put("where", key.where());
    }
    json.set("ignored", JsonMapper.shared().valueToTree(keys.ignored()));
    json.set("overLimit", JsonMapper.shared().valueToTree(keys.overLimit()));
    json.set("warnings", JsonMapper.shared().valueToTree(found.warnings()));
    return json;
  }
}
