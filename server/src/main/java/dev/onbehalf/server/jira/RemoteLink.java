package dev.onbehalf.server.jira;

import dev.onbehalf.server.config.PublicUrl;
import dev.onbehalf.server.receive.IssueChanges.Target;
import dev.onbehalf.server.receive.Latest;
import dev.onbehalf.server.receive.Tone;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.JsonNodeFactory;
import tools.jackson.databind.node.ObjectNode;

/**
 * What a link of an issue shows: the latest build of a pipeline, or the latest deployment to an
 * environment; {@code docs/peer-facts.md} 2.9. Fields that are left out would be emptied by an
 * update, so all are always there.
 */
final class RemoteLink {
  static final int LONGEST_TITLE = 255;

  private static final int LONGEST_SUMMARY = 255;
  private static final Set<String> FAILED = Set.of("failed");
  private static final Set<String> OVER = Set.of("cancelled", "rolled_back");

  private final Latest latest;
  private final PublicUrl site;
  private final Target target;

  RemoteLink(Latest latest, PublicUrl site, Target target) {
    this.latest = latest;
    this.site = site;
    this.target = target;
  }

  /** Returns what identifies a link in its issue, whatever it shows. */
  static String globalId(String installation, Target target) {
    return "onbehalf=" + installation + "&id=" + target.target();
  }

  boolean failed() {
    return FAILED.contains(state());
  }

  boolean succeeded() {
    return state().equals("successful");
  }

  private String state() {
    return text("/state");
  }

  private String text(String place) {
    JsonNode value = latest.document().at(place);
    return value.isString() ? value.stringValue() : "";
  }

  String title() {
    String title =
        latest.deployment()
            ? text("/environment/displayName") + ": " + text("/displayName")
            : text("/displayName");
    return Texts.plain(title, LONGEST_TITLE);
  }

  private String summary() {
    List<String> parts = new ArrayList<>();
    parts.add(state().replace('_', ' '));
    JsonNode tests = latest.document().path("testInfo");
    if (tests.isObject()) {
      parts.add(
          "%d of %d tests passed, %d failed"
              .formatted(
                  tests.path("numberPassed").asLong(0),
                  tests.path("totalNumber").asLong(0),
                  tests.path("numberFailed").asLong(0)));
    }
    String type = text("/environment/type");
    if (!type.isEmpty() && !type.equals("unmapped")) {
      parts.add(type);
    }
    parts.add(text("/description"));
    parts.removeIf(String::isBlank);
    return Texts.plain(String.join("; ", parts), LONGEST_SUMMARY);
  }

  /** The sender's address; it was held to http and https when it came. */
  private String url() {
    String url = text("/url");
    return url.matches("(?i)https?://.*") ? url : site.with("/issues/" + target.issueKey());
  }

  ObjectNode json(String globalId) {
    ObjectNode link = JsonNodeFactory.instance.objectNode().put("globalId", globalId);
    link.putObject("application").put("type", "dev.onbehalf").put("name", "Builds and deployments");
    link.put("relationship", latest.deployment() ? "deployed to" : "built by");
    ObjectNode object =
        link.putObject("object").put("url", url()).put("title", title()).put("summary", summary());
    object
        .putObject("icon")
        .put("url16x16", Icons.url(site, latest.deployment() ? "deployment" : "build"))
        .put("title", latest.deployment() ? "Deployment" : "Build");
    ObjectNode status = object.putObject("status").put("resolved", OVER.contains(state()));
    status
        .putObject("icon")
        .put("url16x16", Icons.url(site, Tone.of(state())))
        .put("title", state().replace('_', ' '))
        .put("link", url());
    return link;
  }

  /** The comment that says that it fails. */
  ObjectNode comment() {
    String text =
        (latest.deployment() ? "Deployment failed: " : "Build failed: ")
            + Texts.unmarked(title())
            + "\n"
            + Texts.unmarkedUrl(url());
    return JsonNodeFactory.instance.objectNode().put("body", text);
  }
}
