package dev.onbehalf.delivery;

import static dev.onbehalf.delivery.Shape.dateTime;
import static dev.onbehalf.delivery.Shape.int64;
import static dev.onbehalf.delivery.Shape.list;
import static dev.onbehalf.delivery.Shape.object;
import static dev.onbehalf.delivery.Shape.oneOf;
import static dev.onbehalf.delivery.Shape.optional;
import static dev.onbehalf.delivery.Shape.required;
import static dev.onbehalf.delivery.Shape.text;
import static dev.onbehalf.delivery.Shape.url;

import org.jspecify.annotations.Nullable;
import tools.jackson.databind.JsonNode;

/** The tables of the entities, {@code docs/peer-facts.md} 2.4 to 2.6. */
final class Shapes {
  /** Values one entity may be associated with, over all kinds of association. */
  static final int MAX_ASSOCIATIONS = 500;

  private static final int NAME = 255;
  private static final int URL = 2000;

  private static final Shape ISSUE_KEY =
      text(511, text -> isWireKey(text) ? null : " must be an issue key such as 'ABC-12'.");

  private static final Shape ISSUE_KEYS = list(ISSUE_KEY, 1, MAX_ASSOCIATIONS);

  private static final Shape ASSOCIATION =
      object(
              required(
                  "associationType",
                  oneOf("issueKeys", "issueIdOrKeys", "serviceIdOrKeys", "commit", "repository")),
              required("values", list(anyValue(), 1, MAX_ASSOCIATIONS)))
          .with("values", Shapes::associationFault);

  private static final Shape ASSOCIATIONS =
      list(ASSOCIATION, 1, 5).with("", Shapes::associationSumFault);

  private static final Shape REFERENCE =
      object(
          optional(
              "commit", object(required("id", text(NAME)), required("repositoryUri", url(URL)))),
          optional("ref", object(required("name", text(NAME)), required("uri", url(URL)))));

  static final Shape BUILD =
      object(
              optional("schemaVersion", oneOf("1.0")),
              required("pipelineId", text(NAME)),
              required("buildNumber", int64(0)),
              required("updateSequenceNumber", int64(0)),
              required("displayName", text(NAME)),
              optional("description", text(NAME)),
              optional("label", text(NAME)),
              required("url", url(URL)),
              required("state", oneOf(BuildState.words())),
              required("lastUpdated", dateTime()),
              optional("issueKeys", ISSUE_KEYS),
              optional("associations", ASSOCIATIONS),
              optional(
                  "testInfo",
                  object(
                      required("totalNumber", int64(0)),
                      required("numberPassed", int64(0)),
                      required("numberFailed", int64(0)),
                      optional("numberSkipped", int64(0)))),
              optional("references", list(REFERENCE, 1, 5)))
          .with(
              "issueKeys",
              json -> oneKindOfAssociation(json, "At least one 'issueKeys' is required"));

  static final Shape DEPLOYMENT =
      object(
              optional("schemaVersion", oneOf("1.0")),
              required("deploymentSequenceNumber", int64(0)),
              required("updateSequenceNumber", int64(0)),
              optional("associations", ASSOCIATIONS),
              optional("issueKeys", ISSUE_KEYS),
              required("displayName", text(NAME)),
              required("url", url(URL)),
              required("description", text(NAME)),
              required("lastUpdated", dateTime()),
              optional("label", text(NAME)),
              required("state", oneOf(DeploymentState.words())),
              required(
                  "pipeline",
                  object(
                      required("id", text(NAME)),
                      required("displayName", text(NAME)),
                      required("url", url(URL)))),
              required(
                  "environment",
                  object(
                      required("id", text(NAME)),
                      required("displayName", text(NAME)),
                      required("type", oneOf(EnvironmentType.words())))),
              optional("commands", list(object(required("command", text(NAME))), 1, 10)),
              optional("duration", int64(0)),
              optional("triggeredBy", object(optional("email", text(NAME)))))
          .with(
              "associations",
              json -> oneKindOfAssociation(json, "At least one 'associations' is required"));

  static final Shape REMOTE_LINK =
      object(
          optional("schemaVersion", oneOf("1.0")),
          required("id", text(NAME)),
          required("updateSequenceNumber", int64(0)),
          required("displayName", text(NAME)),
          required("url", url(URL)),
          required("type", oneOf(RemoteLink.Type.words())),
          optional("description", text(NAME)),
          required("lastUpdated", dateTime()),
          required("associations", list(ASSOCIATION, 1, 2).with("", Shapes::associationSumFault)),
          optional(
              "status",
              object(
                  required("appearance", oneOf(RemoteLink.Appearance.words())),
                  required("label", text(NAME)))),
          optional("actionIds", list(text(NAME), 0, 10)),
          optional("attributeMap", Shape.properties(100, NAME)));

  private static final Shape AUTHOR =
      object(
          optional("email", text(NAME)),
          optional("name", text(NAME)),
          optional("username", text(NAME)),
          optional("url", url(URL)),
          optional("avatar", url(URL)));

  static final Shape COMMIT =
      object(
          required("id", text(1024)),
          required("issueKeys", ISSUE_KEYS),
          required("updateSequenceId", int64(0)),
          optional("hash", text(NAME)),
          optional("flags", list(oneOf("MERGE_COMMIT"), 0, 1)),
          required("message", text(1024)),
          required("author", AUTHOR),
          required("fileCount", int64(0)),
          required("url", url(URL)),
          required("authorTimestamp", dateTime()),
          required("displayId", text(NAME)),
          optional(
              "files",
              list(
                  object(
                      required("path", text(1024)),
                      required("url", url(URL)),
                      required(
                          "changeType",
                          oneOf("ADDED", "COPIED", "DELETED", "MODIFIED", "MOVED", "UNKNOWN")),
                      required("linesAdded", int64(0)),
                      required("linesRemoved", int64(0))),
                  0,
                  10)));

  static final Shape BRANCH =
      object(
          required("id", text(1024)),
          required("issueKeys", ISSUE_KEYS),
          required("updateSequenceId", int64(0)),
          required("name", text(512)),
          required("lastCommit", COMMIT),
          optional("createPullRequestUrl", url(URL)),
          required("url", url(URL)));

  static final Shape PULL_REQUEST =
      object(
          required("id", text(1024)),
          required("issueKeys", ISSUE_KEYS),
          required("updateSequenceId", int64(0)),
          required("status", oneOf(PullRequest.Status.words())),
          required("title", text(1024)),
          required("author", AUTHOR),
          required("commentCount", int64(0)),
          required("sourceBranch", text(NAME)),
          optional("sourceBranchUrl", url(URL)),
          required("lastUpdate", dateTime()),
          optional("destinationBranch", text(NAME)),
          optional("destinationBranchUrl", url(URL)),
          optional(
              "reviewers",
              list(
                  object(
                      optional("approvalStatus", oneOf("APPROVED", "UNAPPROVED")),
                      optional("accountId", text(128)),
                      optional("email", text(NAME)),
                      optional("name", text(NAME))),
                  0,
                  50)),
          required("url", url(URL)),
          required("displayId", text(NAME)));

  static final Shape REPOSITORY =
      object(
          required("id", text(1024, Shapes::repositoryIdFault)),
          required("name", text(NAME)),
          optional("description", text(1024)),
          optional("forkOf", text(1024)),
          required("url", url(URL)),
          optional("avatar", url(URL)),
          required("updateSequenceId", int64(0)),
          optional("commits", list(COMMIT, 0, 400)),
          optional("branches", list(BRANCH, 0, 400)),
          optional("pullRequests", list(PULL_REQUEST, 0, 400)));

  private Shapes() {}

  private static Shape anyValue() {
    return object().orText(NAME * 2 + 1);
  }

  private static @Nullable String associationFault(JsonNode association) {
    String type = association.path("associationType").asString();
    for (JsonNode value : association.path("values")) {
      Shape shape =
          switch (type) {
            case "issueKeys" -> ISSUE_KEY;
            case "issueIdOrKeys" ->
                text(
                    511,
                    text ->
                        isWireKey(text) || isIssueId(text)
                            ? null
                            : " must be an issue key or a numeric issue id.");
            case "serviceIdOrKeys" -> text(NAME);
            case "commit" ->
                object(required("commitHash", text(NAME)), required("repositoryId", text(NAME)));
            default -> object(required("repositoryId", text(NAME)));
          };
      var wrong = shape.violations(value);
      if (!wrong.isEmpty()) {
        return "A value of the association '" + type + "': " + wrong.get(0).message();
      }
    }
    return null;
  }

  private static @Nullable String associationSumFault(JsonNode associations) {
    int sum = 0;
    for (JsonNode association : associations) {
      sum += association.path("values").size();
    }
    return sum <= MAX_ASSOCIATIONS
        ? null
        : ("Sum of Association values across all association types can have a maximum of %d"
                + " elements. Found %d.")
            .formatted(MAX_ASSOCIATIONS, sum);
  }

  private static @Nullable String oneKindOfAssociation(JsonNode json, String none) {
    boolean keys = Shape.present(json, "issueKeys").isPresent();
    boolean associations = Shape.present(json, "associations").isPresent();
    if (keys && associations) {
      return "'issueKeys' and 'associations' must not both be given.";
    }
    return keys || associations ? null : none;
  }

  private static @Nullable String repositoryIdFault(String id) {
    boolean plain =
        id.chars()
            .allMatch(c -> isAsciiAlphanumeric(c) || c == '~' || c == '.' || c == '-' || c == '_');
    return plain ? null : " may hold only ASCII letters, digits and '~.-_'.";
  }

  /** 1 to 255 word characters, a hyphen, 1 to 255 digits: wider than what the extraction finds. */
  private static boolean isWireKey(String text) {
    int hyphen = text.lastIndexOf('-');
    int digits = text.length() - hyphen - 1;
    return hyphen >= 1
        && hyphen <= 255
        && digits >= 1
        && digits <= 255
        && text.chars().limit(hyphen).allMatch(c -> c == '_' || isAsciiAlphanumeric(c))
        && text.chars().skip(hyphen + 1L).allMatch(c -> c >= '0' && c <= '9');
  }

  private static boolean isAsciiAlphanumeric(int c) {
    return (c >= '0' && c <= '9') || (c >= 'A' && c <= 'Z') || (c >= 'a' && c <= 'z');
  }

  private static boolean isIssueId(String text) {
    return text.length() <= 19 && text.chars().allMatch(c -> c >= '0' && c <= '9');
  }
}
