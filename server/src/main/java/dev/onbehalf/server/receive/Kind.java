package dev.onbehalf.server.receive;

import dev.onbehalf.delivery.DataType;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.stream.IntStream;
import org.jspecify.annotations.Nullable;

/**
 * What the one endpoint must know of a kind of data beyond {@link DataType}: another kind is
 * another line here. Follows {@code docs/peer-facts.md} 2.2 and 2.7.
 *
 * @param type schema, identity and answer
 * @param sitePath the base of its paths at a site itself
 * @param steps what stands before each part of the identity in paths
 * @param noneKnown why an entity is rejected none of whose associations is known
 * @param mostEntities how many entities one request may bring
 * @param facets where stands what it can be looked for by; null where nothing is
 */
record Kind(
    DataType type,
    String sitePath,
    List<String> steps,
    String noneKnown,
    int mostEntities,
    Facets.@Nullable Paths facets) {
  private static final int MOST = 1_000;

  static final List<Kind> ALL =
      List.of(
          new Kind(
              DataType.BUILDS,
              "/rest/builds/0.1/",
              List.of("pipelines", "builds"),
              "No valid issues found for build",
              MOST,
              new Facets.Paths("/pipelineId", null, false, "/buildNumber")),
          new Kind(
              DataType.DEPLOYMENTS,
              "/rest/deployments/0.1/",
              List.of("pipelines", "environments", "deployments"),
              "No valid associations found for deployment",
              MOST,
              new Facets.Paths(
                  "/pipeline/id", "/pipeline/displayName", true, "/deploymentSequenceNumber")),
          new Kind(
              DataType.REMOTE_LINKS,
              "/rest/remotelinks/1.0/",
              List.of("remotelink"),
              "No valid associations found for remote link",
              MOST,
              null),
          new Kind(
              DataType.DEVELOPMENT_INFORMATION,
              "/rest/devinfo/0.10/",
              List.of("repository"),
              "No valid issues found for repository",
              100,
              null));

  /** How many items the lists within the entities of one request may hold together. */
  static final int MOST_ITEMS = 1_000;

  /** How many items one list within an entity may hold. */
  static final int MOST_ITEMS_OF_A_LIST = 400;

  /** The base of its paths behind the API host, without what names the site. */
  String cloudPath() {
    return "/jira/" + type.cloudPath() + "/cloud/";
  }

  /** Why an entity, or a part of one, is rejected none of whose issues is known. */
  String noneKnown(DataType.@Nullable Part part) {
    return part == null ? noneKnown : "No valid issues found for " + part.name().replace('_', ' ');
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
        IntStream.range(0, steps.size()).mapToObj(i -> path.get(2 * i + 1)).toList());
  }

  /** Returns what a path names that goes one list deeper than an entity. */
  Optional<Item> item(List<String> path) {
    int depth = 2 * steps.size();
    if (path.size() != depth + 2) {
      return Optional.empty();
    }
    Optional<List<String>> parent = identity(path.subList(0, depth));
    Optional<DataType.Part> part =
        type.parts().stream().filter(each -> each.name().equals(path.get(depth))).findFirst();
    return parent.isEmpty() || part.isEmpty()
        ? Optional.empty()
        : Optional.of(new Item(part.get(), within(parent.get(), path.get(depth + 1))));
  }

  /** Returns the identity of an item of an entity. */
  static List<String> within(List<String> parent, String id) {
    List<String> identity = new ArrayList<>(parent);
    identity.add(id);
    return identity;
  }

  /** An item of a list within an entity, by its identity. */
  record Item(DataType.Part part, List<String> identity) {}
}
