package dev.onbehalf.server.receive;

import dev.onbehalf.delivery.DataType;
import java.util.List;
import java.util.Optional;

/**
 * What the one endpoint must know of a kind of data beyond {@link DataType}: another kind is
 * another line here. Follows {@code spec/jira-cicd.md} sections 2.4 and 2.8.
 *
 * @param type schema, identity and answer
 * @param steps what stands before each part of the identity in paths
 * @param noneKnown why an entity is rejected none of whose associations is known
 * @param mostEntities how many entities one request may bring
 */
record Kind(DataType type, List<String> steps, String noneKnown, int mostEntities) {
  private static final int MOST = 1_000;

  static final List<Kind> ALL =
      List.of(
          new Kind(
              DataType.BUILDS,
              List.of("pipelines", "builds"),
              "No valid issues found for build",
              MOST),
          new Kind(
              DataType.DEPLOYMENTS,
              List.of("pipelines", "environments", "deployments"),
              "No valid associations found for deployment",
              MOST),
          new Kind(
              DataType.REMOTE_LINKS,
              List.of("remotelink"),
              "No valid associations found for remote link",
              MOST));

  /** The base of its paths, without what names the site. */
  String path() {
    return "/jira/" + type.cloudPath() + "/cloud/";
  }

  /** Returns the identity that an operation's decoded path names; empty where it names none. */
  Optional<List<String>> identity(List<String> path) {
    if (path.size() != 2 * steps.size()) {
      return Optional.empty();
    }
    for (int i = 0; i < steps.size(); i++) {
      if (!path.get(2 * i).equals(steps.get(i))) {
        return Optional.empty();
      }
    }
    return Optional.of(
        java.util.stream.IntStream.range(0, steps.size())
            .mapToObj(i -> path.get(2 * i + 1))
            .toList());
  }
}
